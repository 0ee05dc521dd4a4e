import 'fake-indexeddb/auto';
import { createListDoc } from '@wedsync/shared';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDocumentDatabase, type DocumentDatabase } from '../persistence/document-database.ts';
import { STORAGE_LIMITS } from '../persistence/storage-options.ts';
import { createFakeBrowser, type FakeBrowser, type FakeTab, LIST_ID } from '../testing/fake-browser.ts';
import { createFakeRelay, type FakeRelay } from '../testing/fake-relay.ts';
import type { ListSession } from './list-session.ts';
import { snapshotIndex } from './list-snapshot.ts';
import { databaseName } from './open-list-session.ts';

let relay: FakeRelay;
let browser: FakeBrowser;

beforeEach(() => {
  relay = createFakeRelay(createListDoc);
  browser = createFakeBrowser(relay);
});
afterEach(async () => {
  await browser.close();
});

const until = (claim: () => void): Promise<void> => vi.waitFor(claim, { timeout: 15_000, interval: 5 });
const stored = (session: ListSession): Promise<void> =>
  until(() => expect(session.status.value.stage).toBe('stored'));

/** A list with one couple, whose first rows were kept when its page was hidden. */
async function keepOne(): Promise<{ id: string; tab: FakeTab }> {
  const tab = browser.open();
  await stored(tab.session);
  const id = tab.session.actions.addCouple({ firstName: 'Zoë', weddingDate: '2027-06-12' });
  await stored(tab.session);
  tab.signals.give('hidden');
  return { id, tab };
}

/** What the screens could show before the list was read. */
async function shownWhileOpening({ session }: FakeTab): Promise<readonly string[]> {
  const shown: string[] = [];
  const look = (): void => {
    if (session.phase.value.state !== 'opening') return;
    if (session.canEdit.value) shown.push('can be edited');
    // What comes from the document has stamps.
    const { index } = session;
    shown.push(...index.ids().filter((id) => index.get(id)?.stamps.firstName === undefined));
  };
  session.index.subscribe(look);
  await until(() => expect(session.phase.value.state).toBe('ready'));
  return shown;
}

describe('the first rows of a cold start', () => {
  it('LOCAL-6 a backup that is asked for meanwhile waits for the list: it holds every couple', async () => {
    const { tab } = await keepOne();
    for (let n = 0; n < 60; n += 1)
      tab.session.actions.addCouple({ firstName: `C${n}`, weddingDate: '2027-06-13' });
    tab.session.actions.addCouple({ firstName: 'Last of all' });
    await stored(tab.session);
    tab.signals.give('hidden');
    await tab.session.close();
    const again = browser.open();
    const shown: number[] = [];
    again.session.index.subscribe(() => shown.push(again.session.index.ids().length));
    const blob = await again.session.exportBackup();
    expect(shown[0]).toBe(60);
    expect(again.session.index.ids()).toHaveLength(62);
    expect(await blob.text()).toContain('Last of all');
  });

  it('LOCAL-2 are there, to read only, before the list is read; then the list takes over', async () => {
    const { id, tab } = await keepOne();
    await tab.session.close();
    relay.isDown = true;
    const again = browser.open();
    expect(await shownWhileOpening(again)).toEqual([id]);
    expect(again.session.index.get(id)?.values).toMatchObject({ firstName: 'Zoë' });
    expect(again.session.index.get(id)?.stamps.firstName).toBeDefined();
    expect(again.session.canEdit.value).toBe(true);
  });

  it('LOCAL-2 are never those of another person, nor of a device that was cleared', async () => {
    const { id, tab } = await keepOne();
    await tab.session.close();
    const ben = browser.open({ person: { id: 'person-ben', email: 'ben@example.com' } });
    expect(await shownWhileOpening(ben)).not.toContain(id);
    await ben.session.close();
    const cleared = browser.open({ storage: { indexedDB: new IDBFactory(), limits: STORAGE_LIMITS } });
    expect(await shownWhileOpening(cleared)).not.toContain(id);
  });

  it('LOCAL-2 LOCAL-4 opening again and again without a change keeps the very same', async () => {
    const { tab } = await keepOne();
    await tab.session.close();
    const before = await readKept();
    for (let n = 0; n < 5; n++) {
      const again = browser.open();
      await stored(again.session);
      again.signals.give('hidden');
      await again.session.close();
    }
    expect(await readKept()).toEqual(before);
    expect(before).toMatchObject({ format: 1 });
  });
});

async function readKept(): Promise<unknown> {
  const database = openDatabase(browser.indexedDB, databaseName('person-anna', LIST_ID));
  const kept = await database.readSnapshot();
  database.close();
  return kept;
}

const openDatabase = (indexedDB: IDBFactory, name: string): DocumentDatabase =>
  createDocumentDatabase({ name, storage: { indexedDB, limits: STORAGE_LIMITS } });

describe('what is kept for a cold start', () => {
  const edit = { key: 'tab/1', name: 'Edit', recordIds: ['a'], at: 1, intent: null };
  let database: DocumentDatabase;
  let generation: string;

  beforeEach(async () => {
    database = openDatabase(new IDBFactory(), 'kept');
    ({ generation } = (await database.read()).marks);
    await database.commit({ generation, snapshot: { format: 1 }, durability: 'relaxed' });
    expect(await database.readSnapshot()).toEqual({ format: 1 });
  });
  afterEach(() => database.close());

  it('LOCAL-2 goes with an edit that it does not show', async () => {
    await database.commit({ generation, journal: [edit], durability: 'strict' });
    expect(await database.readSnapshot()).toBeUndefined();
  });

  it('LOCAL-2 goes with the copy when another lineage takes its place, and is refused by it', async () => {
    const replace = { knownJournal: new Set<string>() };
    await database.commit({ generation, replace, marks: { generation: 'next' }, durability: 'strict' });
    expect(await database.readSnapshot()).toBeUndefined();
    await database.commit({ generation, snapshot: { format: 1 }, durability: 'relaxed' });
    expect(await database.readSnapshot()).toBeUndefined();
  });

  it('LOCAL-2 of another format is not shown', () => {
    expect(snapshotIndex({ format: 1, records: [], meta: [] })).toBeDefined();
    expect(snapshotIndex({ format: 2, records: [], meta: [] })).toBeUndefined();
    expect(snapshotIndex('anything')).toBeUndefined();
    expect(snapshotIndex(undefined)).toBeUndefined();
  });
});
