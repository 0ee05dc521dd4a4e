import 'fake-indexeddb/auto';
import {
  createClock,
  createListDoc,
  createListIndex,
  createWriter,
  shardName,
  shardOf,
} from '@wedsync/shared';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type * as Y from 'yjs';
import { createFakeBrowser, type FakeBrowser, LIST_ID } from '../testing/fake-browser.ts';
import { createFakeRelay, type FakeRelay } from '../testing/fake-relay.ts';
import type { ListSession } from './list-session.ts';

// A hang guard: with the machine busy a test of several reloads takes its time.
vi.setConfig({ testTimeout: 30_000 });

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
const stage = (session: ListSession, name: string): Promise<void> =>
  until(() => expect(session.status.value.stage).toBe(name));
const atRelay = (id: string) => createListIndex(relay.doc(LIST_ID)).get(id)?.values;
const holds = (update: Uint8Array, text: string): boolean =>
  new TextDecoder('latin1').decode(update).includes(text);

/** Another lineage: the list restored to a state with one couple. */
function restored(): { doc: Y.Doc; id: string } {
  const doc = createListDoc();
  const index = createListIndex(doc);
  const { id } = createWriter({ doc, index, clock: createClock({ now: Date.now, actor: 9 }) }).create({
    firstName: 'Restored',
  });
  index.close();
  return { doc, id };
}

