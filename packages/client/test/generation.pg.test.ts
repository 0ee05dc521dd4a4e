// A new generation of a list (DOCUMENT rule 20) with the real engine on two real relays over one Postgres: the list is
// rebuilt under a new lineage while people have it open on both, and while one of them is offline with edits.
import 'fake-indexeddb/auto';
import { randomUUID } from 'node:crypto';
import { createSubscribable } from '@wedsync/shared';
import { IDBFactory } from 'fake-indexeddb';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { expectReadModelEqual } from '../../relay/test/helpers/read-model.ts';
import { type RunningRelay, startRelay } from '../../relay/test/helpers/relay.ts';
import { createStudio, type Studio } from '../../relay/test/helpers/studio.ts';
import {
  type SupabaseOnPostgres,
  startSupabaseOnPostgres,
} from '../../relay/test/helpers/supabase-on-postgres.ts';
import { STORAGE_LIMITS } from '../src/persistence/storage-options.ts';
import type { AccountState, Person } from '../src/session/account.ts';
import type { ListSession } from '../src/session/list-session.ts';
import { openListSession } from '../src/session/open-list-session.ts';
import { createFakeChannels, createFakeLocks, createFakeSignals } from '../src/testing/fake-tabs.ts';

let supabase: SupabaseOnPostgres;
let relays: [RunningRelay, RunningRelay];
let studio: Studio;
const person: Person = { id: 'anna', email: 'anna@example.com' };
const sessions: ListSession[] = [];

async function signUp(): Promise<string> {
  const { SUPABASE_URL: url = '', SUPABASE_PUBLISHABLE_KEY: key = '' } = supabase.env;
  const response = await fetch(`${url}/auth/v1/signup`, {
    method: 'POST',
    headers: { apikey: key, 'content-type': 'application/json' },
    body: JSON.stringify({ email: `${randomUUID()}@example.com`, password: randomUUID() }),
  });
  return ((await response.json()) as { access_token: string }).access_token;
}

beforeAll(async () => {
  supabase = await startSupabaseOnPostgres();
  const start = () => startRelay({ env: { DEMO: 'off', ...supabase.env } });
  const first = await start();
  relays = [first, await start()];
  studio = await createStudio(first, { token: await signUp() });
});
afterEach(async () => {
  await Promise.all(sessions.splice(0).map((session) => session.close()));
});
afterAll(() => supabase?.close());

const createBrowser = () => ({
  storage: { indexedDB: new IDBFactory(), limits: STORAGE_LIMITS },
  locks: createFakeLocks(),
  openChannel: createFakeChannels(),
});

const NOWHERE = 'ws://127.0.0.1:1/sync';

function open(browser: ReturnType<typeof createBrowser>, socketBase: string): ListSession {
  const session = openListSession({
    person,
    listId: studio.listId,
    account: {
      state: createSubscribable<AccountState>({ state: 'signed-in', person, needsSignIn: false }),
      getToken: async () => ({ token: studio.token }),
    },
    now: Date.now,
    platform: { ...browser, signals: createFakeSignals(), socketBase },
  });
  sessions.push(session);
  return session;
}

/** A hang guard: what is waited for takes a moment on a quiet machine. */
const until = (claim: () => void): Promise<void> => vi.waitFor(claim, { timeout: 60_000, interval: 10 });
const stage = (session: ListSession, name: string): Promise<void> =>
  until(() => expect(session.status.value.stage).toBe(name));

const rebuild = (documentId = studio.listId) =>
  relays[0].api(relays[0].adminToken, 'POST', `/api/admin/generation/${documentId}`) as Promise<{
    clients: number;
  }>;

async function lineageOf(documentId = studio.listId): Promise<unknown> {
  const sql = `select lineage from wedsync.documents where doc_id = '${documentId}'`;
  return (await supabase.postgres.run('postgres', sql))[0]?.lineage;
}

const shown = ({ index }: ListSession) =>
  [...index.ids()].sort().map((id) => [id, index.get(id)?.values, index.get(id)?.conflicts]);

