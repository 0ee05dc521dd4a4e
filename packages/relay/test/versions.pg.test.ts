// Daily versions of a real relay's lists and how long versions stay: on a Postgres 15, whose clock needs no waiting when
// rows are dated back. The rounds are run here, as a second relay on the same database would.
import { randomUUID } from 'node:crypto';
import type { RestoreResponse, Version } from '@wedsync/shared';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';
import { createEventBus } from '../src/events.ts';
import { createDocumentStore } from '../src/store/document-store.ts';
import { createRpc } from '../src/store/rpc.ts';
import { createSupabase } from '../src/supabase/client.ts';
import { createDailyVersions } from '../src/versions/daily-versions.ts';
import { createVersionStore, type VersionStore } from '../src/versions/version-store.ts';
import { createDocumentThread, type DocumentThread } from '../src/writer/document-thread.ts';
import { createDocumentWriter, type DocumentWriter } from '../src/writer/document-writer.ts';
import { type RunningRelay, startRelay } from './helpers/relay.ts';
import { closeDevices, createStudio, type Studio } from './helpers/studio.ts';
import { type SupabaseOnPostgres, startSupabaseOnPostgres } from './helpers/supabase-on-postgres.ts';
import { until } from './helpers/until.ts';

let server: SupabaseOnPostgres;
let relay: RunningRelay;
let thread: DocumentThread;
let writer: DocumentWriter;
let versions: VersionStore;

const throwIt = (error: unknown) => {
  throw error;
};

beforeAll(async () => {
  server = await startSupabaseOnPostgres();
  relay = await startRelay({ env: { DEMO: 'off', ...server.env } });
  const events = { onProgress: () => undefined, onCrash: throwIt };
  const rpc = createRpc((await createSupabase(readConfig(server.env), events)).client);
  thread = createDocumentThread(throwIt);
  versions = createVersionStore(rpc);
  writer = createDocumentWriter({
    rpc,
    store: createDocumentStore(rpc),
    thread,
    events: createEventBus(throwIt),
  });
});
afterEach(closeDevices);
afterAll(async () => {
  await thread?.close();
  await relay?.stop();
  await server?.close();
});

const sql = (text: string) => server.postgres.run('postgres', text);

async function newStudio(): Promise<Studio> {
  const { SUPABASE_URL: url = '', SUPABASE_PUBLISHABLE_KEY: key = '' } = server.env;
  const response = await fetch(`${url}/auth/v1/signup`, {
    method: 'POST',
    headers: { apikey: key, 'content-type': 'application/json' },
    body: JSON.stringify({ email: `${randomUUID()}@example.com`, password: randomUUID() }),
  });
  const { access_token: token } = (await response.json()) as { access_token: string };
  return await createStudio(relay, { token });
}

/** What a relay does every 15 minutes, once, to its end. */
async function runRound(): Promise<void> {
  await new Promise<void>((done) => {
    let isFirst = true;
    createDailyVersions({
      versions,
      writer,
      log: pino({ enabled: false }),
      schedule(_ms, start) {
        if (isFirst) setImmediate(start);
        else done();
        isFirst = false;
        return () => undefined;
      },
    });
  });
}

const pathOf = ({ listId }: Studio, rest = '') => `/api/lists/${listId}/versions${rest}`;
const versionsOf = async (studio: Studio) =>
  ((await relay.api(studio.token, 'GET', pathOf(studio))) as { versions: Version[] }).versions;
const dailiesOf = async (studio: Studio) =>
  (await versionsOf(studio)).filter(({ kind }) => kind === 'daily').map(({ id }) => id);
const isDue = async ({ listId }: Studio) => (await versions.due(1_000, '')).includes(listId);

/** All versions of the list are so much older. */
const age = ({ listId }: Studio, interval: string) =>
  sql(`update wedsync.versions set created_at = created_at - interval '${interval}',
         day = ((created_at - interval '${interval}') at time zone 'utc')::date where doc_id = '${listId}'`);

