// IndexedDB as promises that always settle: opening in y-indexeddb's layout, and one transaction at a time.
import { kindOf, StorageError } from './storage-fault.ts';

/** y-indexeddb's two stores: rows of Yjs updates under growing keys, and everything else by name. */
export const UPDATES = 'updates';
export const CUSTOM = 'custom';

export type OpenDatabaseOptions = {
  readonly name: string;
  readonly factory: IDBFactory | undefined;
  readonly timeoutMs: number;
  /** Only to repair a database that lacks its stores. */
  readonly version?: number;
  /** Called once when the browser closes the connection, or another tab wants to delete the database. */
  readonly onClosed?: () => void;
};

/** Opens (and makes, if needed) a database in y-indexeddb's layout. Rejects with `StorageError`, never hangs. */
export function openDatabase(options: OpenDatabaseOptions): Promise<IDBDatabase> {
  const { name, factory, timeoutMs } = options;
  return new Promise((resolve, reject) => {
    let request: IDBOpenDBRequest;
    let isSettled = false;
    const fail = (error: StorageError): void => {
      isSettled = true;
      clearTimeout(timer);
      reject(error);
    };
    const timer = setTimeout(() => fail(new StorageError('open-timeout', name)), timeoutMs);
    try {
      if (factory === undefined) throw new StorageError('unavailable', 'no IndexedDB');
      // No version, as y-indexeddb: a new database gets 1, an existing one is opened as it is.
      request = options.version === undefined ? factory.open(name) : factory.open(name, options.version);
    } catch (cause) {
      fail(cause instanceof StorageError ? cause : new StorageError(kindOf(cause, 'unavailable'), cause));
      return;
    }
    request.onupgradeneeded = () => {
      const stores = request.result.objectStoreNames;
      if (!stores.contains(UPDATES)) request.result.createObjectStore(UPDATES, { autoIncrement: true });
      if (!stores.contains(CUSTOM)) request.result.createObjectStore(CUSTOM);
    };
    request.onerror = () => {
      if (!isSettled) fail(new StorageError(kindOf(request.error, 'open-failed'), request.error));
    };
    request.onsuccess = () => {
      const database = request.result;
      if (isSettled) {
        // Too late: nobody waits for it, and an open connection would block the next one.
        database.close();
        return;
      }
      isSettled = true;
      clearTimeout(timer);
      const stores = database.objectStoreNames;
      if (!stores.contains(UPDATES) || !stores.contains(CUSTOM)) {
        // Left behind by a creation that was cut off between versions.
        database.close();
        resolve(openDatabase({ ...options, version: database.version + 1 }));
        return;
      }
      const close = (): void => {
        database.onclose = null;
        database.onversionchange = null;
        database.close();
        options.onClosed?.();
      };
      database.onclose = close;
      // Another tab deletes the database (sign-out with wipe): holding on would block it for ever.
      database.onversionchange = close;
      resolve(database);
    };
  });
}

export type Stores = { readonly updates: IDBObjectStore; readonly custom: IDBObjectStore };

export type TransactionOptions = {
  readonly mode: 'readonly' | 'readwrite';
  /** `strict`: complete means flushed to the disk. `relaxed`: handed to the operating system. */
  readonly durability?: 'strict' | 'relaxed';
};

/**
 * Runs `work` in one transaction over both stores and resolves with its result on the transaction's `complete`.
 * `work` may only await requests of this transaction (`request`). A throw in it aborts everything it wrote.
 */
export function transact<T>(
  database: IDBDatabase,
  options: TransactionOptions,
  work: (stores: Stores) => Promise<T> | T,
): Promise<T> {
  return new Promise((resolve, reject) => {
    let transaction: IDBTransaction;
    try {
      transaction = database.transaction([UPDATES, CUSTOM], options.mode, {
        durability: options.durability ?? 'relaxed',
      });
    } catch (cause) {
      reject(new StorageError(kindOf(cause, 'closed'), cause));
      return;
    }
    let result: { value: T } | undefined;
    let failure: { cause: unknown } | undefined;
    transaction.oncomplete = () => {
      if (result !== undefined) resolve(result.value);
      else reject(failure?.cause ?? new StorageError('write-failed', 'completed before its work'));
    };
    transaction.onabort = () => {
      const cause = failure?.cause ?? transaction.error;
      const isOurs = failure !== undefined && !(cause instanceof DOMException);
      reject(isOurs ? cause : new StorageError(kindOf(cause, 'write-failed'), cause ?? 'aborted'));
    };
    const fail = (cause: unknown): void => {
      failure ??= { cause };
      try {
        transaction.abort();
      } catch {
        // Already over: `oncomplete` or `onabort` rejects with the failure noted above.
      }
    };
    try {
      const stores = { updates: transaction.objectStore(UPDATES), custom: transaction.objectStore(CUSTOM) };
      Promise.resolve(work(stores)).then((value) => {
        result = { value };
      }, fail);
    } catch (cause) {
      fail(cause);
    }
  });
}

/** One request of a running transaction. */
export function request<T>(pending: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    pending.onsuccess = () => resolve(pending.result);
    pending.onerror = () => reject(pending.error);
  });
}

/** Deletes a whole database; other tabs that use it close their connection first. */
export function deleteDatabase(name: string, factory: IDBFactory): Promise<void> {
  return new Promise((resolve, reject) => {
    const pending = factory.deleteDatabase(name);
    pending.onsuccess = () => resolve();
    pending.onerror = () => reject(new StorageError(kindOf(pending.error, 'write-failed'), pending.error));
  });
}
