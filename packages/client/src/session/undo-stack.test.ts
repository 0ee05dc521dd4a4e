import 'fake-indexeddb/auto';
import { createListIndex } from '@wedsync/shared';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFakeBrowser, type FakeBrowser, LIST_ID } from '../testing/fake-browser.ts';
import { createFakeRelay, type FakeRelay } from '../testing/fake-relay.ts';
import { createMemoryStorage } from '../testing/memory-storage.ts';
import type { ListSession } from './list-session.ts';

vi.setConfig({ testTimeout: 30_000 });

let relay: FakeRelay;
let browser: FakeBrowser;
let session: ListSession;

const until = (claim: () => void): Promise<void> => vi.waitFor(claim, { timeout: 15_000, interval: 5 });
const open = async (from = browser): Promise<ListSession> => {
  const opened = from.open().session;
  await until(() => expect(opened.canEdit.value).toBe(true));
  return opened;
};
const shown = (id: string) => session.index.get(id)?.values ?? {};

beforeEach(async () => {
  vi.stubGlobal('sessionStorage', createMemoryStorage());
  relay = createFakeRelay();
  browser = createFakeBrowser(relay);
  session = await open();
});
afterEach(async () => {
  await browser.close();
  vi.unstubAllGlobals();
});

describe('undo and redo', () => {
  it('UI-6 DOC-R15 changes many couples as one change of the document and one step of undo', async () => {
    const { actions, index } = session;
    const ids = ['Ada', 'Bo', 'Cleo'].map((firstName) => actions.addCouple({ firstName, status: 'enquiry' }));
    const [first = '', second = '', third = ''] = ids;
    actions.edit(second, { status: 'booked' });
    const changes: (readonly string[])[] = [];
    const end = index.subscribe((change) => changes.push([...change.ids]));
    actions.editMany(ids, { status: 'booked', 'tag:June': true }, 'Set 3 couples to Booked');
    end();
    expect(changes.map((changed) => [...changed].sort())).toEqual([[...ids].sort()]);
    for (const id of ids) expect(shown(id)).toMatchObject({ status: 'booked', 'tag:June': true });
    expect(session.undoState.value.undo).toBe('Set 3 couples to Booked');
    expect(await actions.undo()).toEqual({ ok: true, name: 'Set 3 couples to Booked' });
    expect([first, second, third].map((id) => shown(id).status)).toEqual(['enquiry', 'booked', 'enquiry']);
    expect(shown(third)['tag:June'] ?? null).toBeNull();
    expect(await actions.redo()).toMatchObject({ ok: true });
    expect(shown(first)).toMatchObject({ status: 'booked', 'tag:June': true });
  });

  it('UI-6 DOC-6 takes back and repeats edits, additions and deletions, one step each', async () => {
    const { actions } = session;
    expect(await actions.undo()).toEqual({ ok: false, reason: 'nothing' });
    const id = actions.addCouple({ firstName: 'Maya' });
    actions.edit(id, { venue: 'Old Mill', status: 'booked' }, 'Change venue');
    actions.remove([id]);
    expect(session.undoState.value).toEqual({ undo: 'Delete couple' });
    expect(await actions.undo()).toEqual({ ok: true, name: 'Delete couple' });
    expect(session.index.get(id)?.state).toBe('alive');
    expect(await actions.undo()).toEqual({ ok: true, name: 'Change venue' });
    expect(shown(id).venue ?? null).toBeNull();
    expect(await actions.redo()).toEqual({ ok: true, name: 'Change venue' });
    expect(shown(id)).toMatchObject({ venue: 'Old Mill', status: 'booked' });
    await actions.undo();
    await actions.undo();
    expect(session.index.get(id)?.state).toBe('trashed');
    expect(session.undoState.value).toEqual({ redo: 'Add couple' });
    actions.addCouple({ firstName: 'Nora' });
    expect(session.undoState.value.redo).toBeUndefined();
  });

  it('DOC-6 leaves alone what somebody else has changed since, and says so', async () => {
    const other = createFakeBrowser(relay);
    const there = await open(other);
    const id = session.actions.addCouple({ firstName: 'Maya' });
    session.actions.edit(id, { venue: 'Old Mill' });
    await until(() => expect(there.index.get(id)?.values.venue).toBe('Old Mill'));
    there.actions.edit(id, { venue: 'Beach' });
    await until(() => expect(shown(id).venue).toBe('Beach'));
    expect(await session.actions.undo()).toEqual({ ok: false, reason: 'changed-since', name: 'Edit' });
    expect(shown(id).venue).toBe('Beach');
    await other.close();
  });

  it('UI-4 an import is one step, undone but for what was edited since', async () => {
    const rows = Array.from({ length: 450 }, (_, n) => ({ fields: { firstName: `Row ${n}` } }));
    const progress: number[] = [];
    const { recordIds } = await session.actions.importRows(rows, {
      onProgress: (done) => progress.push(done),
    });
    expect(session.index.ids()).toHaveLength(450);
    expect(progress).toEqual([200, 400, 450]);
    const [kept = ''] = recordIds;
    const other = createFakeBrowser(relay);
    const there = await open(other);
    await until(() => expect(there.index.get(kept)).toBeDefined());
    there.actions.edit(kept, { firstName: 'Kept' });
    await until(() => expect(shown(kept).firstName).toBe('Kept'));
    expect(await session.actions.undo()).toMatchObject({ ok: true });
    expect(session.index.ids()).toEqual([kept]);
    expect(await session.actions.redo()).toMatchObject({ ok: true });
    expect(session.index.ids()).toHaveLength(450);
    await other.close();
  });

  it('UI-4 UI-6 takes 5,000 imported rows back and brings them again with one change of the index per turn', async () => {
    const rows = Array.from({ length: 5_000 }, (_, n) => ({ fields: { firstName: `Row ${n}` } }));
    await session.actions.importRows(rows);
    const changes: number[] = [];
    const end = session.index.subscribe(({ ids }) => changes.push(ids.size));
    const clock = vi.spyOn(performance, 'now').mockReturnValue(0);
    // A turn without end: everything in one go.
    expect(await session.actions.undo()).toMatchObject({ ok: true });
    expect(changes).toEqual([5_000]);
    expect(session.index.ids()).toEqual([]);
    // Every look at the clock is 3 ms later, so that a turn of 8 ms has room for three pieces of 50.
    let time = 0;
    clock.mockImplementation(() => (time += 3));
    const redone = session.actions.redo();
    expect(changes.slice(1)).toEqual([150]);
    expect(await redone).toMatchObject({ ok: true });
    clock.mockRestore();
    expect(changes.slice(1)).toHaveLength(34);
    expect(changes.slice(1).reduce((sum, size) => sum + size)).toBe(5_000);
    expect(session.index.ids()).toHaveLength(5_000);
    end();
  });

  it('UI-6 an edit while many are taken back keeps its place, and what comes next waits for the end', async () => {
    const rows = Array.from({ length: 120 }, (_, n) => ({ fields: { firstName: `Row ${n}` } }));
    const { recordIds } = await session.actions.importRows(rows);
    const [first = ''] = recordIds;
    const other = session.actions.addCouple({ firstName: 'Maya' });
    await session.actions.undo();
    let time = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => (time += 10));
    const undone = session.actions.undo();
    session.actions.edit(first, { venue: 'Old Mill' }, 'Change venue');
    const next = session.actions.undo();
    expect(await undone).toMatchObject({ ok: true });
    expect(session.index.ids()).toEqual([first]);
    expect(await next).toEqual({ ok: true, name: 'Change venue' });
    clock.mockRestore();
    expect(session.index.get(other)?.state).toBe('trashed');
    expect(session.undoState.value).toEqual({ redo: 'Change venue' });
  });

  it('UI-6 survives a reload of the tab, and an undo is stored like any edit', async () => {
    const id = session.actions.addCouple({ firstName: 'Maya' });
    session.actions.edit(id, { firstName: 'Mia' });
    await until(() => expect(session.status.value.stage).toBe('stored'));
    await session.close();
    session = await open();
    expect(await session.actions.undo()).toEqual({ ok: true, name: 'Edit' });
    expect(shown(id).firstName).toBe('Maya');
    await until(() => expect(session.status.value.stage).toBe('stored'));
    expect(createListIndex(relay.doc(LIST_ID)).get(id)?.values.firstName).toBe('Maya');
  });

  it('UI-6 remembers the last 50 actions', async () => {
    const id = session.actions.addCouple({ firstName: 'Maya' });
    for (let n = 0; n < 60; n++) session.actions.edit(id, { venue: `Venue ${n}` });
    let undone = 0;
    while ((await session.actions.undo()).ok) undone += 1;
    expect(undone).toBe(50);
    expect(shown(id).venue).toBe('Venue 9');
  });
});

