// One run of the thread in which the embedded Supabase lives: from its start to its end, requests by message.
import { Worker } from 'node:worker_threads';
import { AppError, assertNever } from '@wedsync/shared';
import type { EmbeddedSecrets } from './data-dir.ts';
import type { FromWorker, PortResponse, ToWorker } from './port.ts';

export type ThreadOptions = {
  dataDir: string;
  supabaseDir: string;
  secrets: EmbeddedSecrets;
  onProgress: (line: string) => void;
  /** It was open and ended by itself. */
  onCrash: (error: Error) => void;
};

export type Thread = {
  fetch(request: Request): Promise<Response>;
  /** Resolves when the thread is gone. */
  close(): Promise<void>;
};

/** Closing writes what is in memory to the files. A thread that hangs is ended: as safe as a killed process. */
const CLOSE_LIMIT_MS = 5_000;

const gone = (cause: unknown) =>
  new AppError('storage-unavailable', { message: 'the embedded database ended', cause });

/** Resolves when the database is open. Rejects with an Error that says why it could not be opened. */
export function startThread(options: ThreadOptions): Promise<Thread> {
  const { onProgress, onCrash, ...workerOptions } = options;
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    // The library logs database errors with their parameters: its output goes nowhere.
    stdout: true,
    stderr: true,
    workerData: workerOptions,
  });
  worker.stdout.resume();
  worker.stderr.resume();
  const waiting = new Map<number, { done(response: PortResponse): void; fail(error: Error): void }>();
  let nextId = 1;
  let state: 'starting' | 'open' | 'closing' | 'ended' = 'starting';
  let lastWords: Error | undefined;
  const ended = new Promise<void>((done) => worker.once('exit', () => done()));
  const post = (message: ToWorker) => worker.postMessage(message);

  async function fetch(request: Request): Promise<Response> {
    const body = request.method === 'GET' || request.method === 'HEAD' ? null : await request.text();
    if (state !== 'open') throw gone(lastWords);
    const id = nextId++;
    const headers = [...request.headers];
    const answer = await new Promise<PortResponse>((done, fail) => {
      waiting.set(id, { done, fail });
      post({ type: 'request', id, url: request.url, method: request.method, headers, body });
    });
    const hasBody = answer.status !== 204 && answer.status !== 304;
    return new Response(hasBody ? answer.body : null, { status: answer.status, headers: answer.headers });
  }

  async function close(): Promise<void> {
    if (state === 'ended') return;
    state = 'closing';
    post({ type: 'close' });
    const limit = setTimeout(() => void worker.terminate(), CLOSE_LIMIT_MS);
    await ended;
    clearTimeout(limit);
  }

  return new Promise((ready, fail) => {
    const settle = (id: number, act: (caller: NonNullable<ReturnType<typeof waiting.get>>) => void) => {
      const caller = waiting.get(id);
      waiting.delete(id);
      if (caller !== undefined) act(caller);
    };
    worker.on('message', (message: FromWorker) => {
      switch (message.type) {
        case 'progress':
          return onProgress(message.line);
        case 'ready':
          state = 'open';
          return ready({ fetch, close });
        case 'boot-failed':
          return fail(new Error(message.message));
        case 'response':
          return settle(message.id, (caller) => caller.done(message));
        case 'failed':
          return settle(message.id, (caller) => caller.fail(gone(new Error(message.message))));
        case 'fatal':
          lastWords = new Error(message.message);
          return;
        default:
          return assertNever(message);
      }
    });
    const onEnd = (error: Error) => {
      if (state === 'ended') return;
      const wasOpen = state === 'open';
      state = 'ended';
      for (const caller of waiting.values()) caller.fail(gone(error));
      waiting.clear();
      fail(error);
      if (wasOpen) onCrash(error);
    };
    worker.once('error', (error) => onEnd(error instanceof Error ? error : new Error(String(error))));
    worker.once('exit', (code) => onEnd(lastWords ?? new Error(`its thread ended with ${code}`)));
  });
}