describe('RELAY-9 daily versions of real lists', () => {
  it('one a day is made of a list that changed, and the list is brought back to any of them', async () => {
    const studio = await newStudio();
    const [here, there] = [await studio.open(), await studio.open()];
    const isStored = (venue: string) =>
      until(async () => (await studio.cache()).some(({ fields }) => fields.venue === venue));
    here.writer.create({ firstName: 'Maya', venue: 'Hall' }, { id: 'r1' });
    await isStored('Hall');
    await runRound();
    expect(await versionsOf(studio)).toMatchObject([{ kind: 'daily', name: '', by: '', records: 1 }]);
    here.writer.set('r1', { venue: 'Barn' });
    await isStored('Barn');
    await runRound();
    expect(await dailiesOf(studio)).toHaveLength(1);

    await age(studio, '1 day');
    await runRound();
    here.writer.set('r1', { venue: 'Garden' });
    await isStored('Garden');
    await age(studio, '1 day');
    await runRound();
    await age(studio, '1 day');
    // Nothing has changed since.
    await runRound();
    const [garden, barn, hall, ...others] = await dailiesOf(studio);
    expect(others).toEqual([]);

    const restore = async (id: string | undefined) =>
      (await relay.api(studio.token, 'POST', pathOf(studio, `/${id}/restore`))) as RestoreResponse;
    const { undoVersionId } = await restore(hall);
    await until(() => there.index.get('r1')?.values.venue === 'Hall');
    await restore(barn);
    await until(() => there.index.get('r1')?.values.venue === 'Barn');
    await restore(garden);
    await until(() => there.index.get('r1')?.values.venue === 'Garden');
    await restore(hall);
    await until(() => there.index.get('r1')?.values.venue === 'Hall');
    await restore(undoVersionId);
    await until(() => there.index.get('r1')?.values.venue === 'Garden');
    expect(here.index.get('r1')?.conflicts).toEqual({});
  });
});

describe('RELAY-9 how long versions stay', () => {
  /** A version of that kind and age; each counts for another day, which only one daily version has. */
  const putAged = ({ listId }: Studio, kind: string, name: string, interval: string, isWhole = true) =>
    sql(`insert into wedsync.versions (doc_id, kind, name, seq, records, bytes, parts, is_whole, created_at, day)
      select '${listId}', '${kind}', '${name}', 1, 0, 0, 0, ${isWhole}, at,
             date '2026-01-01' + (select count(*)::int from wedsync.versions where doc_id = '${listId}')
        from (select now() - interval '${interval}' as at) a`);
  const left = async ({ listId }: Studio) =>
    (await sql(`select name from wedsync.versions where doc_id = '${listId}' order by id`)).map(
      ({ name }) => name,
    );

  it('to the minute, also in lists in which nothing happens any more: 30 days, 90 days, named ones for ever', async () => {
    const idle = await newStudio();
    const MINUTE = 60_000;
    const DAY = 24 * 60 * MINUTE;
    const limits = [
      ['daily', 30 * DAY, true],
      ['restore', 90 * DAY, true],
      ['named', 60 * MINUTE, false],
    ] as const;
    for (const [kind, ms, isWhole] of limits)
      for (const [name, age] of [
        ['inside', ms - MINUTE],
        ['outside', ms + MINUTE],
      ] as const)
        await putAged(idle, kind, `${kind} ${name}`, `${age / 1_000} seconds`, isWhole);
    await putAged(idle, 'named', 'named old', '5 years');
    await versions.due(1, '');
    expect(await left(idle)).toEqual(['daily inside', 'restore inside', 'named inside', 'named old']);
  });

  it('a list that nobody touches loses its last daily version and gets no other one until it changes', async () => {
    const idle = await newStudio();
    const device = await idle.open();
    device.writer.create({ firstName: 'Maya' }, { id: 'r1' });
    await until(async () => (await idle.cache()).length === 1);
    await runRound();
    await age(idle, '29 days 23 hours');
    await runRound();
    expect(await dailiesOf(idle)).toHaveLength(1);
    await age(idle, '2 hours');
    await runRound();
    expect(await dailiesOf(idle)).toEqual([]);
    expect(await isDue(idle)).toBe(false);

    device.writer.create({ firstName: 'Nora' }, { id: 'r2' });
    await until(async () => {
      await runRound();
      return (await dailiesOf(idle)).length === 1;
    });
  });
});
