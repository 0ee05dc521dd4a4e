// Two relays on one Supabase (on Postgres 15, in processes of their own): the same deliveries reach both at once.
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { expectReadModelEqual } from './helpers/read-model.ts';
import { type RunningRelay, startRelay } from './helpers/relay.ts';
import { closeDevices, createStudio, type Studio } from './helpers/studio.ts';
import { type SupabaseOnPostgres, startSupabaseOnPostgres } from './helpers/supabase-on-postgres.ts';
import { until } from './helpers/until.ts';

let supabase: SupabaseOnPostgres;
let relays: [RunningRelay, RunningRelay];
beforeAll(async () => {
  supabase = await startSupabaseOnPostgres();
  const start = () => startRelay({ env: { DEMO: 'off', ...supabase.env } });
  relays = [await start(), await start()];
});
afterAll(() => supabase?.close());
afterEach(closeDevices);

/** Somebody signs up at the project itself, as with a hosted one. */
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

describe('HOOK-2 two relays', () => {
  it('the same deliveries to both at once change each couple once, and both relays show the same', async () => {
    const one = await createStudio(relays[0], { token: await signUp() });
    const both: readonly Studio[] = [one, one.on(relays[1])];
    const events = Array.from({ length: 40 }, (_, n) => ({
      type: n < 10 ? 'client.created' : 'client.updated',
      clientId: `c${n % 10}`,
      id: `msg_${n}`,
      timestamp: new Date(Date.now() - 60_000 + n * 1000).toISOString(),
      changes: { names: [`Ana ${n % 10}`], venue: `Hall ${n}` },
    }));
    const answers = await Promise.all(both.flatMap((studio) => events.map((event) => studio.send(event))));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    await one.applied();
    expect(await one.deliveries()).toHaveLength(40);
    const devices = await Promise.all(both.map((studio) => studio.open()));
    for (const device of devices) {
      await until(() => device.couple('c9')?.values.venue === 'Hall 39');
      await until(() => [...device.index.ids()].length === 10);
      for (let n = 0; n < 10; n++) {
        expect(device.couple(`c${n}`)?.values).toMatchObject({ firstName: 'Ana', venue: `Hall ${30 + n}` });
        expect(device.couple(`c${n}`)?.conflicts).toEqual({});
      }
    }
    for (const [index, device] of devices.entries())
      await expectReadModelEqual(both[index] as Studio, device.index);
  });

  it('events go on when the relay that took them dies', async () => {
    const one = await createStudio(relays[0], { token: await signUp() });
    const other = one.on(relays[1]);
    await one.sendBody('{"type":"unknown"}');
    const taken = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        one.send({ type: 'client.created', clientId: `d${n}`, changes: { names: ['B C'] } }),
      ),
    );
    await relays[0].kill9();
    expect(taken.every(({ status }) => status === 202)).toBe(true);
    // What it had claimed is free again when its lease ends.
    const device = await other.open();
    await until(() => [...device.index.ids()].length === 10, 60_000);
  });
});
