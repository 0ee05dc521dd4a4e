import 'fake-indexeddb/auto';
import { createClock, createListDoc, createListIndex, createWriter } from '@wedsync/shared';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type * as Y from 'yjs';
import type { ChannelPort } from '../tabs/channel.ts';
import { createFakeBrowser, type FakeBrowser, LIST_ID } from '../testing/fake-browser.ts';
import { createFakeRelay, type FakeRelay } from '../testing/fake-relay.ts';
import { createMemoryStorage } from '../testing/memory-storage.ts';
import type { ListSession } from './list-session.ts';

// A hang guard: with the machine busy a test of several reloads takes its time.
vi.setConfig({ testTimeout: 30_000 });

let relay: FakeRelay;
let browser: FakeBrowser;

beforeEach(() => {
  relay = createFakeRelay();
  browser = createFakeBrowser(relay);
});
afterEach(async () => {
  await browser.close();
});

/** Waits for a claim; a hang guard, not a promise about time. */
const until = (claim: () => void): Promise<void> => vi.waitFor(claim, { timeout: 15_000, interval: 5 });
const ready = (session: ListSession): Promise<void> =>
  until(() => expect(session.phase.value.state).toBe('ready'));
const stage = (session: ListSession, name: string): Promise<void> =>
  until(() => expect(session.status.value.stage).toBe(name));
const names = (session: ListSession): unknown[] =>
  session.index
    .ids()
    .map((id) => session.index.get(id)?.values.firstName)
    .sort();

/** An edit by another device, straight at the relay. */
function peerWrites(work: (writer: ReturnType<typeof createWriter>) => void, actor = 4_000): void {
  relay.write(LIST_ID, (doc: Y.Doc) => {
    const index = createListIndex(doc);
    work(createWriter({ doc, index, clock: createClock({ now: Date.now, actor }) }));
    index.close();
  });
}

