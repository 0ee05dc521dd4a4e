import 'fake-indexeddb/auto';
import { createListDoc } from '@wedsync/shared';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createFakeBrowser, type FakeBrowser, LIST_ID } from '../testing/fake-browser.ts';
import { createFakeRelay, type FakeRelay } from '../testing/fake-relay.ts';
import { applySetAside } from './apply-set-aside.ts';
import type { ListSession } from './list-session.ts';
import { restoreBackup } from './restore-backup.ts';

// A hang guard: with the machine busy a test of several reloads takes its time.
vi.setConfig({ testTimeout: 30_000 });

let relay: FakeRelay;
let browser: FakeBrowser;
const opened: FakeBrowser[] = [];

beforeEach(() => {
  relay = createFakeRelay(createListDoc);
  browser = openBrowser();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each.close()));
});

function openBrowser(): FakeBrowser {
  const made = createFakeBrowser(relay);
  opened.push(made);
  return made;
}

const until = (claim: () => void): Promise<void> => vi.waitFor(claim, { timeout: 15_000, interval: 5 });
const stage = (session: ListSession, name: string): Promise<void> =>
  until(() => expect(session.status.value.stage).toBe(name));
const backup = async (session: ListSession): Promise<string> => await (await session.exportBackup()).text();
const plain = (session: ListSession) =>
  [...session.index.ids(), ...session.index.trash()]
    .map((id) => session.index.get(id))
    .map((view) => ({ id: view?.id, state: view?.state, values: view?.values }))
    .sort((a, b) => String(a.id).localeCompare(String(b.id)));

async function writeNote(session: ListSession, id: string, text: string): Promise<void> {
  const note = session.notes(id);
  await until(() => expect(note.state.value).toBe('ready'));
  note.apply(text);
  note.close();
}

it('LOCAL-6 a backup opened in an empty list brings everything back, and a second time adds nothing', async () => {
  const { session } = browser.open();
  await stage(session, 'stored');
  const ada = session.actions.addCouple({ firstName: 'Ada', weddingDate: '2027-06-12', venue: 'Mill' });
  const gone = session.actions.addCouple({ firstName: 'Gone' });
  session.actions.remove([gone]);
  await writeNote(session, ada, 'First dance outside.');
  await stage(session, 'stored');
  const file = await backup(session);
  const before = plain(session);
  // Another relay that has nothing of it.
  relay = createFakeRelay(createListDoc);
  const { session: fresh } = openBrowser().open();
  await stage(fresh, 'stored');
  expect(await restoreBackup(fresh, file)).toEqual({ ok: true, added: 2, changed: 1, notes: 1 });
  expect(plain(fresh)).toEqual(before);
  const note = fresh.notes(ada);
  await until(() => expect(note.text.value).toBe('First dance outside.'));
  await stage(fresh, 'stored');
  expect(await restoreBackup(fresh, file)).toEqual({ ok: true, added: 0, changed: 0, notes: 0 });
  expect(plain(fresh)).toEqual(before);
});

it('LOCAL-6 DOC-4 a conflict comes back with every value that stood in it, and can be settled', async () => {
  const { session } = browser.open();
  await stage(session, 'stored');
  const id = session.actions.addCouple({ firstName: 'Ada', venue: 'Mill', packageName: 'Small' });
  await stage(session, 'stored');
  const { session: other } = openBrowser().open();
  await stage(other, 'stored');
  relay.isDown = true;
  relay.closeAll(1006);
  session.actions.edit(id, { venue: 'Barn', packageName: 'Large' });
  other.actions.edit(id, { venue: 'Castle' });
  relay.isDown = false;
  for (const each of [session, other]) each.retryNow();
  const standing = (of: ListSession) => of.index.get(id)?.conflicts.venue?.map(({ value }) => value);
  await until(() => expect(standing(session)).toHaveLength(2));
  await stage(session, 'stored');
  const file = await backup(session);
  const before = { standing: standing(session), values: session.index.get(id)?.values };
  relay = createFakeRelay(createListDoc);
  const { session: fresh } = openBrowser().open();
  await stage(fresh, 'stored');
  expect(await restoreBackup(fresh, file)).toMatchObject({ ok: true, added: 1 });
  expect({ standing: standing(fresh), values: fresh.index.get(id)?.values }).toEqual(before);
  expect(Object.keys(fresh.index.get(id)?.conflicts ?? {})).toEqual(['venue']);
  expect(await restoreBackup(fresh, file)).toMatchObject({ added: 0, changed: 0 });
  fresh.actions.resolve(id, 'venue', 'Castle');
  expect(standing(fresh)).toBeUndefined();
  expect(fresh.index.get(id)?.values.venue).toBe('Castle');
});

