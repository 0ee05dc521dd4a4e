// One person's browser for the engine's tests: its storage outlives the tabs that are opened in it.
import { createSubscribable } from '@wedsync/shared';
import { IDBFactory } from 'fake-indexeddb';
import { STORAGE_LIMITS } from '../persistence/storage-options.ts';
import type { AccountState, Person } from '../session/account.ts';
import type { ListSession } from '../session/list-session.ts';
import { openListSession, type SessionPlatform } from '../session/open-list-session.ts';
import type { FakeRelay } from './fake-relay.ts';
import { createFakeChannels, createFakeLocks, createFakeSignals } from './fake-tabs.ts';
import type { Delay } from './seeded-delays.ts';

export const LIST_ID = 'l_0123456789abcdefghijkl';
export const anna: Person = { id: 'person-anna', email: 'anna@example.com' };

export type FakeTab = {
  readonly session: ListSession;
  readonly signals: ReturnType<typeof createFakeSignals>;
};

export type FakeBrowser = {
  readonly indexedDB: IDBFactory;
  open(platform?: Partial<SessionPlatform> & { now?: () => number; person?: Person }): FakeTab;
  /** Closes all tabs. */
  close(): Promise<void>;
};

export function createFakeBrowser(relay: FakeRelay, delay?: Delay): FakeBrowser {
  const indexedDB = new IDBFactory();
  const locks = createFakeLocks();
  const openChannel = createFakeChannels(delay);
  const tabs: FakeTab[] = [];
  return {
    indexedDB,
    open({ now, person = anna, ...platform } = {}) {
      const signals = createFakeSignals();
      const session = openListSession({
        person,
        listId: LIST_ID,
        account: {
          state: createSubscribable<AccountState>({ state: 'signed-in', person, needsSignIn: false }),
          getToken: async () => ({ token: 'token' }),
        },
        ...(now && { now }),
        platform: {
          storage: { indexedDB, limits: STORAGE_LIMITS },
          locks,
          openChannel,
          openSocket: relay.openSocket,
          signals,
          random: () => 0,
          socketBase: 'ws://relay/sync',
          ...platform,
        },
      });
      const tab = { session, signals };
      tabs.push(tab);
      return tab;
    },
    async close() {
      await Promise.all(tabs.map(({ session }) => session.close()));
    },
  };
}
