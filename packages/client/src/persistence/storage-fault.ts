// Why this device cannot keep data: every IndexedDB failure ends up as one of these, so that it can be shown.

/**
 * - `unavailable`: there is no IndexedDB here, or the browser forbids it (private mode, blocked site data).
 * - `open-failed`: the database did not open.
 * - `open-timeout`: opening or reading took longer than the limit; usually another tab blocks it.
 * - `quota`: the disk or the site's share of it is full.
 * - `closed`: the browser closed or deleted the database under us.
 * - `write-failed`: a transaction was aborted for another reason.
 * - `row-damaged`: stored bytes did not decode; they were moved aside, the rest is shown. Not fatal.
 */
export type StorageFaultKind =
  | 'unavailable'
  | 'open-failed'
  | 'open-timeout'
  | 'quota'
  | 'closed'
  | 'write-failed'
  | 'row-damaged';

/** A failure of local storage; `detail` is the browser's own words, for the sheet's details only. */
export type StorageFault = { readonly kind: StorageFaultKind; readonly detail: string; readonly at: number };

/** Thrown by everything in this folder that touches IndexedDB. */
export class StorageError extends Error {
  readonly kind: StorageFaultKind;

  constructor(kind: StorageFaultKind, cause: unknown) {
    super(`local storage: ${kind}: ${describe(cause)}`, { cause });
    this.name = 'StorageError';
    this.kind = kind;
  }
}

const describe = (cause: unknown): string =>
  cause instanceof Error || cause instanceof DOMException ? `${cause.name}: ${cause.message}` : String(cause);

/** The value to show for any failure of this folder. */
export function toStorageFault(error: unknown, at: number): StorageFault {
  const kind = error instanceof StorageError ? error.kind : kindOf(error, 'write-failed');
  return { kind, detail: describe(error instanceof StorageError ? error.cause : error), at };
}

/** Which fault a DOMException stands for; `otherwise` where its name does not tell. */
export function kindOf(cause: unknown, otherwise: StorageFaultKind): StorageFaultKind {
  const name = cause instanceof Error || cause instanceof DOMException ? cause.name : '';
  if (name === 'QuotaExceededError') return 'quota';
  // InvalidStateError is what `transaction()` throws on a connection that was closed under us.
  if (name === 'InvalidStateError') return 'closed';
  if (name === 'SecurityError') return 'unavailable';
  return otherwise;
}