describe('list session', () => {
  it('LOCAL-2 shows and accepts edits without any network, and keeps them over a reload', async () => {
    relay.isDown = true;
    const { session } = browser.open();
    await ready(session);
    expect(session.phase.value).toEqual({ state: 'ready', fetched: false });
    const id = session.actions.addCouple({ firstName: 'Maya', weddingDate: '2027-06-12' });
    session.actions.edit(id, { venue: 'Old Mill' });
    expect(session.index.get(id)?.values).toMatchObject({ firstName: 'Maya', venue: 'Old Mill' });
    await session.close();

    const again = browser.open().session;
    await ready(again);
    expect(again.index.get(id)?.values).toMatchObject({ firstName: 'Maya', venue: 'Old Mill' });
    await until(() => expect(again.status.value.waitingRecords).toBe(1));
    expect(again.status.value.stage).not.toBe('stored');
    expect(again.waiting(id)).toBe('device');
  });

  it('SYNC-1 goes from this device over sent to stored, and says stored only after the receipt', async () => {
    const { session } = browser.open();
    await stage(session, 'stored');
    relay.holdsReceipts = true;
    const stages: string[] = [];
    session.status.subscribe((status) => stages.push(status.stage));
    const id = session.actions.addCouple({ firstName: 'Maya' });
    expect(session.status.value).toMatchObject({ stage: 'saving', waitingRecords: 1 });
    await stage(session, 'sending');
    expect(session.waiting(id)).toBe('sent');
    expect(createListIndex(relay.doc(LIST_ID)).get(id)?.values.firstName).toBe('Maya');
    relay.release();
    await stage(session, 'stored');
    expect(session.waiting(id)).toBe('stored');
    expect(stages.filter((name, at) => name !== stages[at - 1])).toEqual([
      'saving',
      'device',
      'sending',
      'stored',
    ]);
    expect(session.status.value.lastStoredAt).toBeTypeOf('number');
  });

  it('SYNC-1 a relay that dies before its commit leaves the edit waiting, also after an offline reload', async () => {
    const { session } = browser.open();
    await stage(session, 'stored');
    relay.holdsReceipts = true;
    const id = session.actions.addCouple({ firstName: 'Maya' });
    await stage(session, 'sending');
    relay.isDown = true;
    relay.replace(LIST_ID, createListDoc(), 'first');
    relay.closeAll(1006);
    await until(() => expect(session.status.value.isConnected).toBe(false));
    expect(session.status.value).toMatchObject({ waitingRecords: 1 });
    await session.close();

    const again = browser.open().session;
    await until(() => expect(again.status.value.waitingRecords).toBe(1));
    expect(again.status.value.stage).not.toBe('stored');
    relay.isDown = false;
    relay.holdsReceipts = false;
    again.retryNow();
    await stage(again, 'stored');
    const index = createListIndex(relay.doc(LIST_ID));
    expect(index.get(id)?.values.firstName).toBe('Maya');
  });

  it('SYNC-1 confirms an edit whose receipt was lost with the socket', async () => {
    const { session } = browser.open();
    await stage(session, 'stored');
    relay.holdsReceipts = true;
    const id = session.actions.addCouple({ firstName: 'Maya' });
    await stage(session, 'sending');
    relay.closeAll(1006);
    relay.holdsReceipts = false;
    await stage(session, 'stored');
    expect(session.waiting(id)).toBe('stored');
  });

  it('converges with another device in both directions', async () => {
    const { session } = browser.open();
    const other = createFakeBrowser(relay);
    const there = other.open().session;
    await Promise.all([stage(session, 'stored'), stage(there, 'stored')]);
    const id = session.actions.addCouple({ firstName: 'Maya' });
    await until(() => expect(there.index.get(id)?.values.firstName).toBe('Maya'));
    there.actions.edit(id, { venue: 'Old Mill' });
    await until(() => expect(session.index.get(id)?.values.venue).toBe('Old Mill'));
    await other.close();
  });

  it('LOCAL-4 coming online again and again without an edit adds no bytes', async () => {
    peerWrites((writer) => writer.create({ firstName: 'Maya' }));
    peerWrites((writer) => writer.create({ firstName: 'Nora' }));
    const first = browser.open().session;
    await until(() => expect(names(first)).toEqual(['Maya', 'Nora']));
    await first.close();
    const size = await storedBytes();
    for (let n = 0; n < 20; n++) {
      const { session } = browser.open();
      await until(() => expect(session.status.value.isConnected).toBe(true));
      await session.close();
    }
    expect(await storedBytes()).toBe(size);
  });

  it('LOCAL-6 does not take a list that was never fetched for an empty one', async () => {
    const { session } = browser.open();
    await ready(session);
    expect(session.phase.value).toEqual({ state: 'ready', fetched: false });
    await until(() => expect(session.phase.value).toEqual({ state: 'ready', fetched: true }));
    await session.close();
    relay.isDown = true;
    const again = browser.open().session;
    await ready(again);
    expect(again.phase.value).toEqual({ state: 'ready', fetched: true });
  });

  it('LOCAL-6 says that the browser has cleared the list, and how much had not been sent', async () => {
    const memory = createMemoryStorage();
    const { session } = browser.open({ memory });
    await stage(session, 'stored');
    relay.isDown = true;
    session.actions.addCouple({ firstName: 'Maya' });
    await until(() => expect(session.status.value.waitingRecords).toBe(1));
    await session.close();
    const emptied = createFakeBrowser(relay);
    const again = emptied.open({ memory }).session;
    await ready(again);
    expect(again.phase.value).toEqual({ state: 'ready', fetched: false, wiped: { waiting: 1 } });
    relay.isDown = false;
    again.retryNow();
    await until(() => expect(again.phase.value).toMatchObject({ fetched: true, wiped: { waiting: 1 } }));
    await emptied.close();
  });

  it('keeps the databases of two persons on one device apart', async () => {
    relay.isDown = true;
    const { session } = browser.open();
    await ready(session);
    session.actions.addCouple({ firstName: 'Maya' });
    await session.close();
    const guest = browser.open({ person: { id: 'person-ben', email: 'ben@example.com' } }).session;
    await ready(guest);
    expect(names(guest)).toEqual([]);
    expect(guest.status.value.waitingRecords).toBe(0);
  });
});

