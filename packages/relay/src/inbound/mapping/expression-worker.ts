// The thread in which a source's JSONata expression runs: whatever it does, the relay goes on, and ends it in time.
import { parentPort } from 'node:worker_threads';
import jsonata from 'jsonata';

export interface ExpressionTask {
  readonly id: number;
  readonly expression: string;
  readonly payload: unknown;
}

export type ExpressionAnswer =
  | { readonly id: number; readonly ok: true; readonly text: string }
  | { readonly id: number; readonly ok: false; readonly message: string };

/** More than any couple has to say. */
const MAX_ANSWER = 64 * 1024;

async function answer({ id, expression, payload }: ExpressionTask): Promise<ExpressionAnswer> {
  try {
    const value: unknown = await jsonata(expression).evaluate(payload);
    const text = JSON.stringify(value ?? {});
    if (text.length > MAX_ANSWER) return { id, ok: false, message: 'too much' };
    return { id, ok: true, text };
  } catch (error) {
    const message = typeof error === 'object' && error !== null && 'message' in error ? error.message : '';
    return { id, ok: false, message: String(message).slice(0, 200) };
  }
}

parentPort?.on('message', (task: ExpressionTask) => {
  void answer(task).then((done) => parentPort?.postMessage(done));
});
