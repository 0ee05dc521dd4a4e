// The thread that runs merge tasks. It keeps nothing between tasks.
import { parentPort } from 'node:worker_threads';
import { type MergeResult, type MergeTask, runMergeTask } from './tasks.ts';

export interface MergeRequest {
  readonly id: number;
  readonly task: MergeTask;
}

export type MergeReply =
  | { readonly id: number; readonly result: MergeResult }
  | { readonly id: number; readonly failure: string };

const NOTHING = new Uint8Array(0);

function reply(message: MergeReply): void {
  const { buffer, byteLength } = 'result' in message && message.result.ok ? message.result.update : NOTHING;
  // Only a buffer that the update fills alone is handed over; a shared one is copied.
  const isOwn = buffer instanceof ArrayBuffer && byteLength > 0 && buffer.byteLength === byteLength;
  parentPort?.postMessage(message, isOwn ? [buffer] : []);
}

parentPort?.on('message', ({ id, task }: MergeRequest) => {
  try {
    reply({ id, result: runMergeTask(task) });
  } catch (error) {
    // Bytes that were checked before they were stored do not throw; if they do, the one who asked must know.
    reply({ id, failure: error instanceof Error ? error.message : String(error) });
  }
});
