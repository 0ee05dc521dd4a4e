// Other programs on a Supabase with Realtime (Postgres 15 with the Realtime test server): stock supabase-js, our helper,
// and the table that they put their changes into.
import { randomUUID } from 'node:crypto';
import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import { type ClientEvent, type ClientWatcher, watchClients } from '@wedsync/shared/realtime';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { command } from './helpers/command.ts';
import { expectReadModelEqual } from './helpers/read-model.ts';
import { type RealtimeServer, startRealtimeServer } from './helpers/realtime-server.ts';
import { makeDataDir, type RunningRelay, startRelay } from './helpers/relay.ts';
import { closeDevices, createStudio, type Studio } from './helpers/studio.ts';
import { type SupabaseOnPostgres, startSupabaseOnPostgres } from './helpers/supabase-on-postgres.ts';
import { until } from './helpers/until.ts';

let supabase: SupabaseOnPostgres;
let realtime: RealtimeServer;
let relay: RunningRelay;
const watchers = new Set<ClientWatcher>();
const clients = new Set<SupabaseClient>();

beforeAll(async () => {
  supabase = await startSupabaseOnPostgres();
  const { SUPABASE_URL: apiUrl = '', SUPABASE_SECRET_KEY: secretKey = '' } = supabase.env;
  realtime = await startRealtimeServer({
    apiUrl,
    databaseUrl: supabase.postgres.url,
    jwtSecret: supabase.jwtSecret,
    secretKey,
  });
  relay = await startRelay({ env: { DEMO: 'off', ...supabase.env, SUPABASE_URL: realtime.url } });
});
afterEach(async () => {
  for (const watcher of watchers) await watcher.close();
  watchers.clear();
  for (const client of clients) await client.removeAllChannels();
  clients.clear();
  closeDevices();
});
afterAll(async () => {
  await relay?.stop();
  await realtime?.close();
  await supabase?.close();
});

/** As at the terminal. */
async function rebuild(listId?: string): Promise<void> {
  const args = listId === undefined ? [] : ['--list', listId];
  expect(await command('rebuild-read-model.ts', args, relay.dataDir)).toMatchObject({ code: 0, stderr: '' });
}

const key = () => supabase.env.SUPABASE_PUBLISHABLE_KEY ?? '';

/** A program that is signed in as somebody, with stock supabase-js. */
function program(token: string): SupabaseClient {
  const client = createClient(realtime.url, key(), { accessToken: async () => token });
  clients.add(client);
  return client;
}

async function signUp(): Promise<{ token: string; userId: string }> {
  const response = await fetch(`${realtime.url}/auth/v1/signup`, {
    method: 'POST',
    headers: { apikey: key(), 'content-type': 'application/json' },
    body: JSON.stringify({ email: `${randomUUID()}@example.com`, password: randomUUID() }),
  });
  const answer = (await response.json()) as { access_token: string; user: { id: string } };
  return { token: answer.access_token, userId: answer.user.id };
}

async function studioOf(person: { token: string }): Promise<Studio> {
  return await createStudio(relay, { token: person.token });
}

type Seen = { events: ClientEvent[]; names: () => string[]; watcher: ClientWatcher; states: string[] };

function watch(
  token: string,
  filter: Parameters<typeof watchClients>[0]['filter'],
  since?: Record<string, number>,
): Seen {
  const events: ClientEvent[] = [];
  const states: string[] = [];
  const watcher = watchClients({
    client: program(token),
    filter,
    onEvent: (event) => events.push(event),
    onStatus: ({ state }) => states.push(state),
    pollMs: 3_600_000,
    ...(since === undefined ? {} : { since }),
  });
  watchers.add(watcher);
  const names = () => events.map(({ type, row }) => `${type} ${row.first_name} ${row.venue}`);
  return { events, names, watcher, states };
}

