// The main thread's side of the document worker: tasks out, answers in. A worker that ended is started anew with the
// next task; what it knew is read from the log again.
import { Worker } from 'node:worker_threads';
import { AppError } from '@wedsync/shared';
import type { Answers, Task } from './tasks.ts';
import type { AnswerMessage, TaskMessage } from './worker.ts';

export interface DocumentThread {
  /** Rejects with a retryable `internal` when the worker failed at it; the document is then not loaded. */
  run<T extends Task>(task: T): Promise<Answers[T['task']]>;
  close(): Promise<void>;
}

type Waiting = { done(answer: unknown): void; fail(error: AppError): void };

/** @param onCrash told when the worker ended by itself */
export function createDocumentThread(onCrash: (error: unknown) => void): DocumentThread {
  const waiting = new Map<number, Waiting>();
  let worker: Worker | undefined;
  let nextId = 1;
  let isClosed = false;

  function failAll(cause: unknown): void {
    const failed = [...waiting.values()];
    waiting.clear();
    for (const { fail } of failed)
      fail(new AppError('internal', { message: 'the document worker ended', cause }));
  }

  function start(): Worker {
    const started = new Worker(new URL('./worker.ts', import.meta.url));
    started.on('message', (message: AnswerMessage) => {
      const entry = waiting.get(message.id);
      waiting.delete(message.id);
      if (message.ok) entry?.done(message.answer);
      else entry?.fail(new AppError('internal', { message: `document worker: ${message.message}` }));
    });
    const ended = (cause: unknown) => {
      if (worker !== started) return;
      worker = undefined;
      failAll(cause);
      if (!isClosed) onCrash(cause);
    };
    started.on('error', ended);
    started.on('exit', (code) => ended(new Error(`exit ${code}`)));
    return started;
  }

  return {
    run<T extends Task>(task: T) {
      if (isClosed) return Promise.reject(new AppError('closed'));
      worker ??= start();
      const id = nextId++;
      const message: TaskMessage = { id, task };
      worker.postMessage(message);
      return new Promise<Answers[T['task']]>((done, fail) => {
        waiting.set(id, { done: (answer) => done(answer as Answers[T['task']]), fail });
      });
    },
    async close() {
      isClosed = true;
      const open = worker;
      worker = undefined;
      failAll(new Error('closed'));
      await open?.terminate();
    },
  };
}
