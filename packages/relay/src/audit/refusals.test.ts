import { describe, expect, it } from 'vitest';
import { createRefusalLog } from './refusals.ts';

function createTestLog() {
  const written: unknown[][] = [];
  const errors: unknown[] = [];
  const timers: { ms: number; callback: () => void }[] = [];
  const database = { isAway: false };
  const log = createRefusalLog({
    rpc: async (_, args) => {
      if (database.isAway) throw new Error('away');
      written.push(JSON.parse(String(args.p_rows)) as unknown[]);
      return 'ok';
    },
    schedule(ms, callback) {
      const timer = { ms, callback };
      timers.push(timer);
      return () => void timers.splice(timers.indexOf(timer), 1);
    },
    onError: (error) => errors.push(error),
  });
  return {
    log,
    written,
    errors,
    database,
    due: () => timers.map(({ ms }) => ms),
    /** Lets the only timer ring, and what it began come to an end. */
    async ring() {
      timers[0]?.callback();
      await Promise.resolve();
    },
  };
}
const unknown = { sourceId: '', listId: undefined, reason: 'no-secret' } as const;

describe('HOOK-9 refused webhooks', () => {
  it('a flood is one row with a number', async () => {
    const { log, written, due } = createTestLog();
    for (let i = 0; i < 1000; i++) log.note(unknown);
    log.note({ sourceId: 'src_a', listId: 'l_a', reason: 'no-match' });
    await log.close();
    await log.close();
    expect(written).toHaveLength(1);
    expect(written[0]).toMatchObject([
      { outcome: 'refused', sourceId: null, count: 1000 },
      { outcome: 'refused', sourceId: 'src_a', listId: 'l_a', reason: 'no-match', count: 1 },
    ]);
    expect(due()).toEqual([]);
  });

  it('SEC-4 the first is written soon, those that follow at most every five seconds', async () => {
    const { log, written, due, ring } = createTestLog();
    log.note(unknown);
    expect(due()).toEqual([500]);
    await ring();
    expect(written).toMatchObject([[{ count: 1 }]]);
    for (let i = 0; i < 7; i++) log.note(unknown);
    expect(due()).toEqual([5_000]);
    await ring();
    expect(written).toMatchObject([[{ count: 1 }], [{ count: 7 }]]);
    await ring();
    expect(due()).toEqual([]);
    log.note(unknown);
    expect(due()).toEqual([500]);
  });

  it('what could not be written is reported, and written with the next', async () => {
    const { log, written, errors, database, ring } = createTestLog();
    database.isAway = true;
    log.note(unknown);
    await ring();
    expect(errors).toHaveLength(1);
    database.isAway = false;
    log.note(unknown);
    await ring();
    expect(written).toMatchObject([[{ count: 2 }]]);
  });
});