describe('rebase', () => {
  it('DOC-10 takes over another lineage and keeps its own pending edits under the same stamps', async () => {
    const { session } = browser.open();
    await stage(session, 'stored');
    const old = session.actions.addCouple({ firstName: 'Old' });
    await stage(session, 'stored');
    relay.isDown = true;
    relay.closeAll(1006);
    const mine = session.actions.addCouple({ firstName: 'Mine' });
    await until(() => expect(session.waiting(mine)).toBe('device'));
    const stamp = session.index.get(mine)?.stamps.firstName;
    const { doc, id } = restored();
    relay.replace(LIST_ID, doc, 'second');
    relay.isDown = false;
    session.retryNow();
    await until(() => expect(session.index.get(id)?.values.firstName).toBe('Restored'));
    await stage(session, 'stored');
    expect(session.index.get(old)).toBeUndefined();
    expect(session.index.get(mine)?.stamps.firstName).toEqual(stamp);
    expect(atRelay(mine)).toMatchObject({ firstName: 'Mine' });
    await session.close();
    relay.isDown = true;
    const again = browser.open().session;
    await until(() => expect(again.index.get(mine)?.values.firstName).toBe('Mine'));
    expect(again.index.get(id)?.values.firstName).toBe('Restored');
    expect(again.index.get(old)).toBeUndefined();
  });

  it('DOC-10 the lineage can change in the middle of the very first connection', async () => {
    let old = '';
    relay.write(LIST_ID, (doc) => {
      const index = createListIndex(doc);
      const writer = createWriter({ doc, index, clock: createClock({ now: Date.now, actor: 8 }) });
      old = writer.create({ firstName: 'Old' }).id;
      index.close();
    });
    const { doc, id } = restored();
    const { session } = browser.open();
    const cut = session.index.subscribe(({ ids }) => {
      if (!ids.has(old)) return;
      cut();
      // What the relay has is here; nothing was said to be complete or stored.
      relay.replace(LIST_ID, doc, 'second');
      relay.closeAll(1006);
    });
    await until(() => expect(session.index.get(old)).toBeDefined());
    const mine = session.actions.addCouple({ firstName: 'Mine' });
    session.retryNow();
    await until(() => expect(session.index.get(id)?.values.firstName).toBe('Restored'));
    await stage(session, 'stored');
    expect(session.index.get(old)).toBeUndefined();
    expect(atRelay(old)).toBeUndefined();
    expect(atRelay(mine)).toMatchObject({ firstName: 'Mine' });
  });

  it('DOC-10 the lineage can change while connected', async () => {
    const { session } = browser.open();
    await stage(session, 'stored');
    const { doc, id } = restored();
    relay.replace(LIST_ID, doc, 'second');
    relay.closeAll(4409);
    await until(() => expect(session.index.get(id)?.values.firstName).toBe('Restored'));
    await stage(session, 'stored');
  });

  it('DOC-10 all tabs of the device move to the new document, with what they had not saved', async () => {
    const [first, second] = [browser.open().session, browser.open().session];
    await Promise.all([stage(first, 'stored'), stage(second, 'stored')]);
    const { doc, id } = restored();
    relay.replace(LIST_ID, doc, 'second');
    relay.closeAll(4409);
    const ids = [first, second].map((session, at) => session.actions.addCouple({ firstName: `Tab ${at}` }));
    for (const session of [first, second]) {
      await until(() => expect(session.index.get(id)?.values.firstName).toBe('Restored'));
      for (const own of ids) await until(() => expect(session.index.get(own)).toBeDefined());
    }
    await Promise.all([stage(first, 'stored'), stage(second, 'stored')]);
    for (const own of ids) expect(atRelay(own)).toBeDefined();
  });

  it('DOC-10 keeps an edit whose tab closes just as another tab has replaced the copy', async () => {
    const [first, second] = [browser.open().session, browser.open().session];
    await Promise.all([stage(first, 'stored'), stage(second, 'stored')]);
    const { doc, id } = restored();
    const closed = new Promise<string>((resolve) => {
      first.index.subscribe(({ ids }) => {
        if (!ids.has(id) || !second.canEdit.value) return;
        // The other tab has not heard of it yet: its write will be refused by the new copy.
        const own = second.actions.addCouple({ firstName: 'Late' });
        void second.close().then(() => resolve(own));
      });
    });
    relay.replace(LIST_ID, doc, 'second');
    relay.closeAll(4409);
    const own = await closed;
    await until(() => expect(first.index.get(own)?.values.firstName).toBe('Late'));
    await stage(first, 'stored');
    expect(atRelay(own)).toMatchObject({ firstName: 'Late' });
  });

  it('DOC-10 sets one refused action aside, keeps the rest, and is not stuck', async () => {
    relay.refuse = (update) => (holds(update, 'Poison') ? { code: 4424, retryable: false } : undefined);
    const { session } = browser.open();
    await stage(session, 'stored');
    const good = session.actions.addCouple({ firstName: 'Good' });
    const bad = session.actions.addCouple({ firstName: 'Poison' });
    const later = session.actions.addCouple({ firstName: 'Later' });
    await until(() => expect(session.setAside.value).toHaveLength(1));
    expect(session.setAside.value[0]).toMatchObject({
      recordIds: [bad],
      reason: 'structure',
      name: 'Add couple',
    });
    await until(() => expect(atRelay(later)).toMatchObject({ firstName: 'Later' }));
    expect(atRelay(good)).toMatchObject({ firstName: 'Good' });
    await until(() => expect(session.status.value.waitingRecords).toBe(0));
    expect(session.index.get(bad)).toBeUndefined();
    expect(session.waiting(bad)).toBe('stuck');
    expect(session.status.value).toMatchObject({ stage: 'rights-lost', setAsideRecords: 1 });
    expect(await (await session.exportSetAside()).text()).toContain('Poison');
    await session.discardSetAside(session.setAside.value.map(({ key }) => key));
    await stage(session, 'stored');
  });

  it('DOC-10 finds the culprit among many edits that were made offline', async () => {
    relay.isDown = true;
    const { session } = browser.open();
    await until(() => expect(session.canEdit.value).toBe(true));
    const ids = ['A', 'B', 'Poison', 'C'].map((firstName) => session.actions.addCouple({ firstName }));
    relay.refuse = (update) => (holds(update, 'Poison') ? { code: 4413, retryable: false } : undefined);
    relay.isDown = false;
    session.retryNow();
    await until(() => expect(session.setAside.value.map(({ recordIds }) => recordIds)).toEqual([[ids[2]]]));
    await until(() => expect(session.status.value.waitingRecords).toBe(0));
    expect(ids.map((id) => atRelay(id)?.firstName)).toEqual(['A', 'B', undefined, 'C']);
  });

  it('SYNC-6 a demoted person keeps refused edits, exportable, and sees the list as it is', async () => {
    const { session } = browser.open();
    await stage(session, 'stored');
    relay.isDown = true;
    relay.closeAll(1006);
    const id = session.actions.addCouple({ firstName: 'Unsent' });
    await until(() => expect(session.waiting(id)).toBe('device'));
    relay.access = 'read';
    relay.isDown = false;
    session.retryNow();
    await until(() => expect(session.setAside.value).toHaveLength(1));
    await until(() => expect(session.index.get(id)).toBeUndefined());
    expect(session.status.value.stage).toBe('rights-lost');
    await until(() => expect(session.canEdit.value).toBe(false));
    expect(() => session.actions.addCouple({ firstName: 'No' })).toThrow();
    expect(await (await session.exportBackup()).text()).toContain('Unsent');
  });

  it('SYNC-6 a removed person keeps unsent edits too, over a reload', async () => {
    const { session } = browser.open();
    await stage(session, 'stored');
    relay.isDown = true;
    relay.closeAll(1006);
    const id = session.actions.addCouple({ firstName: 'Unsent' });
    await until(() => expect(session.waiting(id)).toBe('device'));
    relay.isDown = false;
    relay.holdsReceipts = true;
    session.retryNow();
    await until(() => expect(relay.sockets(LIST_ID)).toBe(1));
    relay.closeAll(4403);
    await until(() => expect(session.setAside.value).toHaveLength(1));
    expect(session.status.value).toMatchObject({ stage: 'rights-lost', waitingRecords: 0 });
    await session.close();
    relay.isDown = true;
    const again = browser.open().session;
    await until(() => expect(again.setAside.value[0]?.recordIds).toEqual([id]));
  });

  it('DOC-10 does not loop fast when a relay refuses everything', async () => {
    relay.refuse = () => ({ code: 4422, retryable: false });
    const { session } = browser.open();
    await stage(session, 'stored');
    for (let n = 0; n < 5; n++) session.actions.addCouple({ firstName: `Couple ${n}` });
    await until(() => expect(session.setAside.value).toHaveLength(5));
    await until(() => expect(session.status.value.waitingRecords).toBe(0));
    expect(relay.opened).toBeLessThan(60);
  });

  it('LOCAL-5 a damaged row is moved aside; the relay and the journal bring its content back', async () => {
    const { session } = browser.open();
    await stage(session, 'stored');
    const kept = session.actions.addCouple({ firstName: 'Kept' });
    await stage(session, 'stored');
    relay.isDown = true;
    relay.closeAll(1006);
    const id = session.actions.addCouple({ firstName: 'Damaged' });
    await until(() => expect(session.waiting(id)).toBe('device'));
    await session.close();
    await damageLastRow();
    const again = browser.open().session;
    await until(() => expect(again.phase.value.state).toBe('ready'));
    expect(again.storageFault.value?.kind).toBe('row-damaged');
    expect(again.index.get(kept)?.values.firstName).toBe('Kept');
    expect(again.status.value.waitingRecords).toBe(1);
    relay.isDown = false;
    again.retryNow();
    await stage(again, 'stored');
    expect(again.index.get(id)?.values.firstName).toBe('Damaged');
    expect(atRelay(id)).toMatchObject({ firstName: 'Damaged' });
    expect(again.storageFault.value).toBeUndefined();
  });

  it('a gap that the relay finds is closed by sending once more', async () => {
    const { session } = browser.open();
    await stage(session, 'stored');
    let gaps = 0;
    relay.refuse = () => {
      gaps += 1;
      return gaps === 1 ? { code: 4423, retryable: true } : undefined;
    };
    const id = session.actions.addCouple({ firstName: 'Maya' });
    await stage(session, 'stored');
    expect(gaps).toBe(2);
    expect(relay.doc(LIST_ID).getArray(shardName(shardOf(id))).length).toBe(1);
  });
});

async function damageLastRow(): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const open = browser.indexedDB.open(`wedsync:person-anna:${LIST_ID}`);
    open.onerror = () => reject(open.error);
    open.onsuccess = () => {
      const transaction = open.result.transaction('updates', 'readwrite');
      const cursor = transaction.objectStore('updates').openCursor(null, 'prev');
      cursor.onsuccess = () => {
        const row = new Uint8Array(cursor.result?.value as Uint8Array);
        row[row.length - 3] = (row[row.length - 3] ?? 0) ^ 4;
        cursor.result?.update(row);
      };
      transaction.oncomplete = () => {
        open.result.close();
        resolve();
      };
    };
  });
}
