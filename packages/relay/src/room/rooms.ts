// The rooms of a relay and what works for them, put together over a store: group commit, log reader, compaction.
// Time comes in from outside, so that the simulation runs exactly this with a clock of its own.
import { type DocumentKind, parseDocumentId } from '@wedsync/shared';
import type { Logger } from 'pino';
import type { EventBus } from '../events.ts';
import type { AppendResult, AppendRow } from '../store/append-row.ts';
import type { Generation, LogHead, SwapOutcome } from '../store/document-store.ts';
import { createGroupCommit, type GroupCommit, type GroupCommitOptions } from '../store/group-commit.ts';
import { type Compactor, createCompactor, type SnapshotToStore } from './compaction.ts';
import { createGenerations, type Generations } from './generations.ts';
import { type StoredDocument, toLoadedDocument } from './load.ts';
import { createLogReader, type LogReader } from './log-reader.ts';
import type { MergePool } from './merge/merge-pool.ts';
import { createRegistry, type RoomHooks, type RoomRegistry } from './registry.ts';
import { createRoom, type Room } from './room.ts';
import type { Turn } from './turn.ts';

/** What rooms need of storage. Every call rejects with a retryable AppError when the database is away. */
export interface RoomStore {
  /** Reads a document whole; notes and free documents are made on first use. Rejects `not-found` for unknown ones. */
  load(documentId: string): Promise<StoredDocument>;
  append(rows: readonly AppendRow[]): Promise<readonly AppendResult[]>;
  readAfter(documentId: string, seq: number): Promise<readonly { seq: number; update: Uint8Array }[]>;
  heads(documentIds: readonly string[]): Promise<readonly (LogHead | undefined)[]>;
  putSnapshot(snapshot: SnapshotToStore): Promise<SwapOutcome>;
  /** Puts a rebuilt document under a new lineage in the place of what it was rebuilt from. */
  putGeneration(documentId: string, generation: Generation): Promise<SwapOutcome>;
}

export interface RoomLimits {
  readonly documentBytes: number;
  readonly maxRooms: number;
  /** Unstored updates of all rooms while the database is away. */
  readonly backlogBytes: number;
  readonly roomIdleMs: number;
  /** A log with more rows than this after its snapshot is compacted. */
  readonly tailEntries: number;
  /** A document with more Yjs client ids than this is rebuilt (DOCUMENT rule 20). */
  readonly generationClientIds: number;
}

/** Time as a room sees it. Each timer comes back as the function that cancels it. */
export interface RoomTime {
  /** ms since 1970 */
  readonly now: () => number;
  /** Calls back once after `ms`. */
  readonly schedule: (ms: number, callback: () => void) => () => void;
  /** Calls back every `ms`. */
  readonly every: (ms: number, callback: () => void) => () => void;
}

export interface RoomsOptions {
  readonly store: RoomStore;
  readonly limits: RoomLimits;
  readonly time: RoomTime;
  readonly turn: Turn;
  readonly mergePool: MergePool;
  readonly random: () => number;
  readonly bus: EventBus;
  readonly log: Logger;
  readonly onDecided?: GroupCommitOptions['onDecided'];
}

export interface Rooms {
  readonly registry: RoomRegistry;
  readonly commit: GroupCommit;
  readonly compactor: Compactor;
  readonly reader: LogReader;
  readonly generations: Generations;
  /** Ends what works on its own; rooms and commit stay as they are. */
  close(): void;
}

/** One append carries at most this much; base64 makes it a third more. */
const BATCH_BYTES = 4 * 1024 * 1024;
/** 1,000 rows take 12 ms on the embedded default; more would hold up the others' receipts. */
const BATCH_ROWS = 1_000;
/** DESIGN section 4: a lost last message leaves no hole behind it. */
const HEADS_POLL_MS = 2_000;
const HOLE_GRACE_MS = 100;

