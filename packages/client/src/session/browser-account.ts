// The account of this browser: what account.ts is given outside of tests.
import { deviceDatabaseName } from '../persistence/device.ts';
import { deleteDatabase } from '../persistence/idb.ts';
import { type Account, createAccount } from './account.ts';
import { loadAuthPort } from './auth-port.ts';
import { forgetDeviceMemory } from './device-memory.ts';
import { loadConfig } from './lazy-api.ts';
import { forgetPhotos } from './photo-cache.ts';
import { safeLocalStorage } from './stored-value.ts';

/** One per page. */
export function createBrowserAccount(): Account {
  return createAccount({
    loadConfig,
    loadAuth: loadAuthPort,
    wipeDevice,
    forgetCopies: forgetPhotos,
    exclusively: (work) =>
      navigator.locks === undefined
        ? work()
        : (navigator.locks.request('wedsync-token', work) as ReturnType<typeof work>),
    storage: safeLocalStorage(),
    now: Date.now,
  });
}

/** Deletes every database and remembered list of one person; other persons' stay. */
export async function wipeDevice(personId: string): Promise<void> {
  const own = deviceDatabaseName(personId);
  const databases = (await indexedDB.databases?.()) ?? [];
  const names = databases.flatMap(({ name }) => (name === own || name?.startsWith(`${own}:`) ? [name] : []));
  await Promise.all(names.map((name) => deleteDatabase(name, indexedDB)));
  const storage = safeLocalStorage();
  storage?.removeItem(`wedsync-lists:${personId}`);
  forgetDeviceMemory(personId, storage);
}