describe('several tabs', () => {
  it('LOCAL-3 share one socket, show each other their edits, and write each update once', async () => {
    const tabs = [browser.open(), browser.open(), browser.open()].map(({ session }) => session);
    await Promise.all(tabs.map((session) => stage(session, 'stored')));
    expect(relay.sockets(LIST_ID)).toBe(1);
    const ids = tabs.map((session, at) => session.actions.addCouple({ firstName: `Tab ${at}` }));
    for (const session of tabs)
      await until(() => expect(names(session)).toEqual(['Tab 0', 'Tab 1', 'Tab 2']));
    await Promise.all(tabs.map((session) => stage(session, 'stored')));
    expect(tabs.map((session) => ids.map((id) => session.waiting(id)))).toEqual(
      Array.from({ length: 3 }, () => ['stored', 'stored', 'stored']),
    );
    expect(createListIndex(relay.doc(LIST_ID)).get(ids[2] ?? '')?.values.firstName).toBe('Tab 2');
    peerWrites((writer) => writer.create({ firstName: 'Peer' }));
    for (const session of tabs) await until(() => expect(names(session)).toContain('Peer'));
    expect(await rowCount()).toBe(4);
  });

  it('LOCAL-3 works offline too, and another tab takes over when the leading one is closed', async () => {
    relay.isDown = true;
    const [first, second] = [browser.open().session, browser.open().session];
    await Promise.all([ready(first), ready(second)]);
    const id = first.actions.addCouple({ firstName: 'Maya' });
    await until(() => expect(second.index.get(id)?.values.firstName).toBe('Maya'));
    await until(() => expect(second.status.value.waitingRecords).toBe(1));
    await first.close();
    relay.isDown = false;
    second.retryNow();
    await stage(second, 'stored');
    expect(createListIndex(relay.doc(LIST_ID)).get(id)?.values.firstName).toBe('Maya');
    expect(relay.sockets(LIST_ID)).toBe(1);
  });

  it('LOCAL-3 an edit whose tab died between its commit and its message still gets out', async () => {
    const leader = browser.open();
    await stage(leader.session, 'stored');
    const mute: ChannelPort = { onmessage: null, postMessage: () => undefined, close: () => undefined };
    const author = browser.open({ openChannel: () => mute }).session;
    await until(() => expect(author.canEdit.value).toBe(true));
    const id = author.actions.addCouple({ firstName: 'Maya' });
    await until(() => expect(author.waiting(id)).toBe('device'));
    await author.close();
    leader.signals.give('visible');
    await until(() => expect(leader.session.index.get(id)?.values.firstName).toBe('Maya'));
    await stage(leader.session, 'stored');
    expect(createListIndex(relay.doc(LIST_ID)).get(id)?.values.firstName).toBe('Maya');
  });

  it('LOCAL-3 a tab that takes over sends what a dead tab left on the disk', async () => {
    const first = browser.open().session;
    await stage(first, 'stored');
    const second = browser.open().session;
    const mute: ChannelPort = { onmessage: null, postMessage: () => undefined, close: () => undefined };
    const author = browser.open({ openChannel: () => mute }).session;
    await until(() => expect(author.canEdit.value).toBe(true));
    const id = author.actions.addCouple({ firstName: 'Maya' });
    await until(() => expect(author.waiting(id)).toBe('device'));
    await author.close();
    await first.close();
    await until(() => expect(createListIndex(relay.doc(LIST_ID)).get(id)?.values.firstName).toBe('Maya'));
    await stage(second, 'stored');
    expect(second.index.get(id)?.values.firstName).toBe('Maya');
  });

  it('LOCAL-3 works per tab where Web Locks and BroadcastChannel are missing', async () => {
    const platform = { locks: undefined, openChannel: undefined };
    const [first, second] = [browser.open(platform).session, browser.open(platform).session];
    await Promise.all([stage(first, 'stored'), stage(second, 'stored')]);
    expect(relay.sockets(LIST_ID)).toBe(2);
    const id = first.actions.addCouple({ firstName: 'Maya' });
    await until(() => expect(second.index.get(id)?.values.firstName).toBe('Maya'));
    await Promise.all([stage(first, 'stored'), stage(second, 'stored')]);
  });

  it('shows who else is here and what they edit', async () => {
    const [first, second] = [browser.open().session, browser.open().session];
    await until(() => expect(first.presence.value).toHaveLength(1));
    await until(() => expect(second.presence.value).toHaveLength(1));
    second.setEditing('r1');
    await until(() => expect(first.presence.value[0]).toMatchObject({ recordId: 'r1', isSelf: true }));
    await second.close();
    await until(() => expect(first.presence.value).toEqual([]));
  });
});

async function withDatabase<T>(read: (stores: IDBTransaction) => IDBRequest<T>): Promise<T> {
  return await new Promise((resolve, reject) => {
    const open = browser.indexedDB.open(`wedsync:person-anna:${LIST_ID}`);
    open.onerror = () => reject(open.error);
    open.onsuccess = () => {
      const request = read(open.result.transaction(['updates', 'custom']));
      request.onsuccess = () => {
        open.result.close();
        resolve(request.result);
      };
    };
  });
}
const rowCount = (): Promise<number> => withDatabase((stores) => stores.objectStore('updates').count());
async function storedBytes(): Promise<number> {
  const rows = await withDatabase<Uint8Array[]>((stores) => stores.objectStore('updates').getAll());
  const custom = await withDatabase((stores) => stores.objectStore('custom').getAllKeys());
  return rows.reduce((sum, row) => sum + row.byteLength, 0) + custom.length * 1_000_000;
}
