import { describe, expect, it } from 'vitest';
import type { CheckStatus } from './check-state.ts';
import { overallStatus, toBars } from './report.ts';

const statuses = (states: Readonly<Record<string, CheckStatus['state']>>) =>
  new Map(Object.entries(states).map(([key, state]) => [key, { state, since: 0 }]));

describe('HEALTH-1 what is told', () => {
  it('in one word: readiness first, then the relay’s own parts; a source of one list is not the relay', () => {
    expect(overallStatus('draining', statuses({ database: 'ok' }))).toBe('draining');
    expect(overallStatus('ok', statuses({ database: 'ok', redis: 'off', lastSyncTime: 'unknown' }))).toBe(
      'ok',
    );
    expect(overallStatus('ok', statuses({ database: 'ok', smtp: 'failing' }))).toBe('degraded');
    expect(overallStatus('ok', statuses({ 'source:a': 'failing' }))).toBe('ok');
  });

  it('bars are as bad as the worst in them, and empty where nothing was measured', () => {
    const bucket = (startMs: number, ok: number, degraded: number, failing: number) => ({
      key: 'database',
      startMs,
      ok,
      degraded,
      failing,
      latencyMaxMs: null,
    });
    const buckets = [
      bucket(90, 1, 0, 0),
      bucket(100, 5, 0, 0),
      bucket(105, 4, 1, 0),
      bucket(120, 0, 0, 1),
      bucket(140, 9, 0, 0),
    ];
    expect(toBars(buckets, { fromMs: 100, barMs: 10, count: 4 })).toEqual([
      'degraded',
      'none',
      'failing',
      'none',
    ]);
  });
});