it('LOCAL-6 brings back what was never stored, and leaves alone what was written since', async () => {
  const { session } = browser.open();
  await stage(session, 'stored');
  const id = session.actions.addCouple({ firstName: 'Ada', venue: 'Mill', email: 'a@example.com' });
  await stage(session, 'stored');
  relay.isDown = true;
  relay.closeAll(1006);
  session.actions.edit(id, { venue: 'Barn' });
  session.actions.edit(id, { email: 'b@example.com' });
  const unsent = session.actions.addCouple({ firstName: 'Unsent' });
  await until(() => expect(session.status.value.waitingRecords).toBe(2));
  const file = await backup(session);
  await browser.close();
  relay.isDown = false;
  const { session: other } = openBrowser().open();
  await stage(other, 'stored');
  other.actions.edit(id, { email: 'newer@example.com' });
  expect(await restoreBackup(other, file)).toMatchObject({ ok: true, added: 1, changed: 1 });
  expect(other.index.get(id)?.values).toMatchObject({ venue: 'Barn', email: 'newer@example.com' });
  expect(other.index.get(unsent)?.values.firstName).toBe('Unsent');
  await stage(other, 'stored');
  expect(await restoreBackup(other, file)).toMatchObject({ added: 0, changed: 0 });
});

it('LOCAL-6 refuses what is no backup, what a newer app wrote, and a list that is not here yet', async () => {
  relay.isDown = true;
  const { session } = browser.open();
  await until(() => expect(session.phase.value.state).toBe('ready'));
  for (const text of ['', 'null', '{"a":1}', '[]']) {
    expect(await restoreBackup(session, text)).toEqual({ ok: false, code: 'not-a-backup' });
  }
  const file = JSON.parse(await backup(session)) as object;
  expect(await restoreBackup(session, JSON.stringify({ ...file, version: 2 }))).toMatchObject({
    code: 'newer-version',
  });
  expect(await restoreBackup(session, JSON.stringify(file))).toMatchObject({ code: 'not-here' });
  relay.isDown = false;
  session.retryNow();
  await stage(session, 'stored');
  const hostile = {
    ...file,
    records: [null, 7, { id: '../x', values: {} }, { id: 'ok', values: { venue: 7 } }],
  };
  expect(await restoreBackup(session, JSON.stringify(hostile))).toMatchObject({ ok: true, added: 1 });
  expect(session.index.get('ok')?.values.venue).toBeUndefined();
});

it('DOC-10 SYNC-6 refused edits go back into the list when the rights are back', async () => {
  const { session } = browser.open();
  await stage(session, 'stored');
  const id = session.actions.addCouple({ firstName: 'Ada', venue: 'Mill' });
  await stage(session, 'stored');
  relay.isDown = true;
  relay.closeAll(1006);
  session.actions.edit(id, { venue: 'Barn' });
  const unsent = session.actions.addCouple({ firstName: 'Unsent' });
  await until(() => expect(session.waiting(unsent)).toBe('device'));
  relay.access = 'read';
  relay.isDown = false;
  session.retryNow();
  await until(() => expect(session.setAside.value).toHaveLength(2));
  await until(() => expect(session.canEdit.value).toBe(false));
  const file = await backup(session);
  await expect(
    applySetAside(
      session,
      session.setAside.value.map(({ key }) => key),
    ),
  ).rejects.toThrow();
  expect(session.setAside.value).toHaveLength(2);
  relay.access = 'write';
  relay.closeAll(1006);
  session.retryNow();
  await until(() => expect(session.canEdit.value).toBe(true));
  expect(
    await applySetAside(
      session,
      session.setAside.value.map(({ key }) => key),
    ),
  ).toBe(2);
  expect(session.setAside.value).toEqual([]);
  await stage(session, 'stored');
  expect(session.index.get(id)?.values.venue).toBe('Barn');
  expect(session.index.get(unsent)?.values.firstName).toBe('Unsent');
  // The file of the refused edits says the same.
  expect(await restoreBackup(session, file)).toMatchObject({ ok: true, added: 0 });
  expect(relay.doc(LIST_ID)).toBeDefined();
});
