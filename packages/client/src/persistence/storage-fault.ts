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
