import { tmpdir } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { type CheckDeps, type Checks, createChecks } from './checks.ts';
import { createErrorRate } from './error-rate.ts';
import type { HealthStore } from './health-store.ts';

const NOW = Date.UTC(2026, 5, 12);
const made: Checks[] = [];
afterEach(() => {
  for (const checks of made.splice(0)) checks.close();
});

const works = async () => undefined;
const away = () => Promise.reject(new Error('away'));

/** A database that answers after so long, and what it counts. */
function storeOf(
  facts: { beatMs?: number; inboxWaiting?: number; storedAt?: number },
  clock: { now: number },
) {
  const store: Partial<HealthStore> = {
    async beat() {
      clock.now += facts.beatMs ?? 1;
      return facts.storedAt;
    },
    queues: async () => ({
      inboxWaiting: facts.inboxWaiting ?? 0,
      inboxOldestMs: 0,
      projectionBehind: 0,
      projectionLag: 0,
    }),
    sources: async () => [],
  };
  return store as HealthStore;
}

function start(deps: Partial<CheckDeps> = {}, facts: Parameters<typeof storeOf>[0] = {}) {
  const clock = { now: NOW };
  const checks = createChecks({
    store: storeOf(facts, clock),
    now: () => clock.now,
    errors: createErrorRate(() => clock.now),
    backlog: () => ({ rows: 0, bytes: 0, limitBytes: 1_000, oldestMs: 0 }),
    inboxLimit: 10,
    lastStoredAt: () => undefined,
    realtime: undefined,
    endpoint: works,
    external: new Map(),
    smtp: undefined,
    redis: undefined,
    dataDir: undefined,
    ...deps,
  });
  made.push(checks);
  const named = (key: string) => checks.checks.find((check) => check.key === key);
  return {
    keys: checks.checks.map(({ key }) => key),
    fault: (key: string) => named(key)?.fault,
    run: async (key: string) => await named(key)?.run(new AbortController().signal),
  };
}

describe('HEALTH-1 the checks of an installation', () => {
  it('are off, without anything to do, where a part does not exist', async () => {
    const { run, keys } = start();
    for (const key of ['supabaseRealtime', 'externalAPIs', 'redis'])
      expect(await run(key)).toMatchObject({ state: 'off', cause: expect.any(String) });
    expect(await run('smtp')).toMatchObject({ state: 'off' });
    expect(keys).not.toContain('disk');
  });

  it('look at the disk only where the database is on it', async () => {
    const { run, fault } = start({ dataDir: tmpdir() });
    expect(await run('disk')).toMatchObject({ data: { freeBytes: expect.any(Number) } });
    expect(fault('disk')).toMatchObject({ state: 'unknown' });
    expect(fault('database')?.fix).not.toBe(start().fault('database')?.fix);
  });

  it('call a database that answers slowly degraded', async () => {
    expect(await start().run('database')).toEqual({ state: 'ok', latencyMs: 1 });
    expect(await start({}, { beatMs: 2_500 }).run('database')).toMatchObject({
      state: 'degraded',
      latencyMs: 2_500,
    });
  });

  it('call the address of webhooks failing when the inbox is full', async () => {
    const { run } = start({}, { inboxWaiting: 10 });
    expect(await run('webhookEndpoint')).toEqual({ state: 'ok' });
    await run('queues');
    expect(await run('webhookEndpoint')).toMatchObject({ state: 'failing' });
  });

  it('name those of the other services that are away', async () => {
    const both = (second: () => Promise<void>) =>
      start({
        external: new Map([
          ['Supabase Auth', works],
          ['Maps', second],
        ]),
      }).run('externalAPIs');
    expect(await both(works)).toEqual({ state: 'ok', data: { 'Supabase Auth': 'ok', Maps: 'ok' } });
    const found = await both(away);
    expect(found).toMatchObject({ state: 'failing', data: { 'Supabase Auth': 'ok', Maps: 'failing' } });
    expect(found?.cause).toMatch(/\(Maps\)$/);
  });

  it('take the newest change that any relay stored', async () => {
    const { run } = start({ lastStoredAt: () => NOW - 5_000 }, { storedAt: NOW - 1_000 });
    expect(await run('lastSyncTime')).toMatchObject({ successAt: NOW - 5_000 });
    await run('database');
    expect(await run('lastSyncTime')).toMatchObject({ successAt: NOW - 1_000 });
    expect(await start().run('lastSyncTime')).toMatchObject({ state: 'unknown' });
  });
});
