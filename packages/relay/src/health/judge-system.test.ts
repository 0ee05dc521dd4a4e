import { describe, expect, it } from 'vitest';
import { createErrorRate } from './error-rate.ts';
import {
  judgeDisk,
  judgeErrors,
  judgeEventLoop,
  judgeQueues,
  judgeSync,
  type QueueFacts,
} from './judge-system.ts';

const empty: QueueFacts = {
  backlogRows: 0,
  backlogBytes: 0,
  backlogLimitBytes: 1000,
  oldestUnstoredMs: 0,
  inboxWaiting: 0,
  inboxLimit: 100,
  inboxOldestMs: 0,
  projectionBehind: 0,
  projectionLag: 0,
};

describe('HEALTH-1 the parts of the relay', () => {
  it.each<[string, Partial<QueueFacts>, string]>([
    ['nothing waits', {}, 'ok'],
    ['much waits and moves', { inboxWaiting: 90, inboxOldestMs: 900 }, 'ok'],
    ['the inbox is slow', { inboxWaiting: 1, inboxOldestMs: 12_000 }, 'degraded'],
    ['the inbox is stuck', { inboxWaiting: 1, inboxOldestMs: 26_000 }, 'failing'],
    ['the backlog is at its bound', { backlogBytes: 1000 }, 'failing'],
    ['the read model is behind', { projectionBehind: 1, projectionLag: 5_000 }, 'degraded'],
  ])('queues: %s', (_what, facts, state) => {
    expect(judgeQueues({ ...empty, ...facts })).toMatchObject({ state, data: { ...empty, ...facts } });
  });

  it('load, disk and sync', () => {
    expect(judgeDisk(undefined)).toMatchObject({ state: 'unknown', cause: expect.stringContaining('room') });
    expect([20, 300, 2_000].map((ms) => judgeEventLoop(ms, ms).state)).toEqual(['ok', 'degraded', 'failing']);
    expect([2 ** 40, 2 ** 28, 2 ** 20].map((bytes) => judgeDisk(bytes).state)).toEqual([
      'ok',
      'degraded',
      'failing',
    ]);
    const sync = (oldestUnstoredMs: number, lastSyncAt: number | undefined = 5) =>
      judgeSync({ oldestUnstoredMs, lastSyncAt });
    expect([sync(0), sync(11_000), sync(26_000)].map(({ state }) => state)).toEqual([
      'ok',
      'degraded',
      'failing',
    ]);
    expect(sync(0)).toMatchObject({ successAt: 5, data: { at: 5 } });
    expect(judgeSync({ oldestUnstoredMs: 0, lastSyncAt: undefined })).toMatchObject({ state: 'unknown' });
  });

  it('errors: a rate of them, not a few', () => {
    const rate = createErrorRate(() => 1_800_000_000_000);
    const note = (times: number, isError: boolean) => {
      for (let n = 0; n < times; n += 1) rate.note(isError);
    };
    note(2, true);
    expect(judgeErrors(rate)).toMatchObject({
      state: 'ok',
      data: { last5Minutes: { requests: 2, errors: 2 } },
    });
    note(1, true);
    expect(judgeErrors(rate).state).toBe('degraded');
    note(7, true);
    expect(judgeErrors(rate).state).toBe('failing');
    note(2_000, false);
    expect(judgeErrors(rate).state).toBe('ok');
  });
});