describe('READ-2 watching', () => {
  it('READ-2 a program that filters by list or by supplier sees each change once it is projected, and others’ not', async () => {
    const [ana, eve] = [await signUp(), await signUp()];
    const [studio, other] = [await studioOf(ana), await studioOf(eve)];
    const byList = watch(ana.token, { listId: studio.listId });
    const bySupplier = watch(ana.token, { supplierId: ana.userId });
    const stranger = watch(eve.token, { listId: studio.listId });
    const all = [byList, bySupplier, stranger];
    await until(() => all.every(({ watcher }) => watcher.status.state === 'live'));
    await other.send({ type: 'client.created', changes: { firstName: 'Eve' } });
    await studio.send({ type: 'client.created', changes: { firstName: 'Zoë', weddingDate: '2027-06-12' } });
    await until(() => byList.events.length === 1 && bySupplier.events.length === 1);
    await studio.send({ type: 'wedding.date_changed', changes: { weddingDate: '2027-06-13' } });
    await until(() => byList.events.length === 3 && bySupplier.events.length === 3);
    await studio.send({ type: 'client.deleted' });
    await until(() => byList.events.length === 4 && bySupplier.events.length === 4);
    const types = ['client.created', 'client.updated', 'wedding.date_changed', 'client.deleted'];
    for (const { events } of [byList, bySupplier]) expect(events.map(({ type }) => type)).toEqual(types);
    expect(byList.events[2]).toMatchObject({ from: '2027-06-12', to: '2027-06-13' });
    expect(stranger.events).toEqual([]);
  });

  it('READ-2 it catches up by itself after a lost connection, each change once', async () => {
    const ana = await signUp();
    const studio = await studioOf(ana);
    const { names, watcher, states } = watch(ana.token, { listId: studio.listId });
    await until(() => watcher.status.state === 'live');
    await studio.send({ type: 'client.created', clientId: 'a', changes: { firstName: 'Zoë' } });
    await until(() => names().length === 1);
    realtime.cut();
    await until(() => watcher.status.state === 'disconnected');
    await studio.send({ type: 'client.updated', clientId: 'a', changes: { venue: 'Hall' } });
    await studio.send({ type: 'client.created', clientId: 'b', changes: { firstName: 'Maya' } });
    await studio.applied();
    await until(async () => (await studio.cache()).some(({ first_name: name }) => name === 'Maya'));
    expect(names()).toHaveLength(1);
    realtime.mend();
    await until(() => names().length === 3, 60_000);
    expect(names().sort()).toEqual([
      'client.created Maya null',
      'client.created Zoë null',
      'client.updated Zoë Hall',
    ]);
    expect(states).toEqual(expect.arrayContaining(['live', 'disconnected', 'live']));
  });

  it('READ-2 a program that starts again goes on from the versions it kept', async () => {
    const ana = await signUp();
    const studio = await studioOf(ana);
    const first = watch(ana.token, { listId: studio.listId });
    await until(() => first.watcher.status.state === 'live');
    await studio.send({ type: 'client.created', clientId: 'a', changes: { firstName: 'Zoë' } });
    await until(() => first.events.length === 1);
    const versions = first.watcher.versions();
    await first.watcher.close();
    await studio.send({ type: 'client.updated', clientId: 'a', changes: { venue: 'Hall' } });
    await studio.applied();
    const second = watch(ana.token, { listId: studio.listId }, versions);
    await until(() => second.events.length === 1);
    expect(second.names()).toEqual(['client.updated Zoë Hall']);
  });

  it('READ-2 the relay says on client-updates:<list> which couples changed, to members alone', async () => {
    const [ana, eve] = [await signUp(), await signUp()];
    const studio = await studioOf(ana);
    const heard: unknown[] = [];
    const states = new Map<string, string>();
    for (const { token, userId } of [ana, eve]) {
      const client = program(token);
      // As Supabase documents it for private channels.
      await client.realtime.setAuth();
      client
        .channel(`client-updates:${studio.listId}`, { config: { private: true } })
        .on('broadcast', { event: 'records.changed' }, ({ payload }) => heard.push([userId, payload]))
        .subscribe((status) => states.set(userId, status));
    }
    await until(() => states.size === 2);
    expect([states.get(ana.userId), states.get(eve.userId)]).toEqual(['SUBSCRIBED', 'CHANNEL_ERROR']);
    await studio.send({ type: 'client.created', clientId: 'a', changes: { firstName: 'Zoë' } });
    await until(() => heard.length > 0);
    expect(heard).toEqual([[ana.userId, { listId: studio.listId, recordIds: [studio.recordId('a')] }]]);
  });
});

describe('READ-3 putting changes in', () => {
  it('READ-3 rows of an editor reach the document, woken by Realtime; a viewer cannot put any', async () => {
    const [ana, eve] = [await signUp(), await signUp()];
    const studio = await studioOf(ana);
    const row = {
      list_id: studio.listId,
      external_id: 'crm-1',
      event: 'client.created',
      changes: { firstName: 'Zoë', weddingDate: '2027-06-12' },
    };
    const { error } = await program(ana.token)
      .from('client_changes')
      .insert({ ...row, created_by: ana.userId });
    expect(error).toBeNull();
    const refused = await program(eve.token)
      .from('client_changes')
      .insert({ ...row, created_by: eve.userId });
    expect(refused.error).not.toBeNull();
    const device = await studio.open();
    await until(() => [...device.index.ids()].length === 1);
    expect(device.couple()?.values).toMatchObject({ firstName: 'Zoë', weddingDate: '2027-06-12' });
    const { data } = await program(ana.token).from('client_changes').select('*');
    expect(data).toEqual([]);
    await expectReadModelEqual(studio, device.index);
  });

  it('READ-3 without Realtime they are found by asking', async () => {
    const ana = await signUp();
    const studio = await studioOf(ana);
    const device = await studio.open();
    const mine = program(ana.token);
    realtime.cut();
    try {
      for (const n of [1, 2, 3])
        await mine.from('client_changes').insert({
          list_id: studio.listId,
          external_id: 'crm-1',
          event: n === 1 ? 'client.created' : 'client.updated',
          changes: { firstName: 'Zoë', venue: `Hall ${n}` },
          created_by: ana.userId,
        });
      await until(() => device.couple()?.values.venue === 'Hall 3');
    } finally {
      realtime.mend();
    }
  });
});

