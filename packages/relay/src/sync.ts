// The sync service: rooms, commit, log reader, compaction and sockets put together over a store and an HTTP server.
import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { CloseCodeName, Role } from '@wedsync/shared';
import type { Logger } from 'pino';
import type { OriginPolicy } from './auth/origin.ts';
import { createRevocation, type RightInUse } from './auth/revocation.ts';
import type { TokenVerifier } from './auth/verify-token.ts';
import type { EventBus } from './events.ts';
import type { Generations } from './room/generations.ts';
import { createMergePool } from './room/merge/merge-pool.ts';
import type { RoomRegistry } from './room/registry.ts';
import { createRooms, type RoomLimits, type RoomStore } from './room/rooms.ts';
import { createTurn } from './room/turn.ts';
import { createQuarantine } from './session/quarantine.ts';
import { createReceiptPace } from './session/receipts.ts';
import {
  createSocketCount,
  type Quarantined,
  type SessionLimits,
  type SessionServices,
} from './session/services.ts';
import { createSyncServer, type SyncServer } from './session/upgrade.ts';
import type { GroupCommit, GroupCommitOptions } from './store/group-commit.ts';
import type { Tracing } from './tracing/tracing.ts';

/** What the sync service needs of storage. Every call rejects with a retryable AppError when the database is away. */
export interface SyncStore extends RoomStore {
  quarantine(refused: Quarantined): Promise<void>;
  rolesOf(rights: readonly RightInUse[]): Promise<readonly (Role | '')[]>;
}

export interface SyncLimits extends SessionLimits, RoomLimits {
  readonly maxOpening: number;
}

export interface SyncOptions {
  readonly server: Server;
  readonly store: SyncStore;
  readonly verifyToken: TokenVerifier;
  readonly bus: EventBus;
  readonly origins: OriginPolicy;
  readonly limits: SyncLimits;
  readonly log: Logger;
  readonly now: () => number;
  /** For metrics: an update was refused; a row was decided on by the database, so long after it came. */
  readonly onRefused?: (code: CloseCodeName) => void;
  readonly onDecided?: GroupCommitOptions['onDecided'];
  readonly tracing?: Pick<Tracing, 'edits'> | undefined;
}

export interface SyncService {
  readonly registry: RoomRegistry;
  readonly commit: GroupCommit;
  readonly sockets: SyncServer;
  /** Rebuilds a document from its live entries now; see `Generations.rebuild`. */
  readonly rebuild: Generations['rebuild'];
  /**
   * Takes no more updates, waits for what is on its way to the database, tells the authors, and ends all sockets.
   * @returns how many updates could not be stored in time
   */
  drain(withinMs: number): Promise<number>;
}

/** AUTH-2 promises 5 s; asking takes one of them at the worst. */
const RIGHTS_POLL_MS = 3_000;
const SWEEP_MS = 1_000;
/** Of the time to drain, what is left for closing the sockets. */
const CLOSE_SHARE = 0.3;

export function createSync(options: SyncOptions): SyncService {
  const { store, limits, log, now, bus } = options;
  const turn = createTurn((callback) => void setImmediate(callback));
  const mergePool = createMergePool();

  const schedule = (ms: number, callback: () => void) => {
    const timer = setTimeout(callback, ms);
    timer.unref();
    return () => clearTimeout(timer);
  };
  const every = (ms: number, callback: () => void) => {
    const timer = setInterval(callback, ms);
    timer.unref();
    return () => clearInterval(timer);
  };

  const rooms = createRooms({
    store,
    limits,
    time: { now, schedule, every },
    turn,
    mergePool,
    random: Math.random,
    bus,
    log,
    ...(options.onDecided === undefined ? {} : { onDecided: options.onDecided }),
  });
  const { registry, commit } = rooms;
  const revocation = createRevocation({
    bus,
    rolesOf: (rights) => store.rolesOf(rights),
    pollMs: RIGHTS_POLL_MS,
    every,
    onError: (error) => log.warn({ error }, 'rights could not be checked'),
  });
  const quarantine = createQuarantine({
    store: (refused) => store.quarantine(refused),
    schedule,
    random: Math.random,
    onProblem: (error, waiting) => log.error({ error, waiting }, 'a refused update could not be kept yet'),
  });
  const services: SessionServices = {
    verifyToken: options.verifyToken,
    roleOf: async (listId, userId) => (await store.rolesOf([{ listId, userId }]))[0] ?? '',
    registry,
    revocation,
    mergePool,
    turn,
    receiptPace: createReceiptPace({ turn, now, schedule }),
    limits,
    sockets: createSocketCount(limits.socketsPerPerson),
    quarantine: quarantine.put,
    tracing: options.tracing,
    log,
    now,
    onRefused: (code) => options.onRefused?.(code),
    newSessionId: randomUUID,
  };
  const sockets = createSyncServer(options.server, {
    services,
    origins: options.origins,
    maxOpening: limits.maxOpening,
    sweepMs: SWEEP_MS,
  });

  return {
    registry,
    commit,
    sockets,
    rebuild: (documentId) => rooms.generations.rebuild(documentId),
    async drain(withinMs) {
      sockets.pause();
      const waitMs = withinMs * (1 - CLOSE_SHARE);
      await Promise.race([commit.idle(), new Promise((done) => schedule(waitMs, () => done(undefined)))]);
      // Receipts of the last commit leave at the end of this turn.
      await new Promise<void>((done) => setImmediate(done));
      await sockets.close(withinMs * CLOSE_SHARE);
      rooms.close();
      quarantine.close();
      revocation.close();
      await mergePool.close();
      // Updates of a list that is being rebuilt wait before the log, in its room.
      return Math.max(commit.backlog.rows, registry.unstored());
    },
  };
}
