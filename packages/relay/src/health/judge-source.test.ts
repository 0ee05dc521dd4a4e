import { describe, expect, it } from 'vitest';
import { judgeSource, type SourceFacts } from './judge-source.ts';

const now = 1_800_000_000_000;
const HOUR = 3_600_000;

/** A source that got an event an hour ago and applied it. */
const healthy: SourceFacts = {
  id: 'src_a',
  listId: 'l_a',
  name: 'CRM',
  state: 'active',
  lastEventAt: now - HOUR,
  refusedAt: null,
  refusedReason: null,
  lastState: 'applied',
  lastReason: null,
  lastFinishedAt: now - HOUR,
  waiting: 0,
  oldestWaitingAt: null,
  recentCount: 1,
  recentFirstAt: now - HOUR,
};

const judge = (facts: Partial<SourceFacts>) => judgeSource({ ...healthy, ...facts }, now);

describe('HEALTH-1 a source', () => {
  it.each<[string, Partial<SourceFacts>, string, string | undefined]>([
    ['works', {}, 'ok', undefined],
    ['was paused', { state: 'paused' }, 'paused', 'Paused'],
    [
      'never sent anything',
      { lastEventAt: null, lastState: null, lastFinishedAt: null, recentCount: 0, recentFirstAt: null },
      'unknown',
      'Nothing has arrived',
    ],
    ['signs wrong', { refusedAt: now - 1000, refusedReason: 'no-match' }, 'failing', 'signature'],
    ['has a wrong clock', { refusedAt: now - 1000, refusedReason: 'outside-window' }, 'failing', 'time'],
    ['signed wrong before its last event', { refusedAt: now - 2 * HOUR }, 'ok', undefined],
    [
      'was tried by a stranger long ago',
      { lastEventAt: now - 9 * HOUR, refusedAt: now - 8 * HOUR },
      'ok',
      undefined,
    ],
    ['sends what nobody understands', { lastState: 'quarantined' }, 'degraded', 'understood'],
    ['sends what cannot be applied', { lastState: 'failed' }, 'failing', 'applied'],
    ['waits', { waiting: 3, oldestWaitingAt: now - 90_000 }, 'failing', 'not applied'],
    ['waits for a moment', { waiting: 3, oldestWaitingAt: now - 5_000 }, 'ok', undefined],
  ])('%s', (_what, facts, state, cause) => {
    const reading = judge(facts);
    expect(reading).toMatchObject({ state, isCertain: true });
    if (cause === undefined) expect(reading.cause).toBeUndefined();
    else expect(reading.cause).toContain(cause);
    if (state === 'failing') expect(reading.fix).not.toBe('');
  });

  it('silence counts only where something usually comes: nothing happened is not nothing arrives', () => {
    const hourly = { recentCount: 50, recentFirstAt: now - 79 * HOUR };
    expect(judge({ ...hourly, lastEventAt: now - 30 * HOUR })).toMatchObject({ state: 'degraded' });
    expect(judge({ ...hourly, lastEventAt: now - 20 * HOUR })).toMatchObject({ state: 'ok' });
    expect(
      judge({ recentCount: 2, recentFirstAt: now - 101 * HOUR, lastEventAt: now - 100 * HOUR }),
    ).toMatchObject({
      state: 'ok',
    });
  });
});