export function createRooms(options: RoomsOptions): Rooms {
  const { store, limits, time, turn, mergePool, bus, log } = options;

  const commit = createGroupCommit({
    append: async (rows) => {
      const results = await store.append(rows);
      const heads = new Map<string, number>();
      for (let index = 0; index < rows.length; index += 1) {
        const result = results[index];
        if (result?.ok === true) heads.set((rows[index] as AppendRow).documentId, result.seq);
      }
      for (const [documentId, headSeq] of heads) bus.emit('log.appended', { documentId, headSeq });
      return results;
    },
    maxBatchRows: BATCH_ROWS,
    maxBatchBytes: BATCH_BYTES,
    maxBacklogBytes: limits.backlogBytes,
    wait: (ms) => new Promise((done) => time.schedule(ms, () => done())),
    random: options.random,
    now: time.now,
    ...(options.onDecided === undefined ? {} : { onDecided: options.onDecided }),
    onHealth: (health) => {
      if (health.state === 'ok') log.info('the database takes updates again');
      else log.warn({ attempts: health.attempts, error: health.error }, 'the database does not take updates');
    },
  });

  async function load(documentId: string, hooks: RoomHooks): Promise<Room> {
    const loaded = toLoadedDocument(await store.load(documentId), kindOf(documentId), time.now);
    return createRoom({
      documentId,
      ...loaded,
      ...hooks,
      turn,
      maxDocumentBytes: limits.documentBytes,
      hasRoomFor: commit.hasRoomFor,
      append: (data, { sender, device }, onDecided) =>
        commit.append({ documentId, lineage: loaded.lineage, data, sender, device }, onDecided),
    });
  }

  const compactor = createCompactor({
    pool: mergePool,
    maxTailEntries: limits.tailEntries,
    putSnapshot: (snapshot) => store.putSnapshot(snapshot),
    readSnapshot: async (documentId) => (await store.load(documentId)).snapshot,
    isLive: (room) => registry.get(room.documentId) === room,
    onCompacted: (room, shape) => generations.consider(room, shape),
    onError: (documentId, error) => log.error({ documentId, error }, 'a log could not be compacted'),
  });
  const registry = createRegistry({
    load,
    idleMs: limits.roomIdleMs,
    maxRooms: limits.maxRooms,
    schedule: time.schedule,
    onHole: (documentId) => reader.onHole(documentId),
    onLoadFailed: (documentId, error) => log.error({ documentId, error }, 'a document could not be loaded'),
    onStored: (room) => compactor.consider(room),
  });
  const reader = createLogReader({
    registry,
    readAfter: (documentId, seq) => store.readAfter(documentId, seq),
    heads: (documentIds) => store.heads(documentIds),
    schedule: time.schedule,
    graceMs: HOLE_GRACE_MS,
    onError: (documentId, error) => log.warn({ documentId, error }, 'the log could not be read on'),
  });
  const generations = createGenerations({
    registry,
    load: (documentId) => store.load(documentId),
    putGeneration: (documentId, generation) => store.putGeneration(documentId, generation),
    pool: mergePool,
    kindOf,
    clientIds: limits.generationClientIds,
    now: time.now,
    onRebuilt: (documentId, rebuilt) => log.info({ documentId, ...rebuilt }, 'a document was rebuilt'),
    onError: (documentId, error) => log.warn({ documentId, error }, 'a document could not be rebuilt'),
  });
  const stopPolling = time.every(HEADS_POLL_MS, () => void reader.pollHeads());
  const stopRelayed = bus.on('log.relayed', ({ documentId, lineage, seq, data }) => {
    const room = registry.get(documentId);
    if (room === undefined) return;
    if (room.lineage !== lineage) registry.fail(documentId, 'lineage-changed');
    else if (!room.takeStored(seq, data)) reader.onHole(documentId, true);
  });

  return {
    registry,
    commit,
    compactor,
    reader,
    generations,
    close() {
      stopPolling();
      stopRelayed();
      reader.close();
      compactor.close();
      generations.close();
    },
  };
}

function kindOf(documentId: string): DocumentKind {
  return parseDocumentId(documentId)?.kind ?? 'free';
}
