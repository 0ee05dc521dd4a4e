import { describe, expect, it } from 'vitest';
import { CHECK_STATES, type CheckStateName, newStatus, type Reading, stepCheck } from './check-state.ts';

/** States after each reading, from `from` on. */
function run(from: CheckStateName, readings: readonly (CheckStateName | Reading)[]): CheckStateName[] {
  let status = { ...newStatus(0), state: from };
  return readings.map((reading, index) => {
    status = stepCheck(
      status,
      typeof reading === 'string' ? { state: reading } : reading,
      (index + 1) * 1000,
    );
    return status.state;
  });
}

describe('HEALTH-1 one check', () => {
  it.each<[CheckStateName, CheckStateName, CheckStateName, CheckStateName]>([
    // from, reading, after one, after two
    ['unknown', 'ok', 'ok', 'ok'],
    ['unknown', 'failing', 'unknown', 'failing'],
    ['unknown', 'degraded', 'unknown', 'degraded'],
    ['ok', 'ok', 'ok', 'ok'],
    ['ok', 'degraded', 'ok', 'degraded'],
    ['ok', 'failing', 'ok', 'failing'],
    ['degraded', 'ok', 'degraded', 'ok'],
    ['degraded', 'failing', 'degraded', 'failing'],
    ['failing', 'ok', 'failing', 'ok'],
    ['failing', 'degraded', 'failing', 'degraded'],
    ['paused', 'failing', 'paused', 'failing'],
    ['off', 'ok', 'ok', 'ok'],
  ])('%s reads %s: %s, then %s', (from, reading, first, second) => {
    expect(run(from, [reading, reading])).toEqual([first, second]);
  });

  it.each(CHECK_STATES)('nothing measured counts at once, from %s', (from) => {
    for (const to of ['unknown', 'paused', 'off'] as const) expect(run(from, [to])).toEqual([to]);
  });

  it('does not flap: one reading out of line changes nothing', () => {
    expect(run('ok', ['failing', 'ok', 'failing', 'ok'])).toEqual(['ok', 'ok', 'ok', 'ok']);
    expect(run('failing', ['ok', 'failing', 'ok', 'failing'])).toEqual(Array(4).fill('failing'));
  });

  it('two different bad readings agree on the milder one', () => {
    expect(run('ok', ['failing', 'degraded'])).toEqual(['ok', 'degraded']);
    expect(run('ok', ['degraded', 'failing', 'failing', 'failing'])).toEqual([
      'ok',
      'degraded',
      'degraded',
      'failing',
    ]);
  });

  it('evidence counts at once, in both directions', () => {
    const sure = (state: CheckStateName): Reading => ({ state, isCertain: true });
    expect(run('ok', [sure('failing'), sure('ok')])).toEqual(['failing', 'ok']);
  });

  it('keeps since, the last success and the words of the state that counts', () => {
    let status = stepCheck(newStatus(0), { state: 'ok', latencyMs: 3 }, 1000);
    status = stepCheck(status, { state: 'failing', cause: 'gone', fix: 'start it' }, 2000);
    expect(status).toEqual({
      state: 'ok',
      since: 1000,
      lastCheckAt: 2000,
      lastSuccessAt: 1000,
      pending: 'failing',
    });
    status = stepCheck(status, { state: 'failing', cause: 'gone', fix: 'start it' }, 3000);
    expect(status).toEqual({
      state: 'failing',
      since: 3000,
      lastCheckAt: 3000,
      lastSuccessAt: 1000,
      cause: 'gone',
      fix: 'start it',
    });
    status = stepCheck(status, { state: 'ok' }, 4000);
    expect(status).toMatchObject({ state: 'failing', cause: 'gone', lastSuccessAt: 4000, pending: 'ok' });
    expect(stepCheck(status, { state: 'ok' }, 5000)).toEqual({
      state: 'ok',
      since: 5000,
      lastCheckAt: 5000,
      lastSuccessAt: 5000,
    });
  });
});
