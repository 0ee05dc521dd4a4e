// What is remembered about a list beside its database, so that a database that is gone is recognised as cleared by the
// browser and not taken for a list that was never here (LOCAL-6).
import { createStoredValue, safeLocalStorage } from './stored-value.ts';

/** How many couples had changes that were not stored yet, as last seen. */
export type Wiped = { readonly waiting: number };

export type DeviceMemory = {
  /** What was remembered when the list was opened; undefined when it was never here. */
  readonly before: Wiped | undefined;
  /** The list is on this device, with this many couples waiting. */
  note(waiting: number): void;
  close(): void;
};

const PREFIX = 'wedsync-here:';
const keyOf = (personId: string, listId: string): string => `${PREFIX}${personId}:${listId}`;

export function createDeviceMemory(
  personId: string,
  listId: string,
  storage: Storage | undefined = safeLocalStorage(),
): DeviceMemory {
  const stored = createStoredValue<Wiped>(keyOf(personId, listId), storage);
  return {
    before: stored.value,
    note(waiting) {
      if (stored.value?.waiting !== waiting) stored.set({ waiting });
    },
    close: stored.close,
  };
}

/** Forgets every list of a person, after their data was deleted on purpose. */
export function forgetDeviceMemory(personId: string, storage = safeLocalStorage()): void {
  if (storage === undefined) return;
  const own = `${PREFIX}${personId}:`;
  for (const key of Object.keys(storage)) if (key.startsWith(own)) storage.removeItem(key);
}
