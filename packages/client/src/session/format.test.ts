import 'fake-indexeddb/auto';
import {
  createClock,
  createListDoc,
  createListIndex,
  createWriter,
  FORMAT,
  FORMAT_FIELD,
  formatOf,
  type ListWriter,
  type MigrationStep,
} from '@wedsync/shared';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
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

function peerWrites(work: (writer: ListWriter) => void): void {
  relay.write(LIST_ID, (doc) => {
    const index = createListIndex(doc);
    work(createWriter({ doc, index, clock: createClock({ now: Date.now, actor: 4_000 }) }));
    index.close();
  });
}
const atRelay = () => createListIndex(relay.doc(LIST_ID));

it('DOC-9 LOCAL-7 a device that is behind delivers what it has, and writes nothing over the newer shape', async () => {
  const { session } = browser.open();
  await stage(session, 'stored');
  const id = session.actions.addCouple({ firstName: 'Ada' });
  await stage(session, 'stored');
  relay.isDown = true;
  relay.closeAll(1006);
  session.actions.edit(id, { venue: 'Written before it knew' });
  await until(() => expect(session.waiting(id)).toBe('device'));
  peerWrites((writer) => writer.setMeta('list', { [FORMAT_FIELD]: FORMAT + 2 }));
  relay.isDown = false;
  session.retryNow();
  await stage(session, 'update-needed');
  await until(() => expect(atRelay().get(id)?.values.venue).toBe('Written before it knew'));
  expect(session.canEdit.value).toBe(false);
  expect(() => session.actions.edit(id, { venue: 'Old shape' })).toThrow();
  await expect(session.actions.undo()).rejects.toThrow();
  expect(session.index.get(id)?.values.venue).toBe('Written before it knew');
  expect(formatOf(atRelay())).toBe(FORMAT + 2);
  await until(() => expect(session.status.value.waitingRecords).toBe(0));
});

it('DOC-9 a list in an older format is brought up to date once, and so is what comes late', async () => {
  /** The old shape kept the venue in capitals. */
  const steps: MigrationStep[] = [
    {
      to: FORMAT,
      upgrade: ({ values: { venue } }) =>
        typeof venue === 'string' && venue !== venue.toLowerCase()
          ? { venue: venue.toLowerCase() }
          : undefined,
    },
  ];
  peerWrites((writer) => {
    writer.setMeta('list', { [FORMAT_FIELD]: FORMAT - 1 });
    writer.createMany([{ id: 'first', fields: { venue: 'MILL' } }]);
  });
  const { session } = browser.open({ migrations: steps });
  const follower = browser.open({ migrations: steps }).session;
  await until(() => expect(atRelay().get('first')?.values.venue).toBe('mill'));
  await until(() => expect(formatOf(atRelay())).toBe(FORMAT));
  // Two versions behind, months later.
  peerWrites((writer) => writer.createMany([{ id: 'late', fields: { venue: 'BARN' } }]));
  await until(() => expect(atRelay().get('late')?.values.venue).toBe('barn'));
  await Promise.all([stage(session, 'stored'), stage(follower, 'stored')]);
  for (const each of [session, follower])
    await until(() => expect(each.index.get('late')?.conflicts).toEqual({}));
  await Promise.all([session.close(), follower.close()]);
  const before = relay.doc(LIST_ID).store.clients.size;
  const again = browser.open({ migrations: steps }).session;
  await stage(again, 'stored');
  expect(relay.doc(LIST_ID).store.clients.size).toBe(before);
});
