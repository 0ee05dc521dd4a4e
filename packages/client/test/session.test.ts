// The engine against a real relay process with its embedded database. IndexedDB and the tab APIs are stand-ins; the
// socket, the wire, the receipts and the commits are real.
import 'fake-indexeddb/auto';
import { createSubscribable } from '@wedsync/shared';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { makeDataDir, type RunningRelay, startRelay } from '../../relay/test/helpers/relay.ts';
import { STORAGE_LIMITS } from '../src/persistence/storage-options.ts';
import type { AccountState, Person } from '../src/session/account.ts';
import type { ListSession } from '../src/session/list-session.ts';
import { openListSession } from '../src/session/open-list-session.ts';
import { createFakeChannels, createFakeLocks, createFakeSignals } from '../src/testing/fake-tabs.ts';

let relay: RunningRelay;
let listId: string;
const email = 'anna@example.com';
const sessions: ListSession[] = [];

beforeAll(async () => {
  relay = await startRelay({ dataDir: makeDataDir() });
  const token = await relay.token({ email });
  listId = ((await relay.api(token, 'POST', '/api/lists', { name: 'Couples' })) as { id: string }).id;
});
afterEach(async () => {
  await Promise.all(sessions.splice(0).map((session) => session.close()));
});

/** A browser of its own: what is opened with the same one shares storage, locks and channels. */
const createBrowser = () => ({
  storage: { indexedDB: new IDBFactory(), limits: STORAGE_LIMITS },
  locks: createFakeLocks(),
  openChannel: createFakeChannels(),
});

async function open(
  browser: ReturnType<typeof createBrowser>,
  socketBase = relay.syncUrl,
  now = Date.now,
): Promise<ListSession> {
  const token = await relay.token({ email }).catch(() => 'none');
  const person: Person = { id: 'anna', email };
  const session = openListSession({
    person,
    listId,
    account: {
      state: createSubscribable<AccountState>({ state: 'signed-in', person, needsSignIn: false }),
      getToken: async () => ({ token }),
    },
    now,
    platform: { ...browser, signals: createFakeSignals(), socketBase },
  });
  sessions.push(session);
  return session;
}

/** A hang guard: what is waited for takes milliseconds on a quiet machine. */
const until = (claim: () => void): Promise<void> => vi.waitFor(claim, { timeout: 60_000, interval: 10 });
const stage = (session: ListSession, name: string): Promise<void> =>
  until(() => expect(session.status.value.stage).toBe(name));

