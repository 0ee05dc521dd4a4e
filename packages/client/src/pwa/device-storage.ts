// Whether the browser promises to keep this site's data, and how much room there is (LOCAL-6).

/** `granted`: kept until the person deletes it. `denied`: may be evicted when space runs out or after weeks unused. */
export type Persistence = 'granted' | 'denied' | 'unknown';

/** In bytes; the browser rounds them. */
export type StorageEstimate = { readonly used: number; readonly quota: number };

type StoragePort = Partial<Pick<StorageManager, 'persist' | 'persisted' | 'estimate'>>;

const browserStorage = (): StoragePort | undefined => globalThis.navigator?.storage;

/** What the browser has promised so far; asks nothing. */
export async function readPersistence(storage = browserStorage()): Promise<Persistence> {
  const isPersisted = await storage?.persisted?.().catch(() => undefined);
  return isPersisted === undefined ? 'unknown' : isPersisted ? 'granted' : 'denied';
}

/** Asks the browser; call it on a gesture, Firefox shows a question. */
export async function askPersistence(storage = browserStorage()): Promise<Persistence> {
  const isGranted = await storage?.persist?.().catch(() => undefined);
  return isGranted === undefined ? 'unknown' : isGranted ? 'granted' : 'denied';
}

/** Undefined where the browser does not tell. */
export async function estimateStorage(storage = browserStorage()): Promise<StorageEstimate | undefined> {
  const estimate = await storage?.estimate?.().catch(() => undefined);
  if (estimate?.usage === undefined || estimate.quota === undefined) return undefined;
  return { used: estimate.usage, quota: estimate.quota };
}
