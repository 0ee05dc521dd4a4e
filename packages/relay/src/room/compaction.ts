// Turning a long log into a snapshot: merged in the thread, stored by compare-and-swap, and only then put in the
// place of the rows that it contains. A room goes on as it is while this happens, and when it fails.
import * as Y from 'yjs';
import type { MergePool } from './merge/merge-pool.ts';
import type { DocumentShape } from './merge/rebuild.ts';
import type { Room } from './room.ts';

export interface SnapshotToStore {
  readonly documentId: string;
  /** The snapshot contains the log up to and with this row. */
  readonly seq: number;
  /** The snapshot that it replaces: 0 for none. Another one in its place means that another relay was faster. */
  readonly oldSeq: number;
  readonly update: Uint8Array;
}

export interface CompactorOptions {
  readonly pool: MergePool;
  /** A joiner applies the tail update by update; so many never matter, more only beside a large snapshot. */
  readonly maxTailEntries: number;
  /**
   * Nothing is changed when another snapshot stands where `oldSeq` is expected (`conflict`), or when the projection
   * has not seen all of what would be trimmed (`ahead`).
   */
  readonly putSnapshot: (snapshot: SnapshotToStore) => Promise<'ok' | 'conflict' | 'ahead'>;
  /** The current snapshot as the log has it; asked after a `conflict`. */
  readonly readSnapshot: (documentId: string) => Promise<{ seq: number; update: Uint8Array } | undefined>;
  /** Whether the room is still the one that serves its document. */
  readonly isLive: (room: Room) => boolean;
  /** What was learnt of the document on the way: the moment to think of rebuilding it. */
  readonly onCompacted?: (room: Room, shape: DocumentShape) => void;
  readonly onError: (documentId: string, error: unknown) => void;
}

export interface Compactor {
  /** Compacts the room when its tail is long; called whenever everything in it is stored. */
  consider(room: Room): void;
  /** Resolves when what is queued by now is done. */
  idle(): Promise<void>;
  /** Begins nothing any more; what is under way may fail without a word. */
  close(): void;
}

/**
 * Beyond that, one update of the tail is allowed for so many bytes of the snapshot. Compacting takes time in proportion
 * to the snapshot, so its share of an edit's cost stays the same however old the document is (PERF-5); and a joiner
 * is done with the tail before it is with the snapshot.
 */
const SNAPSHOT_BYTES_PER_ENTRY = 512;
/** Below this, rewriting a snapshot costs more than reading the tail. */
const MIN_TAIL_BYTES = 256 * 1024;

/** A projection that is behind and a hole in the log last seconds; after so many more edits it is worth another try. */
const AHEAD_ENTRIES = 100;

function isLong({ history }: Room, maxTailEntries: number): boolean {
  const { tail, snapshot } = history;
  const snapshotBytes = snapshot?.update.length ?? 0;
  const entryLimit = Math.max(maxTailEntries, snapshotBytes / SNAPSHOT_BYTES_PER_ENTRY);
  return tail.entries.length >= entryLimit || tail.bytes >= Math.max(MIN_TAIL_BYTES, snapshotBytes / 2);
}

export function createCompactor(options: CompactorOptions): Compactor {
  /** One at a time in the whole relay: it is never urgent, and the thread and the database have other work. */
  let chain: Promise<void> = Promise.resolve();
  const queued = new Set<string>();
  let isClosed = false;
  /** After a failure a document waits until its tail has doubled. */
  const retryAt = new WeakMap<Room, number>();

  async function compact(room: Room): Promise<void> {
    if (!options.isLive(room)) return;
    const { documentId, history, log } = room;
    const seq = log.head;
    const old = history.snapshot;
    const updates = history.tail.entries.flatMap((entry, index) =>
      entry.seq !== undefined && entry.seq <= seq ? [history.tail.updateAt(index)] : [],
    );
    // All of it lies behind a hole that is about to be filled.
    if (updates.length === 0 || seq <= (old?.seq ?? 0)) {
      retryAt.set(room, history.tail.entries.length + AHEAD_ENTRIES);
      return;
    }
    retryAt.set(room, history.tail.entries.length * 2);
    // What is trimmed is gone. So it is counted, whatever else should make sure of it.
    const missing = history.firstMissing(seq);
    if (missing !== undefined) throw new Error(`row ${missing} is in no entry of the room`);
    const result = await options.pool.run({ type: 'compact', snapshot: old?.update, updates });
    if (!result.ok) throw new Error(`state is ${result.code}`);
    const snapshot = { documentId, seq, oldSeq: old?.seq ?? 0, update: result.update };
    const outcome = await options.putSnapshot(snapshot);
    if (outcome === 'ahead') retryAt.set(room, history.tail.entries.length + AHEAD_ENTRIES);
    if (outcome === 'conflict') await adopt(room);
    if (outcome !== 'ok' || !options.isLive(room)) return;
    history.replaceSnapshot({ update: result.update, seq, clocks: Y.decodeStateVector(result.stateVector) });
    retryAt.delete(room);
    if (result.shape !== undefined) options.onCompacted?.(room, result.shape);
  }

  /** Another relay was faster: its snapshot serves this room too, once the room has all that is in it. */
  async function adopt(room: Room): Promise<void> {
    const { documentId, history, log } = room;
    const other = await options.readSnapshot(documentId);
    if (other === undefined || !options.isLive(room)) return;
    if (other.seq <= (history.snapshot?.seq ?? 0) || other.seq > log.head) return;
    const clocks = Y.decodeStateVector(Y.encodeStateVectorFromUpdate(other.update));
    history.replaceSnapshot({ ...other, clocks });
    retryAt.delete(room);
  }

  async function run(room: Room): Promise<void> {
    try {
      await compact(room);
    } catch (error) {
      if (!isClosed) options.onError(room.documentId, error);
    }
    queued.delete(room.documentId);
    // A busy room has a long tail again by now, and may not be all stored again for a while.
    consider(room);
  }

  function consider(room: Room): void {
    if (
      isClosed ||
      queued.has(room.documentId) ||
      !options.isLive(room) ||
      !isLong(room, options.maxTailEntries)
    )
      return;
    if (room.history.tail.entries.length < (retryAt.get(room) ?? 0)) return;
    queued.add(room.documentId);
    chain = chain.then(() => run(room));
  }

  return {
    consider,
    idle: () => chain,
    close() {
      isClosed = true;
    },
  };
}
