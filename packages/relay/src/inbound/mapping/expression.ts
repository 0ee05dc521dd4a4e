// Runs the JSONata expressions of sources, one after the other, in a thread with a limit of time and memory.
import { Worker } from 'node:worker_threads';
import { isObject, type Json } from '../adapters/json.ts';
import type { ExpressionAnswer, ExpressionTask } from './expression-worker.ts';

export type Expressed =
  | { readonly ok: true; readonly changes: Json }
  /** `message` is JSONata's own, or `too long`; it may name keys of the payload. */
  | { readonly ok: false; readonly message: string };

export interface ExpressionRunner {
  /** Never rejects. */
  run(expression: string, payload: unknown): Promise<Expressed>;
  close(): Promise<void>;
}

/** Far longer than any honest expression takes on a payload of 1 MB. */
const MAX_MS = 1_000;
/** Starting the thread is not the expression's time. */
const START_MS = 10_000;

export function createExpressionRunner(options: { readonly maxMs?: number } = {}): ExpressionRunner {
  const { maxMs = MAX_MS } = options;
  let worker: Worker | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let nextId = 1;

  async function start(): Promise<Worker> {
    if (worker !== undefined) return worker;
    const started = new Worker(new URL('./expression-worker.ts', import.meta.url), {
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: 64, stackSizeMb: 4 },
    });
    const forget = () => {
      if (worker === started) worker = undefined;
    };
    started.on('exit', forget);
    started.on('error', forget);
    worker = started;
    await ask(started, { expression: '1', payload: null }, START_MS);
    return started;
  }

  function ask(to: Worker, task: Omit<ExpressionTask, 'id'>, ms: number): Promise<ExpressionAnswer> {
    const id = nextId++;
    return new Promise((done) => {
      const end = (answer: ExpressionAnswer) => {
        clearTimeout(timer);
        to.off('message', onMessage);
        to.off('exit', onEnd);
        done(answer);
      };
      const onMessage = (answer: ExpressionAnswer) => {
        if (answer.id === id) end(answer);
      };
      const onEnd = () => end({ id, ok: false, message: 'too much' });
      const timer = setTimeout(() => {
        void to.terminate();
        end({ id, ok: false, message: 'too long' });
      }, ms);
      to.on('message', onMessage);
      to.on('exit', onEnd);
      to.postMessage({ id, ...task } satisfies ExpressionTask);
    });
  }

  async function runNow(expression: string, payload: unknown): Promise<Expressed> {
    const answer = await ask(await start(), { expression, payload }, maxMs);
    if (!answer.ok) return { ok: false, message: answer.message };
    const changes: unknown = JSON.parse(answer.text);
    return isObject(changes) ? { ok: true, changes } : { ok: false, message: 'not an object' };
  }

  return {
    run(expression, payload) {
      const own = last.then(() => runNow(expression, payload));
      last = own;
      return own;
    },
    async close() {
      await last;
      await worker?.terminate();
    },
  };
}
