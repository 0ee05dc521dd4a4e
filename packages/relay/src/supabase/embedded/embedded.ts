// The relay's side of the embedded Supabase: starts its thread, and is to supabase-js what `fetch` is elsewhere.
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { AppError } from '@wedsync/shared';
import { type EmbeddedSecrets, lockDataDir, prepareDataDir, readSecrets } from './data-dir.ts';
import type { FromWorker, PortResponse, ToWorker } from './port.ts';

export type EmbeddedSupabase = {
  /** Any address; only the path counts. Never rejects for an answer of the database, only when the thread is gone. */
  fetch(request: Request): Promise<Response>;
  readonly secrets: EmbeddedSecrets;
  close(): Promise<void>;
};

export type EmbeddedOptions = {
  dataDir: string;
  supabaseDir?: string;
  onProgress: (line: string) => void;
  /** The thread ended by itself: nothing can be stored any more. */
  onCrash: (error: Error) => void;
};

const defaultSupabaseDir = join(import.meta.dirname, '../../../../../supabase');

/** Opens the data folder and boots the database in its thread. Owner closes it. */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedSupabase> {
  prepareDataDir(options.dataDir);
  const unlock = lockDataDir(options.dataDir);
  try {
    const secrets = readSecrets(options.dataDir);
    const thread = await startThread(options, secrets);
    return {
      secrets,
      fetch: thread.fetch,
      async close() {
        await thread.close();
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}

type Thread = { fetch(request: Request): Promise<Response>; close(): Promise<void> };

function startThread(options: EmbeddedOptions, secrets: EmbeddedSecrets): Promise<Thread> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    // The library logs database errors with their parameters: its output goes nowhere.
    stdout: true,
    stderr: true,
    workerData: { dataDir: options.dataDir, secrets, supabaseDir: options.supabaseDir ?? defaultSupabaseDir },
  });
  worker.stdout.resume();
  worker.stderr.resume();
  const waiting = new Map<number, { done(response: PortResponse): void; fail(error: Error): void }>();
  let nextId = 1;
  let state: 'starting' | 'ready' | 'closing' | 'ended' = 'starting';
  const post = (message: ToWorker) => worker.postMessage(message);

  const failAll = (error: Error) => {
    for (const { fail } of waiting.values()) fail(error);
    waiting.clear();
  };

  async function fetch(request: Request): Promise<Response> {
    if (state !== 'ready')
      throw new AppError('storage-unavailable', { message: 'the embedded database is not open' });
    const body = request.method === 'GET' || request.method === 'HEAD' ? null : await request.text();
    const id = nextId++;
    const answer = await new Promise<PortResponse>((done, fail) => {
      waiting.set(id, { done, fail });
      post({
        type: 'request',
        id,
        url: request.url,
        method: request.method,
        headers: [...request.headers],
        body,
      });
    });
    const hasBody = answer.status !== 204 && answer.status !== 304;
    return new Response(hasBody ? answer.body : null, { status: answer.status, headers: answer.headers });
  }

  async function close(): Promise<void> {
    if (state === 'ended') return;
    state = 'closing';
    const ended = new Promise<void>((done) => worker.once('exit', () => done()));
    post({ type: 'close' });
    await ended;
    state = 'ended';
  }

  return new Promise((ready, fail) => {
    worker.on('message', (message: FromWorker) => {
      if (message.type === 'progress') options.onProgress(message.line);
      if (message.type === 'ready') {
        state = 'ready';
        ready({ fetch, close });
      }
      if (message.type === 'boot-failed') {
        fail(
          new AppError('bad-config', {
            message: `The embedded database could not be opened: ${message.message}`,
          }),
        );
      }
      if (message.type === 'response') {
        waiting.get(message.id)?.done(message);
        waiting.delete(message.id);
      }
      if (message.type === 'failed') {
        waiting.get(message.id)?.fail(new AppError('storage-unavailable', { message: message.message }));
        waiting.delete(message.id);
      }
    });
    const onEnd = (error: Error) => {
      const wasReady = state === 'ready';
      if (state !== 'closing') state = 'ended';
      failAll(new AppError('storage-unavailable', { message: 'the embedded database ended', cause: error }));
      fail(error);
      if (wasReady) options.onCrash(error);
    };
    worker.once('error', onEnd);
    worker.once('exit', (code) => onEnd(new Error(`the thread of the embedded database ended with ${code}`)));
  });
}
