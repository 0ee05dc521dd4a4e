// The relay on a database that goes away, and two relays that are restarted one after the other, on Postgres 15.
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { CLOSE, closeCode } from '@wedsync/shared';
import { createRandom } from '@wedsync/shared/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyAll, createDevice, join } from './helpers/device.ts';
import { type RunningRelay, startRelay } from './helpers/relay.ts';
import { type SupabaseOnPostgres, startSupabaseOnPostgres } from './helpers/supabase-on-postgres.ts';
import { until } from './helpers/until.ts';
import { createWriter, writeUntilClosed } from './helpers/writer.ts';

/** Kills of the database in one run; the nightly run sets more. */
const KILLS = Number(process.env.WEDSYNC_KILLS ?? 4);
const SEED = Number(process.env.WEDSYNC_SEED ?? 20_261_123);

let supabase: SupabaseOnPostgres;
let service: string;
let listId: string;
const start = () => startRelay({ env: { DEMO: 'off', ...supabase.env } });

async function signUp(): Promise<string> {
  const { SUPABASE_URL: url = '', SUPABASE_PUBLISHABLE_KEY: key = '' } = supabase.env;
  const response = await fetch(`${url}/auth/v1/signup`, {
    method: 'POST',
    headers: { apikey: key, 'content-type': 'application/json' },
    body: JSON.stringify({ email: `${randomUUID()}@example.com`, password: randomUUID() }),
  });
  const { access_token: token } = (await response.json()) as { access_token: string };
  return token;
}

beforeAll(async () => {
  supabase = await startSupabaseOnPostgres();
  const relay = await start();
  service = await relay.token({ role: 'service_role' });
  listId = ((await relay.api(await signUp(), 'POST', '/api/lists', { name: 'Ours' })) as { id: string }).id;
  await relay.stop();
});
afterAll(() => supabase?.close());

const isReady = async (relay: RunningRelay) => (await fetch(`${relay.url}/health/ready`)).ok;
async function valuesOf(relay: RunningRelay): Promise<Set<string>> {
  const { values, socket } = await join(relay.syncUrl, service, listId);
  socket.ws.close();
  return new Set(values().map(String));
}

describe('RELAY-1 kill -9 of the database', () => {
  it(`${KILLS} kills at any instant while devices write lose no acknowledged edit`, {
    timeout: 100_000 + KILLS * 30_000,
  }, async () => {
    const random = createRandom(SEED);
    const relay = await start();
    const writers = [0, 1, 2, 3].map((index) => createWriter(`k${index}`, listId));
    let isOver = false;
    const running = writers.map(async (writer) => {
      while (!isOver) await writeUntilClosed(relay, service, writer).catch(() => undefined);
    });
    const counts = () => writers.map(({ acknowledged }) => acknowledged.size);
    for (let round = 0; round < KILLS; round += 1) {
      await delay(random.int(400));
      await supabase.postgres.kill9();
      const before = counts();
      await delay(random.int(800));
      await supabase.postgres.start();
      // All go on by themselves: what was under way is stored, and more.
      await until(() => counts().every((count, index) => count > (before[index] ?? 0) + 8), 60_000);
    }
    isOver = true;
    await relay.kill9();
    await Promise.all(running);
    const next = await start();
    const there = await valuesOf(next);
    const lost = writers.flatMap(({ acknowledged }) =>
      [...acknowledged].filter((value) => !there.has(value)),
    );
    expect(lost, `seed ${SEED}`).toEqual([]);
    await next.stop();
  });
});

describe('RELAY-2 a database that is away', () => {
  it('loses nothing, receipts nothing, says that it is degraded, and stores all when it is back', async () => {
    const relay = await start();
    const [stays, leaves, peer] = [
      await join(relay.syncUrl, service, listId),
      await join(relay.syncUrl, service, listId),
      await join(relay.syncUrl, service, listId),
    ];
    await supabase.postgres.kill9();
    for (const [name, device] of Object.entries({ stays, leaves }))
      for (let n = 1; n <= 20; n += 1)
        device.socket.send({ type: 'send', n, step: 'update', update: device.add(`${name} ${n}`) });
    const copy = createDevice();
    await until(() => {
      applyAll(copy.doc, peer.socket);
      const there = new Set([...peer.values(), ...copy.values()]);
      return there.has('stays 20') && there.has('leaves 20');
    });
    leaves.socket.ws.close();
    await leaves.socket.closed;
    await until(async () => !(await isReady(relay)));
    expect(stays.socket.messages.some(({ type }) => type === 'stored')).toBe(false);

    await supabase.postgres.start();
    await stays.socket.next('stored', ({ n }) => n === 20);
    await until(() => isReady(relay));
    const values = await valuesOf(relay);
    for (let n = 1; n <= 20; n += 1)
      expect([values.has(`stays ${n}`), values.has(`leaves ${n}`)]).toEqual([true, true]);
    expect(await relay.stop()).toBe(0);
  });

  it('SIGTERM without a database still ends it, and it says what was not stored', async () => {
    const relay = await start();
    const device = await join(relay.syncUrl, service, listId);
    await supabase.postgres.kill9();
    for (let n = 1; n <= 3; n += 1)
      device.socket.send({ type: 'send', n, step: 'update', update: device.add(`late ${n}`) });
    await until(async () => !(await isReady(relay)));
    expect(await relay.stop()).not.toBeNull();
    expect(relay.output()).toMatch(/\b3\b.*not.*stored|not.*stored.*\b3\b/);
    expect(closeCode(await device.socket.closed)?.retryable).toBe(true);
    await supabase.postgres.start();
    // The device has it all and brings it to the next relay.
    const next = await start();
    const { socket } = await join(next.syncUrl, service, listId, device);
    for (const [index, update] of device.updates.entries())
      socket.send({ type: 'send', n: index + 1, step: 'update', update });
    await socket.next('stored', ({ n }) => n === device.updates.length);
    expect((await valuesOf(next)).has('late 3')).toBe(true);
    await next.stop();
  });
});

describe('RELAY-7 rolling restart', () => {
  it('of two relays under load loses nothing, and every socket is sent away with a retryable code', async () => {
    const relays = [await start(), await start()];
    const writers = [0, 1, 2, 3].map((index) => createWriter(`w${index}`, listId));
    const codes: number[] = [];
    let isOver = false;
    /** As a device does it: the next relay that lets it in. */
    const running = writers.map(async (writer, index) => {
      for (let turn = index; !isOver; turn += 1) {
        const relay = relays[turn % relays.length];
        if (relay === undefined) continue;
        codes.push(await writeUntilClosed(relay, service, writer).catch(() => CLOSE.draining));
      }
    });
    for (const index of [0, 1]) {
      const before = writers.map(({ acknowledged }) => acknowledged.size);
      await until(() => writers.every(({ acknowledged }, at) => acknowledged.size > (before[at] ?? 0) + 20));
      const replaced = relays[index];
      expect(await replaced?.stop()).toBe(0);
      relays[index] = await start();
    }
    isOver = true;
    await Promise.all(relays.map((relay) => relay.stop()));
    await Promise.all(running);
    expect(codes.filter((code) => closeCode(code)?.retryable !== true)).toEqual([]);
    const last = await start();
    const there = await valuesOf(last);
    const lost = writers.flatMap(({ acknowledged }) =>
      [...acknowledged].filter((value) => !there.has(value)),
    );
    expect(lost).toEqual([]);
    await last.stop();
  });
});
