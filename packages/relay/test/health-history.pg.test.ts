// How long the history of the checks is kept, on a real Postgres.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';
import { createHealthStore, type HealthStore, type HistoryWidth } from '../src/health/health-store.ts';
import { createRpc } from '../src/store/rpc.ts';
import { createSupabase } from '../src/supabase/client.ts';
import { type SupabaseOnPostgres, startSupabaseOnPostgres } from './helpers/supabase-on-postgres.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const START = Date.UTC(2026, 0, 1);

let server: SupabaseOnPostgres;
let store: HealthStore;
beforeAll(async () => {
  server = await startSupabaseOnPostgres();
  const events = { onProgress: () => undefined, onCrash: () => undefined };
  store = createHealthStore(createRpc((await createSupabase(readConfig(server.env), events)).client), 'one');
});
afterAll(() => server?.close());

const put = (atMs: number, state: string, latencyMs?: number) =>
  store.putHistory(atMs, [{ key: 'database', state, ...(latencyMs === undefined ? {} : { latencyMs }) }]);
const kept = async (width: HistoryWidth) => await store.history(['database'], width, 0);
const starts = async (width: HistoryWidth) => (await kept(width)).map(({ startMs }) => startMs);

it('HEALTH-1 rounds are counted by five minutes for a day and by the hour for ninety days, then dropped', async () => {
  await put(START, 'ok', 5);
  await put(START + MINUTE_MS, 'failing', 90);
  await put(START + 6 * MINUTE_MS, 'degraded');
  const first = { key: 'database', startMs: START, ok: 1, degraded: 0, failing: 1, latencyMaxMs: 90 };
  const second = {
    ...first,
    startMs: START + 5 * MINUTE_MS,
    ok: 0,
    degraded: 1,
    failing: 0,
    latencyMaxMs: null,
  };
  expect(await kept('fine')).toEqual([first, second]);
  expect(await kept('coarse')).toEqual([{ ...first, degraded: 1 }]);

  await put(START + DAY_MS, 'ok');
  expect(await starts('fine')).toEqual([START, START + 5 * MINUTE_MS, START + DAY_MS]);
  await put(START + DAY_MS + 2 * HOUR_MS, 'ok');
  expect(await starts('fine')).toEqual([START + DAY_MS, START + DAY_MS + 2 * HOUR_MS]);
  expect(await starts('coarse')).toEqual([START, START + DAY_MS, START + DAY_MS + 2 * HOUR_MS]);

  await put(START + 90 * DAY_MS, 'ok');
  expect(await starts('coarse')).toContain(START);
  await put(START + 90 * DAY_MS + HOUR_MS, 'ok');
  expect(await starts('coarse')).not.toContain(START);
  expect(await starts('coarse')).toContain(START + DAY_MS);
});

it('HEALTH-1 incidents that ended are kept for ninety days; one that is open stays', async () => {
  const incident = { listId: null, title: 't', cause: 'c', fix: 'f', openedAt: START };
  const later = START + 200 * DAY_MS;
  await store.openIncident({ ...incident, key: 'ended' });
  await store.openIncident({ ...incident, key: 'open' });
  await store.closeIncident('ended', later);
  const keys = async () => (await store.incidents('l_any', 10)).map(({ key }) => key).sort();
  await put(later + 90 * DAY_MS, 'ok');
  expect(await keys()).toEqual(['ended', 'open']);
  await put(later + 90 * DAY_MS + MINUTE_MS, 'ok');
  expect(await keys()).toEqual(['open']);
});
