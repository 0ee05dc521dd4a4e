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
  it('UI-6 DOC-R15 changes many couples as one change of the document and one step of undo', () => {
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
    expect(actions.undo()).toEqual({ ok: true, name: 'Set 3 couples to Booked' });
    expect([first, second, third].map((id) => shown(id).status)).toEqual(['enquiry', 'booked', 'enquiry']);
    expect(shown(third)['tag:June'] ?? null).toBeNull();
    expect(actions.redo()).toMatchObject({ ok: true });
    expect(shown(first)).toMatchObject({ status: 'booked', 'tag:June': true });
  });

  it('UI-6 DOC-6 takes back and repeats edits, additions and deletions, one step each', () => {
    const { actions } = session;
    expect(actions.undo()).toEqual({ ok: false, reason: 'nothing' });
    const id = actions.addCouple({ firstName: 'Maya' });
    actions.edit(id, { venue: 'Old Mill', status: 'booked' }, 'Change venue');
    actions.remove([id]);
    expect(session.undoState.value).toEqual({ undo: 'Delete couple' });
    expect(actions.undo()).toEqual({ ok: true, name: 'Delete couple' });
    expect(session.index.get(id)?.state).toBe('alive');
    expect(actions.undo()).toEqual({ ok: true, name: 'Change venue' });
    expect(shown(id).venue ?? null).toBeNull();
    expect(actions.redo()).toEqual({ ok: true, name: 'Change venue' });
    expect(shown(id)).toMatchObject({ venue: 'Old Mill', status: 'booked' });
    actions.undo();
    actions.undo();
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
    expect(session.actions.undo()).toEqual({ ok: false, reason: 'changed-since', name: 'Edit' });
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
    expect(session.actions.undo()).toMatchObject({ ok: true });
    expect(session.index.ids()).toEqual([kept]);
    expect(session.actions.redo()).toMatchObject({ ok: true });
    expect(session.index.ids()).toHaveLength(450);
    await other.close();
  });

  it('UI-6 survives a reload of the tab, and an undo is stored like any edit', async () => {
    const id = session.actions.addCouple({ firstName: 'Maya' });
    session.actions.edit(id, { firstName: 'Mia' });
    await until(() => expect(session.status.value.stage).toBe('stored'));
    await session.close();
    session = await open();
    expect(session.actions.undo()).toEqual({ ok: true, name: 'Edit' });
    expect(shown(id).firstName).toBe('Maya');
    await until(() => expect(session.status.value.stage).toBe('stored'));
    expect(createListIndex(relay.doc(LIST_ID)).get(id)?.values.firstName).toBe('Maya');
  });

  it('UI-6 remembers the last 50 actions', () => {
    const id = session.actions.addCouple({ firstName: 'Maya' });
    for (let n = 0; n < 60; n++) session.actions.edit(id, { venue: `Venue ${n}` });
    let undone = 0;
    while (session.actions.undo().ok) undone += 1;
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
