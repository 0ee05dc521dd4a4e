// Which addresses belong to a source. Anybody can post to addresses that they made up: those together cost a call now and
// then, however many they are, while a source that was found before is never asked about again.
import type { Rpc } from '../store/rpc.ts';

export interface KnownSources {
  /** Rejects as the call does. */
  has(id: string): Promise<boolean>;
}

/** From one answer to the next question. */
const REST_MS = 250;
const MAX_IDS = 1_000;

type Question = {
  promise: Promise<boolean>;
  resolve: (isKnown: boolean) => void;
  reject: (error: unknown) => void;
};

export function createKnownSources(options: {
  rpc: Rpc;
  schedule: (ms: number, callback: () => void) => void;
}): KnownSources {
  const known = new Set<string>();
  const questions = new Map<string, Question>();
  let isAsking = false;

  async function ask(): Promise<void> {
    const batch = [...questions].slice(0, MAX_IDS);
    for (const [id] of batch) questions.delete(id);
    try {
      const found = new Set(
        JSON.parse(await options.rpc('ws_sources_known', { p_ids: batch.map(([id]) => id) })) as string[],
      );
      for (const id of found) known.add(id);
      for (const [id, { resolve }] of batch) resolve(found.has(id));
    } catch (error) {
      for (const [, { reject }] of batch) reject(error);
    }
    options.schedule(REST_MS, () => {
      isAsking = questions.size > 0;
      if (isAsking) void ask();
    });
  }

  return {
    has(id) {
      if (known.has(id)) return Promise.resolve(true);
      const asked = questions.get(id);
      if (asked !== undefined) return asked.promise;
      const question = Promise.withResolvers<boolean>();
      questions.set(id, question);
      if (!isAsking) {
        isAsking = true;
        void ask();
      }
      return question.promise;
    },
  };
}