describe('npm run doctor', () => {
  type Found = { check: string; state: string; text: string };
  async function doctor(env: Readonly<Record<string, string>>): Promise<{ code: number; found: Found[] }> {
    const settings = { ...supabase.env, SUPABASE_URL: realtime.url, ...env };
    const { code, stdout } = await command('doctor.ts', ['--json'], makeDataDir(), settings);
    return { code, found: JSON.parse(stdout) as Found[] };
  }
  const failing = (found: readonly Found[]) =>
    found.filter(({ state }) => state === 'failing').map(({ check }) => check);

  it('finds a project in order, and says what is wrong with keys, address, rights and publication', async () => {
    const healthy = await doctor({});
    expect([healthy.code, failing(healthy.found)]).toEqual([0, []]);
    const checks = healthy.found.map(({ check }) => check);
    expect(checks).toEqual(
      expect.arrayContaining([
        'address',
        'keys',
        'clock',
        'refused updates',
        'row-level security',
        'realtime',
      ]),
    );

    const swapped = await doctor({ SUPABASE_PUBLISHABLE_KEY: supabase.env.SUPABASE_SECRET_KEY ?? '' });
    expect([swapped.code, failing(swapped.found)]).toEqual([1, expect.arrayContaining(['keys'])]);
    const wrong = await doctor({ SUPABASE_SECRET_KEY: 'sb_secret_somebody_elses' });
    expect(failing(wrong.found)).toContain('secret key');
    const nowhere = await doctor({ SUPABASE_URL: 'http://127.0.0.1:9' });
    expect(failing(nowhere.found)).toEqual(['address']);

    const { postgres } = supabase;
    await postgres.run('postgres', 'alter publication supabase_realtime drop table public.client_changes');
    await postgres.run('postgres', 'create table public.left_open (id int)');
    try {
      const { found } = await doctor({});
      expect(failing(found)).toEqual(['row-level security']);
      expect(found.find(({ check }) => check === 'publication')?.state).toBe('warning');
    } finally {
      await postgres.run('postgres', 'drop table public.left_open');
      await postgres.run('postgres', 'alter publication supabase_realtime add table public.client_changes');
    }
  });
});

describe('READ-1 building anew', () => {
  it('READ-1 one command builds the read model anew from nothing, and takes away what is not in the document', async () => {
    const studio = await studioOf(await signUp());
    for (const n of [1, 2, 3])
      await studio.send({
        type: 'client.created',
        clientId: `c${n}`,
        changes: { firstName: `Zoë ${n}`, tags: ['film'] },
      });
    await studio.send({ type: 'client.deleted', clientId: 'c3' });
    await studio.applied();
    const device = await studio.open();
    await until(() => [...device.index.ids()].length === 2);
    await expectReadModelEqual(studio, device.index);
    const bare = async () =>
      (await studio.cache())
        .map(({ version: _version, updated_at: _updated, ...row }) => row)
        .sort((a, b) => a.record_id.localeCompare(b.record_id));
    const before = await bare();

    const where = `where list_id = '${studio.listId}'`;
    await supabase.postgres.run('postgres', `delete from public.client_list_cache ${where}`);
    await rebuild(studio.listId);
    expect(await bare()).toEqual(before);

    await supabase.postgres.run(
      'postgres',
      `update public.client_list_cache set venue = 'Wrong', deleted_at = null ${where};
       insert into public.client_list_cache (list_id, record_id, supplier_id, version)
       select list_id, 'ghost', supplier_id, 1 from public.client_list_cache ${where} limit 1`,
    );
    await rebuild();
    expect(await bare()).toEqual(before);

    const versions = async () => (await studio.cache()).map(({ version }) => version).sort();
    const known = await versions();
    await rebuild();
    expect(await versions()).toEqual(known);
  });
});
