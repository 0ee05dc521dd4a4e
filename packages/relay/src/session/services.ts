// What a socket needs of the relay. One value, made at start and shared by all sessions.
import type { CloseCodeName, Role } from '@wedsync/shared';
import type { Logger } from 'pino';
import type { Revocation } from '../auth/revocation.ts';
import type { TokenVerifier } from '../auth/verify-token.ts';
import type { MergePool } from '../room/merge/merge-pool.ts';
import type { RoomRegistry } from '../room/registry.ts';
import type { Turn } from '../room/turn.ts';
import type { Tracing } from '../tracing/tracing.ts';
import type { ReceiptPace } from './receipts.ts';

export interface SessionLimits {
  /** One message. */
  readonly frameBytes: number;
  /** State of one document; said in `hello`. */
  readonly documentBytes: number;
  /** Messages and bytes of a person's socket: so much at once, so much per second. */
  readonly messageBurst: number;
  readonly messagesPerSecond: number;
  readonly byteBurst: number;
  readonly bytesPerSecond: number;
  /** Entries that a socket may delete without writing any beside them (DOCUMENT section 5). */
  readonly bareDeletionBurst: number;
  readonly bareDeletionsPerSecond: number;
  /** Sockets of one person on this relay: 17 for each open list of each device. */
  readonly socketsPerPerson: number;
  /** Sockets from one address that are not let in yet. */
  readonly openingPerAddress: number;
  /** What may wait for one reader. */
  readonly bufferedBytes: number;
  /** How long it may wait without any of it being taken. */
  readonly stallMs: number;
  /** A socket that is not let in by then is closed. */
  readonly openMs: number;
  readonly pingMs: number;
  /** A socket that was not heard of for so long is gone. */
  readonly deadMs: number;
}

/** What is refused for good, kept for the list's owner. */
export interface Quarantined {
  readonly documentId: string;
  readonly sender: string;
  readonly code: CloseCodeName;
  readonly detail: string;
  readonly data: Uint8Array;
}

export interface SessionServices {
  readonly verifyToken: TokenVerifier;
  /** '' for nobody's and for unknown lists; rejects when the database is away. */
  readonly roleOf: (listId: string, userId: string) => Promise<Role | ''>;
  readonly registry: RoomRegistry;
  readonly revocation: Revocation;
  readonly mergePool: MergePool;
  readonly turn: Turn;
  readonly receiptPace: ReceiptPace;
  readonly limits: SessionLimits;
  readonly sockets: SocketCount;
  readonly quarantine: (refused: Quarantined) => void;
  /** An update was refused, for good or for now. */
  readonly onRefused: (code: CloseCodeName) => void;
  /** Only where a collector is set. */
  readonly tracing?: Pick<Tracing, 'edits'> | undefined;
  readonly log: Logger;
  /** ms since 1970 */
  readonly now: () => number;
  readonly newSessionId: () => string;
}

/** Sockets by person, so that one account cannot hold all of them. */
export interface SocketCount {
  /** Counts one more, or answers false at the limit. */
  enter(userId: string): boolean;
  leave(userId: string): void;
}

export function createSocketCount(limit: number): SocketCount {
  const counts = new Map<string, number>();
  return {
    enter(userId) {
      const count = counts.get(userId) ?? 0;
      if (count >= limit) return false;
      counts.set(userId, count + 1);
      return true;
    },
    leave(userId) {
      const count = (counts.get(userId) ?? 1) - 1;
      if (count > 0) counts.set(userId, count);
      else counts.delete(userId);
    },
  };
}
