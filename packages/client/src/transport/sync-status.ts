// What the person is told about one list: never ahead of the truth. A pure function of local storage, journal and
// connection, so that a table test can hold every row of the words table in docs/client-engine.md.

/**
 * Where the newest of the person's own edits are, or the one thing that stands in the way.
 *
 * - `loading`: the list is being read from this device; nothing is known yet.
 * - `saving`: an edit is being written to this device (milliseconds); the tab must not be closed yet.
 * - `device`: every edit is written to this device, some are not sent yet, nothing is known to be wrong.
 * - `sending`: every waiting edit has been sent, the database has not confirmed all of them.
 * - `stored`: every edit made on this device is committed in the database.
 * - `offline`: the browser says that there is no network.
 * - `unreachable`: there is a network, the server does not answer; `retryAt` says when the next attempt starts.
 * - `sign-in`: the server wants a new sign-in; edits stay on this device.
 * - `rights-lost`: some edits were refused for good and are set aside; see `ListSession.setAside`.
 * - `storage-fault`: this device cannot keep edits; they live in this tab only. `reason` says why.
 * - `update-needed`: the list was written by a newer app; editing is off until this app is updated.
 */
export type SyncStage =
  | 'loading'
  | 'saving'
  | 'device'
  | 'sending'
  | 'stored'
  | 'offline'
  | 'unreachable'
  | 'sign-in'
  | 'rights-lost'
  | 'storage-fault'
  | 'update-needed';

/** The value behind the chip and its sheet. Immutable; a new identity only when something in it changed. */
export type SyncStatus = {
  readonly stage: SyncStage;
  /** Records with at least one edit that is not committed in the database, notes included. Never bytes or updates. */
  readonly waitingRecords: number;
  /** Records with edits that the server refused for good; they are set aside and exportable. */
  readonly setAsideRecords: number;
  /** True while a socket is live, whatever the stage. */
  readonly isConnected: boolean;
  /** When the oldest waiting edit was made, ms since 1970 by this device's corrected clock. */
  readonly since?: number;
  /** When the database last confirmed everything of this device, ms since 1970. Survives a reload. */
  readonly lastStoredAt?: number;
  /** When the next attempt to connect starts, ms since 1970; only in `offline` and `unreachable`. */
  readonly retryAt?: number;
  /** Machine word for the cause: a storage fault kind, a close code name or a refused code name. */
  readonly reason?: string;
};
