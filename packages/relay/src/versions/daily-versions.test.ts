import { AppError } from '@wedsync/shared';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { createDailyVersions } from './daily-versions.ts';
import type { NewVersion } from './version-store.ts';

const settle = () => new Promise((done) => setImmediate(done));

function open(due: () => string[], capture: (listId: string) => void = () => undefined) {
  const kept: NewVersion[] = [];
  const failed: unknown[] = [];
  const asked: string[] = [];
  const timers: { ms: number; run: () => void }[] = [];
  const daily = createDailyVersions({
    versions: {
      due: async (limit, after) => {
        asked.push(after);
        return due()
          .filter((listId) => listId > after)
          .slice(0, limit);
      },
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
    log: Object.assign(pino({ enabled: false }), { warn: (context: unknown) => failed.push(context) }),
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
    while (timers.length === 0) await settle();
  };
  return { daily, kept, failed, asked, timers, tick };
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
      return ['l_a_broken', 'l_b'];
    };
    const { kept, tick } = open(due, (listId) => {
      if (listId === 'l_a_broken') throw new AppError('load-failed');
    });
    await tick();
    expect(kept).toEqual([]);
    isAway = false;
    await tick();
    expect(kept.map(({ listId }) => listId)).toEqual(['l_b']);
  });

  it('lists that cannot be read, however many, are told once a round and keep no others waiting', async () => {
    const lists = Array.from({ length: 173 }, (_, n) => `l_${String(n).padStart(3, '0')}`);
    const broken = lists.slice(0, 120);
    const done = new Set<string>();
    const { kept, failed, asked, tick } = open(
      () => lists.filter((listId) => !done.has(listId)),
      (listId) => {
        if (broken.includes(listId)) throw new AppError('load-failed');
        done.add(listId);
      },
    );
    await tick();
    expect(kept.map(({ listId }) => listId)).toEqual(lists.slice(120));
    expect(failed).toMatchObject(broken.map((listId) => ({ listId })));
    expect(asked).toEqual(['', 'l_049', 'l_099', 'l_149', 'l_172']);
    await tick();
    expect([kept.length, failed.length]).toEqual([53, 240]);
  });

  it('closed in the middle of a round it ends with the list it is at, and asks for no more', async () => {
    let closing: Promise<void> | undefined;
    const { daily, kept, asked, timers } = open(
      () => ['l_a', 'l_b'],
      () => {
        closing = daily.close();
      },
    );
    timers.shift()?.run();
    await settle();
    await closing;
    expect([kept.length, asked, timers.length]).toEqual([1, [''], 0]);
  });

  it('once closed it begins nothing', async () => {
    const { daily, timers } = open(() => ['l_a']);
    await daily.close();
    expect(timers).toEqual([]);
  });
});
