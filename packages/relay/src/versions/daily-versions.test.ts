import { AppError } from '@wedsync/shared';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { createDailyVersions } from './daily-versions.ts';
import type { NewVersion } from './version-store.ts';

const settle = () => new Promise((done) => setImmediate(done));

function open(due: () => string[], capture: (listId: string) => void = () => undefined) {
  const kept: NewVersion[] = [];
  const timers: { ms: number; run: () => void }[] = [];
  const daily = createDailyVersions({
    versions: {
      due: async () => due(),
      put: async (version) => {
        kept.push(version);
        return '1';
      },
    },
    writer: {
      capture: async (listId) => {
        capture(listId);
        return { seq: 3, content: Uint8Array.of(1), records: 2 };
      },
    },
    log: pino({ enabled: false }),
    schedule(ms, run) {
      const timer = { ms, run };
      timers.push(timer);
      return () => {
        timers.splice(timers.indexOf(timer), 1);
      };
    },
  });
  const tick = async () => {
    timers.shift()?.run();
    await settle();
  };
  return { daily, kept, timers, tick };
}

describe('RELAY-9 daily versions', () => {
  it('keeps one of every list that is due, in nobody’s name, again and again', async () => {
    const { kept, timers, tick } = open(() => ['l_a', 'l_b']);
    await tick();
    expect(kept.map(({ listId, kind, by }) => [listId, kind, by])).toEqual([
      ['l_a', 'daily', ''],
      ['l_b', 'daily', ''],
    ]);
    await tick();
    expect([kept.length, timers.length]).toEqual([4, 1]);
  });

  it('a list that cannot be read, or a database that is away, stops nothing for good', async () => {
    let isAway = true;
    const due = () => {
      if (isAway) throw new AppError('storage-unavailable');
      return ['l_broken', 'l_b'];
    };
    const { kept, tick } = open(due, (listId) => {
      if (listId === 'l_broken') throw new AppError('load-failed');
    });
    await tick();
    expect(kept).toEqual([]);
    isAway = false;
    await tick();
    expect(kept.map(({ listId }) => listId)).toEqual(['l_b']);
  });

  it('once closed it begins nothing', async () => {
    const { daily, timers } = open(() => ['l_a']);
    await daily.close();
    expect(timers).toEqual([]);
  });
});
