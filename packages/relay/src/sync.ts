// The sync service: rooms, commit, log reader, compaction and sockets put together over a store and an HTTP server.
import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import { type CloseCodeName, type DocumentKind, parseDocumentId, type Role } from '@wedsync/shared';
import type { Logger } from 'pino';
import type { OriginPolicy } from './auth/origin.ts';
import { createRevocation, type RightInUse } from './auth/revocation.ts';
import type { TokenVerifier } from './auth/verify-token.ts';
import type { EventBus } from './events.ts';
import { createCompactor, type SnapshotToStore } from './room/compaction.ts';
import { type StoredDocument, toLoadedDocument } from './room/load.ts';
import { createLogReader } from './room/log-reader.ts';
import { createMergePool } from './room/merge/merge-pool.ts';
import { createRegistry, type RoomHooks, type RoomRegistry } from './room/registry.ts';
import { createRoom, type Room } from './room/room.ts';
import { createTurn } from './room/turn.ts';
import {
  createSocketCount,
  type Quarantined,
  type SessionLimits,
  type SessionServices,
} from './session/services.ts';
import { createSyncServer, type SyncServer } from './session/upgrade.ts';
import type { AppendResult, AppendRow } from './store/append-row.ts';
import { createGroupCommit, type GroupCommit, type GroupCommitOptions } from './store/group-commit.ts';

/** What the sync service needs of storage. Every call rejects with a retryable AppError when the database is away. */
export interface SyncStore {
  /** Reads a document whole; notes and free documents are made on first use. Rejects `not-found` for unknown ones. */
  load(documentId: string): Promise<StoredDocument>;
  append(rows: readonly AppendRow[]): Promise<readonly AppendResult[]>;
  readAfter(documentId: string, seq: number): Promise<readonly { seq: number; update: Uint8Array }[]>;
  heads(documentIds: readonly string[]): Promise<readonly (number | undefined)[]>;
  putSnapshot(snapshot: SnapshotToStore): Promise<'ok' | 'conflict' | 'ahead'>;
  quarantine(refused: Quarantined): Promise<void>;
  rolesOf(rights: readonly RightInUse[]): Promise<readonly (Role | '')[]>;
}

export interface SyncLimits extends SessionLimits {
  readonly maxRooms: number;
  readonly maxOpening: number;
  /** Unstored updates of all rooms while the database is away. */
  readonly backlogBytes: number;
  readonly roomIdleMs: number;
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
}

export interface SyncService {
  readonly registry: RoomRegistry;
  readonly commit: GroupCommit;
  readonly sockets: SyncServer;
  /**
   * Takes no more updates, waits for what is on its way to the database, tells the authors, and ends all sockets.
   * @returns how many updates could not be stored in time
   */
  drain(withinMs: number): Promise<number>;
}

/** One append carries at most this much; base64 makes it a third more. */
const BATCH_BYTES = 4 * 1024 * 1024;
/** 1,000 rows take 12 ms on the embedded default; more would hold up the others' receipts. */
const BATCH_ROWS = 1_000;
/** AUTH-2 promises 5 s; asking takes one of them at the worst. */
const RIGHTS_POLL_MS = 3_000;
/** DESIGN section 4: a lost last message leaves no hole behind it. */
const HEADS_POLL_MS = 2_000;
const HOLE_GRACE_MS = 100;
const SWEEP_MS = 1_000;
/** Of the time to drain, what is left for closing the sockets. */
const CLOSE_SHARE = 0.3;

export function createSync(options: SyncOptions): SyncService {
  const { store, limits, log, now, bus } = options;
  const turn = createTurn((callback) => void setImmediate(callback));
  const mergePool = createMergePool();

  const commit = createGroupCommit({
    append: (rows) => store.append(rows),
    maxBatchRows: BATCH_ROWS,
    maxBatchBytes: BATCH_BYTES,
    maxBacklogBytes: limits.backlogBytes,
    wait: (ms) => new Promise((done) => setTimeout(done, ms)),
    random: Math.random,
    now,
    ...(options.onDecided === undefined ? {} : { onDecided: options.onDecided }),
    onHealth: (health) => {
      if (health.state === 'ok') log.info('the database takes updates again');
      else log.warn({ attempts: health.attempts, error: health.error }, 'the database does not take updates');
    },
  });

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

  async function load(documentId: string, hooks: RoomHooks): Promise<Room> {
    const loaded = toLoadedDocument(await store.load(documentId), kindOf(documentId), now);
    return createRoom({
      documentId,
      ...loaded,
      ...hooks,
      turn,
      maxDocumentBytes: limits.documentBytes,
      hasRoomFor: commit.hasRoomFor,
      append: async (data, author) => {
        const result = await commit.append({ documentId, data, ...author });
        if (result.ok) bus.emit('log.appended', { documentId, headSeq: result.seq });
        return result;
      },
    });
  }

  const compactor = createCompactor({
    pool: mergePool,
    putSnapshot: (snapshot) => store.putSnapshot(snapshot),
    isLive: (room) => registry.get(room.documentId) === room,
    onError: (documentId, error) => log.error({ documentId, error }, 'a log could not be compacted'),
  });
  const registry = createRegistry({
    load,
    idleMs: limits.roomIdleMs,
    maxRooms: limits.maxRooms,
    schedule,
    onHole: (documentId) => reader.onHole(documentId),
    onLoadFailed: (documentId, error) => log.error({ documentId, error }, 'a document could not be loaded'),
    onStored: (room) => compactor.consider(room),
  });
  const reader = createLogReader({
    registry,
    readAfter: (documentId, seq) => store.readAfter(documentId, seq),
    heads: (documentIds) => store.heads(documentIds),
    schedule,
    graceMs: HOLE_GRACE_MS,
    onError: (documentId, error) => log.warn({ documentId, error }, 'the log could not be read on'),
  });
  const revocation = createRevocation({
    bus,
    rolesOf: (rights) => store.rolesOf(rights),
    pollMs: RIGHTS_POLL_MS,
    every,
    onError: (error) => log.warn({ error }, 'rights could not be checked'),
  });
  const stopPolling = every(HEADS_POLL_MS, () => void reader.pollHeads());
  const stopRelayed = bus.on('log.relayed', ({ documentId, seq, data }) => {
    const room = registry.get(documentId);
    if (room !== undefined && !room.takeStored(seq, data)) reader.onHole(documentId, true);
  });

  const services: SessionServices = {
    verifyToken: options.verifyToken,
    roleOf: async (listId, userId) => (await store.rolesOf([{ listId, userId }]))[0] ?? '',
    registry,
    revocation,
    mergePool,
    turn,
    limits,
    sockets: createSocketCount(limits.socketsPerPerson),
    quarantine: (refused) => {
      store
        .quarantine(refused)
        .catch((error: unknown) => log.error({ error }, 'a refused update could not be kept'));
    },
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
    async drain(withinMs) {
      sockets.pause();
      const waitMs = withinMs * (1 - CLOSE_SHARE);
      await Promise.race([commit.idle(), new Promise((done) => schedule(waitMs, () => done(undefined)))]);
      // Receipts of the last commit leave at the end of this turn.
      await new Promise<void>((done) => setImmediate(done));
      await sockets.close(withinMs * CLOSE_SHARE);
      stopPolling();
      stopRelayed();
      reader.close();
      revocation.close();
      compactor.close();
      await mergePool.close();
      return commit.backlog.rows;
    },
  };
}

function kindOf(documentId: string): DocumentKind {
  return parseDocumentId(documentId)?.kind ?? 'free';
}
