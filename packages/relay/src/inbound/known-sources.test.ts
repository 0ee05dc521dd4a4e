import { describe, expect, it } from 'vitest';
import { createKnownSources } from './known-sources.ts';

function createTestSources(...there: string[]) {
  const calls: (readonly string[])[] = [];
  const timers: (() => void)[] = [];
  const database = { isAway: false };
  const sources = createKnownSources({
    rpc: async (_, { p_ids }) => {
      calls.push(p_ids as readonly string[]);
      if (database.isAway) throw new Error('away');
      return JSON.stringify(there.filter((id) => p_ids?.includes(id)));
    },
    schedule: (_, callback) => void timers.push(callback),
  });
  return { sources, calls, database, rested: () => timers.shift()?.() };
}

describe('SEC-4 addresses that somebody made up', () => {
  it('cost one call now and then, however many they are', async () => {
    const { sources, calls, rested } = createTestSources();
    expect(await sources.has('a')).toBe(false);
    const answers = Promise.all(Array.from({ length: 2_500 }, (_, at) => sources.has(`made-up-${at}`)));
    expect(calls).toHaveLength(1);
    for (let i = 0; i < 3; i++) {
      rested();
      // Until the call is answered, and the next one may be made.
      await new Promise(setImmediate);
    }
    expect(new Set(await answers)).toEqual(new Set([false]));
    expect(calls.map(({ length }) => length)).toEqual([1, 1_000, 1_000, 500]);
  });

  it('do not hold up a source that was found before', async () => {
    const { sources, calls } = createTestSources('real');
    expect(await sources.has('real')).toBe(true);
    void sources.has('made-up');
    expect(await sources.has('real')).toBe(true);
    expect(calls).toEqual([['real']]);
  });

  it('are asked about once while the answer is on its way, and again after a failure', async () => {
    const { sources, calls, database, rested } = createTestSources('real');
    database.isAway = true;
    await expect(Promise.all([sources.has('real'), sources.has('real')])).rejects.toThrow('away');
    database.isAway = false;
    const again = sources.has('real');
    rested();
    expect(await again).toBe(true);
    expect(calls).toEqual([['real'], ['real']]);
  });
});
