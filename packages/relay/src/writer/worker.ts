// The thread that holds documents: merging and reading one of 10,000 couples takes long enough to be felt on a socket.
import { parentPort } from 'node:worker_threads';
import { createTaskRunner, type Task } from './tasks.ts';

/** A message to the worker, answered under the same number. */
export type TaskMessage = { readonly id: number; readonly task: Task };
export type AnswerMessage =
  | { readonly id: number; readonly ok: true; readonly answer: unknown }
  | { readonly id: number; readonly ok: false; readonly message: string };

const MAX_DOCUMENTS = 32;

const port = parentPort;
if (port === null) throw new Error('runs as a worker thread only');
const run = createTaskRunner(MAX_DOCUMENTS);

port.on('message', ({ id, task }: TaskMessage) => {
  const post = (answer: AnswerMessage) => port.postMessage(answer);
  try {
    post({ id, ok: true, answer: run(task) });
  } catch (error) {
    // Whatever state the document is in now, it is not the log's.
    run({ task: 'drop', documentId: task.documentId });
    post({ id, ok: false, message: error instanceof Error ? error.message : 'failed' });
  }
});
