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

describe('HOOK-9 an event that fails', () => {
  it('stands in the audit log with who, what, when, why, and that it touched no field', async () => {
    const studio = await createStudio(relays[0], { token: await signUp() });
    const startedAt = Date.now();
    // The database never takes this one couple, and its tries are used up but for the last.
    await supabase.postgres.run(
      'postgres',
      `create function wedsync.never() returns trigger language plpgsql as
         'begin raise unique_violation; end';
       create trigger never before insert on wedsync.integration_links for each row
         when (new.external_id = 'broken') execute function wedsync.never();
       alter table wedsync.inbox alter column attempts set default 5`,
    );
    try {
      await studio.send({ type: 'client.created', clientId: 'broken', changes: { names: ['Ana Roy'] } });
      await studio.applied();
    } finally {
      await supabase.postgres.run(
        'postgres',
        `drop function wedsync.never() cascade;
         alter table wedsync.inbox alter column attempts set default 0`,
      );
    }
    const [delivery] = await studio.deliveries();
    expect(delivery).toMatchObject({ state: 'failed' });
    const rows = (await relays[0].api(
      relays[0].adminToken,
      'GET',
      `/api/admin/audit?source=${studio.source.id}`,
    )) as Record<string, unknown>[];
    const failed = rows.filter(({ outcome }) => outcome === 'failed');
    expect(failed).toEqual([
      expect.objectContaining({
        actor: `source:${studio.source.id}`,
        action: 'webhook',
        reason: 'failed',
        fields: [],
        recordId: null,
        sourceId: studio.source.id,
        deliveryId: Number(delivery?.id),
        count: 1,
      }),
    ]);
    expect(failed[0]?.at).toBeGreaterThanOrEqual(startedAt - 1_000);
    expect(failed[0]?.at).toBeLessThanOrEqual(Date.now() + 1_000);
    expect(JSON.stringify(rows)).not.toContain('Roy');
    // The couple can be taken again, and that is in the log too.
    await relays[0].api(studio.token, 'POST', `/api/deliveries/${delivery?.id}/replay`);
    await studio.applied();
    expect(await studio.deliveries()).toMatchObject([{ state: 'applied' }]);
  });
});

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
