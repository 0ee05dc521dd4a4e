// What the person is told about one list: never ahead of the truth. A pure function of local storage, journal and
// connection, so that a table test can hold every row of the words table in docs/client-engine.md.
import { CLOSE } from '@wedsync/shared';
import { closeReason } from './close-decision.ts';
import type { ConnectionState } from './connection.ts';

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
 * - `rights-lost`: some edits were refused for good and are set aside (see `ListSession.setAside`), or the person is no
 *   longer in the list at all: then `reason` is `forbidden` or `unknown-document`.
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

/** What is known at one moment. The leader's connection stands for all tabs of the device. */
export type SyncFacts = {
  readonly isLoaded: boolean;
  /** Set while edits cannot be written to this device (not for `row-damaged`, which loses no edit). */
  readonly storageFault?: string | undefined;
  /** Distinct records of all unconfirmed edits. */
  readonly waitingRecords: number;
  readonly setAsideRecords: number;
  /** Edits that are in memory only at this moment. */
  readonly hasUnsaved: boolean;
  /** Every waiting edit has been handed to a socket. */
  readonly isAllSent: boolean;
  readonly since?: number | undefined;
  readonly lastStoredAt?: number | undefined;
  readonly isFetched: boolean;
  readonly connection: ConnectionState;
  /** `navigator.onLine`; false is believed, true only means that there is some interface. */
  readonly isOnline: boolean;
  /** The list's format is newer than this app. */
  readonly needsUpdate: boolean;
};

/** Told to a socket whose person is removed, and to one that comes later: the neutral answer of a list that is not theirs. */
const NO_ACCESS: ReadonlySet<number> = new Set([CLOSE.forbidden, CLOSE['unknown-document']]);

/** From this many failed attempts in a row on, "can't reach the server" is said; one drop is nobody's business. */
const FAILURES_TO_TELL = 2;

/** The status for these facts. Priority: what loses data first, then what a person can do something about. */
export function deriveSyncStatus(facts: SyncFacts): SyncStatus {
  const { connection } = facts;
  const stage = stageOf(facts);
  const reason = reasonOf(facts, stage);
  const showsRetry = (stage === 'offline' || stage === 'unreachable') && connection.state === 'waiting';
  return {
    stage,
    waitingRecords: facts.waitingRecords,
    setAsideRecords: facts.setAsideRecords,
    isConnected: connection.state === 'live',
    ...(facts.since !== undefined && { since: facts.since }),
    ...(facts.lastStoredAt !== undefined && { lastStoredAt: facts.lastStoredAt }),
    ...(showsRetry && { retryAt: connection.until }),
    ...(reason !== undefined && { reason }),
  };
}

function stageOf(facts: SyncFacts): SyncStage {
  const { connection } = facts;
  // Before anything else: while a note's database is still being opened, the fault that is known stays in sight.
  if (facts.storageFault !== undefined) return 'storage-fault';
  if (!facts.isLoaded) return 'loading';
  if (facts.needsUpdate) return 'update-needed';
  if (connection.state === 'closed' && NO_ACCESS.has(connection.code)) return 'rights-lost';
  if (facts.setAsideRecords > 0) return 'rights-lost';
  if (facts.hasUnsaved) return 'saving';
  if (connection.state === 'live') return stageOfWaiting(facts);
  if (connection.state === 'needs-auth') return 'sign-in';
  if (connection.state === 'closed')
    return connection.code === CLOSE['update-needed'] ? 'update-needed' : 'unreachable';
  if (!facts.isOnline) return 'offline';
  if (connection.state !== 'idle' && connection.failures >= FAILURES_TO_TELL) return 'unreachable';
  // Nothing of ours waits, but the list itself has never been here: there is nothing to call stored yet.
  return facts.waitingRecords === 0 && !facts.isFetched ? 'loading' : stageOfWaiting(facts);
}

function stageOfWaiting({ waitingRecords, isAllSent }: SyncFacts): SyncStage {
  if (waitingRecords === 0) return 'stored';
  return isAllSent ? 'sending' : 'device';
}

function reasonOf(facts: SyncFacts, stage: SyncStage): string | undefined {
  const { connection } = facts;
  if (stage === 'storage-fault') return facts.storageFault;
  if (connection.state !== 'closed' && connection.state !== 'waiting') return undefined;
  return stage === 'unreachable' || stage === 'rights-lost' ? closeReason(connection.code) : undefined;
}