describe('engine and relay', () => {
  it('SYNC-1 two devices converge, and each edit is confirmed by the database', async () => {
    const [here, there] = [await open(createBrowser()), await open(createBrowser())];
    await Promise.all([stage(here, 'stored'), stage(there, 'stored')]);
    const id = here.actions.addCouple({ firstName: 'Maya', weddingDate: '2027-06-12' });
    await until(() => expect(there.index.get(id)?.values.firstName).toBe('Maya'));
    there.actions.edit(id, { venue: 'Old Mill' });
    await until(() => expect(here.index.get(id)?.values.venue).toBe('Old Mill'));
    await Promise.all([stage(here, 'stored'), stage(there, 'stored')]);
    expect(here.status.value).toMatchObject({ waitingRecords: 0, isConnected: true });
  });

  it('SYNC-7 shows the other person by the identity that the relay has verified', async () => {
    const [here, there] = [await open(createBrowser()), await open(createBrowser())];
    await Promise.all([stage(here, 'stored'), stage(there, 'stored')]);
    there.setEditing('r1');
    await until(() => expect(here.presence.value[0]).toMatchObject({ recordId: 'r1' }));
    expect(here.presence.value[0]?.personId).not.toBe('anna');
    expect(here.presence.value[0]?.name).toContain('anna');
  });

  it('DOC-2 the same field changed offline on two devices shows one value on both, and offers the other', async () => {
    const browsers = [createBrowser(), createBrowser()];
    const [a, b] = [await open(browsers[0]!), await open(browsers[1]!)];
    await Promise.all([stage(a, 'stored'), stage(b, 'stored')]);
    const id = a.actions.addCouple({ firstName: 'Nora', weddingDate: '2027-06-12' });
    await until(() => expect(b.index.get(id)).toBeDefined());
    await stage(a, 'stored');
    await Promise.all(sessions.splice(0).map((session) => session.close()));
    const nowhere = 'ws://127.0.0.1:1/sync';
    // Ten seconds pass on the second device before its edit: far more than server times of two sockets differ by.
    const later = () => Date.now() + 10_000;
    const [offlineA, offlineB] = [
      await open(browsers[0]!, nowhere),
      await open(browsers[1]!, nowhere, later),
    ];
    await until(() => expect(offlineA.canEdit.value && offlineB.canEdit.value).toBe(true));
    offlineA.actions.edit(id, { weddingDate: '2027-06-19' });
    offlineB.actions.edit(id, { weddingDate: '2027-06-26' });
    await until(() => expect([offlineA.waiting(id), offlineB.waiting(id)]).toEqual(['device', 'device']));
    await Promise.all(sessions.splice(0).map((session) => session.close()));
    const [onlineA, onlineB] = [await open(browsers[0]!), await open(browsers[1]!)];
    await Promise.all([stage(onlineA, 'stored'), stage(onlineB, 'stored')]);
    for (const session of [onlineA, onlineB]) {
      await until(() => expect(session.index.get(id)?.values.weddingDate).toBe('2027-06-26'));
      expect(session.index.get(id)?.conflicts.weddingDate?.map(({ value }) => value)).toEqual([
        '2027-06-26',
        '2027-06-19',
      ]);
    }
    onlineA.actions.resolve(id, 'weddingDate', '2027-06-19');
    await until(() => expect(onlineB.index.get(id)?.conflicts).toEqual({}));
    expect(onlineB.index.get(id)?.values.weddingDate).toBe('2027-06-19');
  });

  it('keeps notes of two devices, and has them without network', async () => {
    const browser = createBrowser();
    const [here, there] = [await open(browser), await open(createBrowser())];
    await Promise.all([stage(here, 'stored'), stage(there, 'stored')]);
    const id = here.actions.addCouple({ firstName: 'Ida' });
    const [mine, theirs] = [here.notes(id), there.notes(id)];
    await until(() => expect([mine.state.value, theirs.state.value]).toEqual(['ready', 'ready']));
    mine.apply('First dance outside.');
    await until(() => expect(theirs.text.value).toBe('First dance outside.'));
    theirs.apply('First dance outside. Bring lights.');
    await until(() => expect(mine.text.value).toBe('First dance outside. Bring lights.'));
    await stage(here, 'stored');
    await here.close();
    const offline = await open(browser, 'ws://127.0.0.1:1/sync');
    const note = offline.notes(id);
    await until(() => expect(note.text.value).toBe('First dance outside. Bring lights.'));
  });

  it('RELAY-1 an edit of the moment the relay was killed is never called stored before it is', async () => {
    const dataDir = makeDataDir();
    const mortal = await startRelay({ dataDir });
    const token = await mortal.token({ email });
    const list = (await mortal.api(token, 'POST', '/api/lists', { name: 'Couples' })) as { id: string };
    const person: Person = { id: 'anna', email };
    let syncUrl = mortal.syncUrl;
    let current = token;
    const browser = createBrowser();
    const openHere = () => {
      const session = openListSession({
        person,
        listId: list.id,
        account: {
          state: createSubscribable<AccountState>({ state: 'signed-in', person, needsSignIn: false }),
          getToken: async () => ({ token: current }),
        },
        platform: { ...browser, signals: createFakeSignals(), socketBase: syncUrl },
      });
      sessions.push(session);
      return session;
    };
    const session = openHere();
    await stage(session, 'stored');
    const storedIds: string[] = [];
    const ids: string[] = [];
    session.waitingIds.subscribe((waiting) => {
      for (const id of ids) if (!waiting.has(id) && !storedIds.includes(id)) storedIds.push(id);
    });
    for (let n = 0; n < 30; n++) {
      ids.push(session.actions.addCouple({ firstName: `Couple ${n}` }));
      if (n % 10 === 9) await until(() => expect(storedIds.length).toBeGreaterThan(n - 10));
    }
    await mortal.kill9();
    await until(() => expect(session.status.value.isConnected).toBe(false));
    await session.close();
    const again = await startRelay({ dataDir });
    syncUrl = again.syncUrl;
    current = await again.token({ email });
    // What was called stored must be there for a device that has nothing.
    const fresh = openListSession({
      person,
      listId: list.id,
      account: {
        state: createSubscribable<AccountState>({ state: 'signed-in', person, needsSignIn: false }),
        getToken: async () => ({ token: current }),
      },
      platform: { ...createBrowser(), signals: createFakeSignals(), socketBase: syncUrl },
    });
    sessions.push(fresh);
    await stage(fresh, 'stored');
    for (const id of storedIds) expect(fresh.index.get(id), 'called stored, but lost').toBeDefined();
    // And what was not yet confirmed follows from the device.
    const back = openHere();
    await stage(back, 'stored');
    await until(() => expect(ids.every((id) => fresh.index.get(id) !== undefined)).toBe(true));
  });
});
