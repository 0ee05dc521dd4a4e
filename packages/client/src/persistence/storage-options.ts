// What the engine's databases are opened with: the browser's IndexedDB, and how long anything may take.

/** All in ms. */
export type StorageLimits = {
  /** Opening takes a few ms; longer than this another tab or a broken profile is in the way. */
  readonly openMs: number;
  /** LOCAL-5: loading settles within 5 s, opening included. */
  readonly loadMs: number;
  /** How often a device that could not open its database tries again. */
  readonly recoverMs: number;
};

export type StorageOptions = {
  /** Undefined where there is no IndexedDB, or reading it is forbidden. */
  readonly indexedDB: IDBFactory | undefined;
  readonly limits: StorageLimits;
};

export const STORAGE_LIMITS: StorageLimits = { openMs: 3_000, loadMs: 4_500, recoverMs: 5_000 };

/** This browser's storage. Reading the property alone throws a SecurityError where site data is blocked. */
export function browserStorage(): StorageOptions {
  try {
    return { indexedDB: globalThis.indexedDB as IDBFactory | undefined, limits: STORAGE_LIMITS };
  } catch {
    return { indexedDB: undefined, limits: STORAGE_LIMITS };
  }
}
