// Who this device is for one person: the number in its stamps, and how far its clock is off. Kept in a database of its
// own, in the same layout as the documents.
import { openDatabase, request, transact } from './idb.ts';
import type { StorageOptions } from './storage-options.ts';

/** 21 bits, random per person and device (DOCUMENT rule 2); `offsetMs` is server time minus device time. */
export type DeviceRecord = { readonly device: number; readonly offsetMs: number };

export type Device = {
  readonly record: DeviceRecord;
  /** False: this disk could not be read or written. */
  readonly isKept: boolean;
  /** Remembers the clock's offset for the next offline start. A failure is of no consequence. */
  saveOffset(offsetMs: number): void;
  close(): void;
};

const KEY = 'wedsync/device';
const DEVICE_COUNT = 2 ** 21;
/** Smaller corrections are not worth a write. */
const LEAST_OFFSET_CHANGE_MS = 500;

export const deviceDatabaseName = (personId: string): string => `wedsync:${personId}`;

/** Reads or makes the device's record. Without IndexedDB it is made up for this session. */
export async function openDevice(personId: string, storage: StorageOptions): Promise<Device> {
  const made: DeviceRecord = { device: randomBelow(DEVICE_COUNT), offsetMs: 0 };
  let database: IDBDatabase | undefined;
  let record = made;
  let isKept = false;
  try {
    const opened = await openDatabase({
      name: deviceDatabaseName(personId),
      factory: storage.indexedDB,
      timeoutMs: storage.limits.openMs,
    });
    database = opened;
    record = await transact(opened, { mode: 'readwrite', durability: 'strict' }, async ({ custom }) => {
      const found = await request<DeviceRecord | undefined>(custom.get(KEY));
      if (found !== undefined) return found;
      await request(custom.put(made, KEY));
      return made;
    });
    isKept = true;
  } catch {
    // The list's own database reports the same fault, where a person sees it.
  }
  return {
    get record() {
      return record;
    },
    isKept,
    saveOffset(offsetMs) {
      if (database === undefined || Math.abs(offsetMs - record.offsetMs) < LEAST_OFFSET_CHANGE_MS) return;
      record = { ...record, offsetMs };
      const next = record;
      transact(database, { mode: 'readwrite' }, ({ custom }) => void custom.put(next, KEY)).catch(
        () => undefined,
      );
    },
    close: () => database?.close(),
  };
}

/** Uniform in [0, count), `count` at most 2^32. */
export function randomBelow(count: number): number {
  const [word = 0] = crypto.getRandomValues(new Uint32Array(1));
  return word % count;
}