describe('DOC-R20 a new generation of a list', () => {
  it('DOC-10 SCALE-1 reaches devices on both relays; conflicts, offline edits and the read model survive', async () => {
    const away = createBrowser();
    const [here, there, third] = [
      open(createBrowser(), relays[0].syncUrl),
      open(createBrowser(), relays[1].syncUrl),
      open(away, relays[1].syncUrl),
    ];
    await Promise.all([stage(here, 'stored'), stage(there, 'stored'), stage(third, 'stored')]);
    const id = here.actions.addCouple({ firstName: 'Maya', venue: 'Old Mill' });
    const gone = here.actions.addCouple({ firstName: 'Nora' });
    await until(() => expect([third.index.get(id), third.index.get(gone)].includes(undefined)).toBe(false));
    await stage(here, 'stored');
    await third.close();

    const offline = open(away, NOWHERE);
    await until(() => expect(offline.canEdit.value).toBe(true));
    offline.actions.edit(id, { venue: 'Barn', email: 'maya@example.com' });
    there.actions.edit(id, { venue: 'Lake House' });
    there.actions.remove([gone]);
    await until(() => expect(here.index.get(id)?.values.venue).toBe('Lake House'));
    await until(() => expect(offline.waiting(id)).toBe('device'));
    await Promise.all([stage(here, 'stored'), stage(there, 'stored')]);
    await offline.close();

    const before = await lineageOf();
    expect(await rebuild()).toMatchObject({ clients: expect.any(Number) });
    expect(await lineageOf()).not.toBe(before);
    // Edits of the same moment, on the relay that knows and on the one that does not yet.
    here.actions.edit(id, { phone: '030 1234' });
    there.actions.edit(id, { price: '320000 USD' });
    const back = open(away, relays[0].syncUrl);
    for (const session of [here, there, back]) {
      await until(() =>
        expect(session.index.get(id)?.values).toMatchObject({
          email: 'maya@example.com',
          phone: '030 1234',
          price: '320000 USD',
        }),
      );
      expect(
        session.index
          .get(id)
          ?.conflicts.venue?.map(({ value }) => value)
          .sort(),
      ).toEqual(['Barn', 'Lake House']);
      expect(session.index.get(gone)?.state).toBe('trashed');
    }
    await Promise.all([here, there, back].map((session) => stage(session, 'stored')));
    expect(shown(there)).toEqual(shown(here));
    expect(shown(back)).toEqual(shown(here));
    await expectReadModelEqual(studio, here.index);
  });

  it('the relay’s own writer, field history, versions and restore go on under the new lineage', async () => {
    const here = open(createBrowser(), relays[0].syncUrl);
    await stage(here, 'stored');
    await studio.send({ type: 'client.created', clientId: 'c7', changes: { firstName: 'Ida' } });
    const id = studio.recordId('c7');
    await until(() => expect(here.index.get(id)?.values.firstName).toBe('Ida'));
    const versions = `/api/lists/${studio.listId}/versions`;
    const version = (await relays[0].api(studio.token, 'POST', versions, { name: 'before' })) as {
      id: string;
    };
    await rebuild();
    for (const relay of relays)
      await studio.on(relay).send({
        type: 'client.updated',
        clientId: 'c7',
        changes: relay === relays[0] ? { venue: 'Old Mill' } : { phone: '030 99' },
      });
    await until(() =>
      expect(here.index.get(id)?.values).toMatchObject({ venue: 'Old Mill', phone: '030 99' }),
    );
    here.actions.edit(id, { firstName: 'Ida Marie' });
    await stage(here, 'stored');
    await rebuild();
    await relays[0].api(studio.token, 'POST', `${versions}/${version.id}/restore`);
    await until(() => expect(here.index.get(id)?.values.firstName).toBe('Ida'));
    await stage(here, 'stored');
    await expectReadModelEqual(studio, here.index);
    const history = JSON.stringify(
      await relays[0].api(studio.token, 'GET', `/api/lists/${studio.listId}/history/${id}`),
    );
    for (const value of ['Old Mill', '030 99', 'Ida Marie']) expect(history).toContain(value);
  });

  it('of notes keeps the text and what was typed offline', async () => {
    const browser = createBrowser();
    const [here, there] = [open(browser, relays[0].syncUrl), open(createBrowser(), relays[1].syncUrl)];
    await Promise.all([stage(here, 'stored'), stage(there, 'stored')]);
    const id = here.actions.addCouple({ firstName: 'Ola' });
    const [mine, theirs] = [here.notes(id), there.notes(id)];
    await until(() => expect([mine.state.value, theirs.state.value]).toEqual(['ready', 'ready']));
    mine.apply('First dance outside.');
    await until(() => expect(theirs.text.value).toBe('First dance outside.'));
    await stage(here, 'stored');
    await here.close();
    const offline = open(browser, NOWHERE);
    const note = offline.notes(id);
    await until(() => expect(note.text.value).toBe('First dance outside.'));
    note.apply('First dance outside. Bring lights.');
    await until(() => expect(offline.waiting(id)).toBe('device'));
    await offline.close();
    const [row] = await supabase.postgres.run(
      'postgres',
      `select doc_id from wedsync.documents where kind = 'notes' and list_id = '${studio.listId}' and head > 0`,
    );
    await rebuild(String(row?.doc_id));
    const back = open(browser, relays[1].syncUrl);
    const again = back.notes(id);
    await until(() => expect(theirs.text.value).toBe('First dance outside. Bring lights.'));
    expect(again.text.value).toBe('First dance outside. Bring lights.');
  });

  it('a lineage that was changed in the database by hand is noticed by rooms that are open', async () => {
    const [here, there] = [
      open(createBrowser(), relays[0].syncUrl),
      open(createBrowser(), relays[1].syncUrl),
    ];
    await Promise.all([stage(here, 'stored'), stage(there, 'stored')]);
    const sql = `update wedsync.documents set lineage = '0123456789abcdef' where doc_id = '${studio.listId}'`;
    await supabase.postgres.run('postgres', sql);
    const id = here.actions.addCouple({ firstName: 'Pia' });
    await until(() => expect(there.index.get(id)?.values.firstName).toBe('Pia'));
    await Promise.all([stage(here, 'stored'), stage(there, 'stored')]);
    expect(await lineageOf()).toBe('0123456789abcdef');
  });
});
