// The relay's side of the merge thread: started at the first task, one task at a time, restarted after a crash.
import { Worker } from 'node:worker_threads';
import type { MergeResult, MergeTask } from './tasks.ts';
import type { MergeReply, MergeRequest } from './worker.ts';

export interface MergePool {
  /**
   * Runs a task in the thread. The bytes of the task are copied, the caller keeps its own.
   * Rejects when the task threw, the thread died or the pool was closed.
   */
  run(task: MergeTask): Promise<MergeResult>;
  /** Ends the thread; what is running is rejected. Idempotent. */
  close(): Promise<void>;
}

interface Waiting {
  readonly done: (result: MergeResult) => void;
  readonly fail: (error: Error) => void;
}

export function createMergePool(): MergePool {
  const waiting = new Map<number, Waiting>();
  let worker: Worker | undefined;
  let nextId = 1;
  let isClosed = false;

  function failAll(error: Error): void {
    const all = [...waiting.values()];
    waiting.clear();
    for (const { fail } of all) fail(error);
  }

  function start(): Worker {
    const started = new Worker(new URL('./worker.ts', import.meta.url), { name: 'merge' });
    // An idle thread never keeps the relay from ending.
    started.unref();
    started.on('message', (reply: MergeReply) => {
      const asked = waiting.get(reply.id);
      waiting.delete(reply.id);
      if ('result' in reply) asked?.done(reply.result);
      else asked?.fail(new Error(`merge task failed: ${reply.failure}`));
    });
    const onEnd = (error: Error) => {
      if (worker !== started) return;
      worker = undefined;
      failAll(error);
    };
    started.on('error', onEnd);
    started.on('exit', (code) => onEnd(new Error(`merge thread ended with ${code}`)));
    return started;
  }

  return {
    run(task) {
      if (isClosed) return Promise.reject(new Error('merge pool is closed'));
      worker ??= start();
      const id = nextId;
      nextId += 1;
      const request: MergeRequest = { id, task: copyTask(task) };
      const own = transferOf(request.task);
      worker.postMessage(request, own);
      return new Promise((done, fail) => waiting.set(id, { done, fail }));
    },
    async close() {
      isClosed = true;
      const ending = worker;
      worker = undefined;
      failAll(new Error('merge pool is closed'));
      await ending?.terminate();
    },
  };
}

/** Own buffers: a view would drag the whole buffer beneath it (a room's tail) across to the thread. */
function copyTask(task: MergeTask): MergeTask {
  // Not `slice`, which on a Buffer is one more view.
  const snapshot = task.snapshot === undefined ? undefined : new Uint8Array(task.snapshot);
  const bytes = { snapshot, updates: task.updates.map((update) => new Uint8Array(update)) };
  return task.type === 'diff'
    ? { ...task, ...bytes, stateVector: new Uint8Array(task.stateVector) }
    : { ...task, ...bytes };
}

function transferOf(task: MergeTask): ArrayBuffer[] {
  const views = task.snapshot === undefined ? task.updates : [task.snapshot, ...task.updates];
  return views.map(({ buffer }) => buffer as ArrayBuffer);
}
