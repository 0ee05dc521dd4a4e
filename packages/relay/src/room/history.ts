// What a room has to hand to those who join: a snapshot, the updates after it, and for a while the updates that
// the snapshot already contains, so that a device that was away for a moment gets those instead of everything.
//
//   older (bounded)   tail
//   ─────────────────┬─────────────────────►
//   olderBase        snapshot (its clocks)
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { encodeMessage, toSnapshotMessages } from '@wedsync/shared';
import { frameMessage } from './frame.ts';
import { type Clocks, covers, createTail, frameUpdate, type Tail } from './tail.ts';

export interface SnapshotBytes {
  /** One V1 update: the state of the document up to and with `seq`. */
  readonly update: Uint8Array;
  readonly clocks: Clocks;
  readonly seq: number;
}

/** How a device with certain clocks is brought up to date. */
export type CatchUp =
  /** It has the snapshot, or more: these frames and the document's delete set are all it lacks. */
  | { readonly type: 'tail'; readonly frames: readonly Buffer[] }
  /** It has nothing, or too little for a small answer to pay: the snapshot and then these frames are everything. */
  | { readonly type: 'snapshot'; readonly snapshot: SnapshotBytes; readonly frames: readonly Buffer[] }
  /** It has a part of a large snapshot: what it lacks must be cut out of these bytes, in a thread. */
  | { readonly type: 'merge'; readonly snapshot: SnapshotBytes; readonly updates: readonly Uint8Array[] };

export interface History {
  readonly tail: Tail;
  readonly snapshot: SnapshotBytes | undefined;
  /** Bytes of snapshot and tail, against the limit of a document. */
  readonly bytes: number;
  catchUp(clocks: Clocks): CatchUp;
  /** The snapshot as frames for a v1 socket: gzip in parts, made once and shared by all joiners. */
  zippedFrames(): Promise<readonly Buffer[]>;
  /** The snapshot as one update message for a stock provider; kept only while somebody holds it. */
  rawFrame(): Buffer;
  /** A row of the log says only what is there already: it has no entry of its own. */
  noteRepeat(seq: number): void;
  /** The first row after the snapshot, up to and with `seq`, that is in no entry and no repeat; undefined for none. */
  firstMissing(seq: number): number | undefined;
  /** Puts a new snapshot in the place of all entries that are in it (those stored up to its `seq`). */
  replaceSnapshot(snapshot: SnapshotBytes): void;
}

/** A smaller snapshot is sent whole: cutting it would cost more than it saves. */
const SMALL_SNAPSHOT_BYTES = 64 * 1024;
/** What is kept of the log before the snapshot: some hours of edits of a busy list. */
const MAX_OLDER_BYTES = 256 * 1024;

/** Below this, gzip gains nothing that is worth a device's time. */
const SMALL_GZIP_BYTES = 1_024;
/** A V1 update that says nothing. */
const NO_UPDATE = Uint8Array.of(0, 0);

const compress = promisify(gzip);

async function zipFrames(update: Uint8Array): Promise<readonly Buffer[]> {
  const isSmall = update.length < SMALL_GZIP_BYTES;
  const messages = isSmall
    ? toSnapshotMessages(update, 'raw')
    : toSnapshotMessages(await compress(update), 'gzip');
  return messages.map((message) => frameMessage(encodeMessage(message)));
}

class SharedHistory implements History {
  tail = createTail();
  snapshot: SnapshotBytes | undefined;
  private snapshotLength: number;
  private readonly repeats = new Set<number>();
  private older: { readonly base: Clocks; readonly tail: Tail } | undefined;
  private zipped: Promise<readonly Buffer[]> | undefined;
  private raw: WeakRef<Buffer> | undefined;

  constructor(snapshot: SnapshotBytes | undefined) {
    this.snapshot = snapshot;
    this.snapshotLength = snapshot?.update.length ?? 0;
  }

  get bytes(): number {
    return this.snapshotLength + this.tail.bytes;
  }

  catchUp(clocks: Clocks): CatchUp {
    const { snapshot, tail } = this;
    if (snapshot === undefined || covers(clocks, snapshot.clocks))
      return { type: 'tail', frames: [tail.framesFor(clocks)] };
    const hasSome = [...snapshot.clocks.keys()].some((client) => clocks.has(client));
    const away = hasSome ? this.fromOlder(clocks) : undefined;
    if (away !== undefined) return away;
    if (!hasSome || snapshot.update.length <= SMALL_SNAPSHOT_BYTES)
      return { type: 'snapshot', snapshot, frames: [tail.frames()] };
    return { type: 'merge', snapshot, updates: tail.entries.map((_entry, index) => tail.updateAt(index)) };
  }

  private fromOlder(clocks: Clocks): CatchUp | undefined {
    if (this.older === undefined || !covers(clocks, this.older.base)) return undefined;
    return { type: 'tail', frames: [this.older.tail.framesFor(clocks), this.tail.framesFor(clocks)] };
  }

  zippedFrames(): Promise<readonly Buffer[]> {
    this.zipped ??= zipFrames(this.snapshot?.update ?? NO_UPDATE);
    return this.zipped;
  }

  rawFrame(): Buffer {
    const kept = this.raw?.deref();
    if (kept !== undefined) return kept;
    const frame = frameUpdate(this.snapshot?.update ?? NO_UPDATE);
    this.raw = new WeakRef(frame);
    return frame;
  }

  noteRepeat(seq: number): void {
    this.repeats.add(seq);
  }

  firstMissing(seq: number): number | undefined {
    const entries = new Set(this.tail.entries.map((entry) => entry.seq));
    for (let row = (this.snapshot?.seq ?? 0) + 1; row <= seq; row += 1)
      if (!entries.has(row) && !this.repeats.has(row)) return row;
    return undefined;
  }

  replaceSnapshot(next: SnapshotBytes): void {
    const contained = createTail();
    const rest = createTail();
    for (const [index, entry] of this.tail.entries.entries()) {
      const isContained = entry.seq !== undefined && entry.seq <= next.seq;
      // The very entries: a commit under way will write its sequence into them.
      (isContained ? contained : rest).take(entry, this.tail.updateAt(index));
    }
    for (const seq of this.repeats) if (seq <= next.seq) this.repeats.delete(seq);
    // Without a snapshot before it, the log began with nothing: everybody has that much.
    const base = this.snapshot?.clocks ?? new Map();
    this.older = contained.bytes <= MAX_OLDER_BYTES ? { base, tail: contained } : undefined;
    this.snapshot = next;
    this.snapshotLength = next.update.length;
    this.tail = rest;
    this.zipped = undefined;
    this.raw = undefined;
  }
}

/** @param snapshot undefined for a document that has none yet */
export function createHistory(snapshot: SnapshotBytes | undefined): History {
  return new SharedHistory(snapshot);
}
