import 'fake-indexeddb/auto';
import { createListIndex } from '@wedsync/shared';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { StorageLimits } from '../persistence/storage-options.ts';
import { createFakeBrowser, type FakeBrowser, LIST_ID } from '../testing/fake-browser.ts';
import { createFakeRelay, type FakeRelay } from '../testing/fake-relay.ts';
import type { ListSession } from './list-session.ts';

vi.setConfig({ testTimeout: 40_000 });
/** The shape of the real limits in a tenth of the time. */
const limits: StorageLimits = { openMs: 300, loadMs: 450, recoverMs: 200 };

let relay: FakeRelay;
let browser: FakeBrowser;

beforeEach(() => {
  relay = createFakeRelay();
  browser = createFakeBrowser(relay);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await browser.close();
});

const until = (claim: () => void): Promise<void> => vi.waitFor(claim, { timeout: 20_000, interval: 5 });
const stage = (session: ListSession, name: string): Promise<void> =>
  until(() => expect(session.status.value.stage).toBe(name));
const atRelay = (id: string) => createListIndex(relay.doc(LIST_ID)).get(id)?.values;
const broken = (open: () => unknown) => ({ open }) as unknown as IDBFactory;
const failing = (): unknown => {
  const pending = { error: new DOMException('disk', 'UnknownError'), onerror: () => undefined };
  queueMicrotask(() => pending.onerror());
  return pending;
};

const unusable: [string, IDBFactory | undefined, string][] = [
  ['without IndexedDB', undefined, 'unavailable'],
  [
    'where site data is blocked',
    broken(() => {
      throw new DOMException('no', 'SecurityError');
    }),
    'unavailable',
  ],
  ['when the database does not open', broken(failing), 'open-failed'],
  ['when opening never answers', broken(() => ({})), 'open-timeout'],
];

describe('storage faults', () => {
  for (const [name, indexedDB, kind] of unusable) {
    it(`LOCAL-5 ${name} the list opens in memory, says so, syncs, and exports`, async () => {
      relay.write(LIST_ID, () => undefined);
      const { session } = browser.open({ storage: { indexedDB, limits } });
      await until(() => expect(session.phase.value.state).toBe('ready'));
      expect(session.storageFault.value?.kind).toBe(kind);
      await stage(session, 'storage-fault');
      const id = session.actions.addCouple({ firstName: 'Maya' });
      expect(session.status.value).toMatchObject({ stage: 'storage-fault', reason: kind });
      await until(() => expect(atRelay(id)).toMatchObject({ firstName: 'Maya' }));
      await until(() => expect(session.status.value.waitingRecords).toBe(0));
      expect(session.status.value.stage).toBe('storage-fault');
      expect(await (await session.exportBackup()).text()).toContain('Maya');
    });
  }

  it('LOCAL-5 a full disk is shown at once, edits go on in memory and to the relay, and end up on disk', async () => {
    const { session } = browser.open();
    await stage(session, 'stored');
    const full = vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    const id = session.actions.addCouple({ firstName: 'Maya' });
    await stage(session, 'storage-fault');
    expect(session.status.value.reason).toBe('quota');
    await until(() => expect(atRelay(id)).toMatchObject({ firstName: 'Maya' }));
    full.mockRestore();
    session.actions.edit(id, { venue: 'Old Mill' });
    await stage(session, 'stored');
    await session.close();
    relay.isDown = true;
    const again = browser.open().session;
    await until(() =>
      expect(again.index.get(id)?.values).toMatchObject({ firstName: 'Maya', venue: 'Old Mill' }),
    );
    expect(again.status.value.waitingRecords).toBe(0);
  });

  it('LOCAL-5 a disk that refuses every write is shown before somebody edits, without network too', async () => {
    relay.isDown = true;
    await browser.open().session.close();
    const { transaction } = IDBDatabase.prototype;
    vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(function (this: IDBDatabase, ...args) {
      const made = transaction.apply(this, args);
      if (args[1] === 'readwrite') queueMicrotask(() => made.abort());
      return made;
    });
    const { session } = browser.open();
    await stage(session, 'storage-fault');
    expect(session.phase.value.state).toBe('ready');
    vi.restoreAllMocks();
    await until(() => expect(session.storageFault.value).toBeUndefined());
  });

  it('LOCAL-5 a list that opened in memory moves to the disk when that comes back, with its edits', async () => {
    relay.isDown = true;
    const real = new IDBFactory();
    let isBroken = true;
    const indexedDB = {
      open: (name: string) => (isBroken ? failing() : real.open(name)),
    } as unknown as IDBFactory;
    const { session } = browser.open({ storage: { indexedDB, limits } });
    await until(() => expect(session.phase.value.state).toBe('ready'));
    const id = session.actions.addCouple({ firstName: 'Maya' });
    await stage(session, 'storage-fault');
    isBroken = false;
    await until(() => expect(session.storageFault.value).toBeUndefined());
    await until(() => expect(session.waiting(id)).toBe('device'));
    expect(session.index.get(id)?.values.firstName).toBe('Maya');
    await session.close();
    const again = browser.open({ storage: { indexedDB, limits } }).session;
    await until(() => expect(again.index.get(id)?.values.firstName).toBe('Maya'));
    relay.isDown = false;
    again.retryNow();
    await stage(again, 'stored');
    expect(atRelay(id)).toMatchObject({ firstName: 'Maya' });
  });

  it('LOCAL-6 site data that is cleared under an open list is written again, edits that wait included', async () => {
    const { session } = browser.open();
    await stage(session, 'stored');
    const old = session.actions.addCouple({ firstName: 'Old' });
    await stage(session, 'stored');
    relay.isDown = true;
    relay.closeAll(1006);
    const waiting = session.actions.addCouple({ firstName: 'Waiting' });
    await until(() => expect(session.waiting(waiting)).toBe('device'));
    await new Promise<void>((resolve) => {
      browser.indexedDB.deleteDatabase(`wedsync:person-anna:${LIST_ID}`).onsuccess = () => resolve();
    });
    const after = session.actions.addCouple({ firstName: 'After' });
    await until(() => expect(session.waiting(after)).toBe('device'));
    await session.close();
    const again = browser.open().session;
    await until(() => expect(again.index.ids()).toHaveLength(3));
    await until(() => expect(again.status.value.waitingRecords).toBe(2));
    expect(again.index.get(old)?.values.firstName).toBe('Old');
    relay.isDown = false;
    again.retryNow();
    await stage(again, 'stored');
    expect(atRelay(waiting)).toMatchObject({ firstName: 'Waiting' });
  });
});