describe('actions', () => {
  it('writes only what differs, and nothing at all when nothing does', () => {
    const id = session.actions.addCouple({ firstName: 'Maya', venue: null });
    expect(Object.keys(shown(id)).sort()).toEqual(['createdAt', 'firstName']);
    const { version } = session.index;
    session.actions.edit(id, { firstName: 'Maya' });
    expect(session.index.version).toBe(version);
    expect(session.undoState.value.undo).toBe('Add couple');
  });

  it('DOC-R14 restores a trashed couple before it writes to it', () => {
    const id = session.actions.addCouple({ firstName: 'Maya' });
    session.actions.remove([id]);
    expect(session.index.trash()).toEqual([id]);
    session.actions.edit(id, { venue: 'Old Mill' });
    expect(session.index.get(id)).toMatchObject({ state: 'alive' });
    expect(shown(id)).toMatchObject({ firstName: 'Maya', venue: 'Old Mill' });
    session.actions.remove([id]);
    session.actions.restore([id]);
    expect(session.index.get(id)?.state).toBe('alive');
  });

  it('refuses values that a field cannot hold', () => {
    expect(() => session.actions.addCouple({ weddingDate: 'next June' })).toThrow();
    expect(() => session.actions.addCouple({ nonsense: 'x' })).toThrow();
    expect(session.index.ids()).toEqual([]);
  });

  it('fills known couples from an import and adds the rest', async () => {
    const id = session.actions.addCouple({ firstName: 'Maya' });
    const { recordIds } = await session.actions.importRows([
      { recordId: id, fields: { email: 'maya@example.com' } },
      { fields: { firstName: 'Nora' } },
    ]);
    expect(recordIds).toHaveLength(2);
    expect(shown(id)).toMatchObject({ firstName: 'Maya', email: 'maya@example.com' });
    expect(session.index.ids()).toHaveLength(2);
  });
});
