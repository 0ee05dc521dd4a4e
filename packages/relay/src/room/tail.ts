// The updates of a room after its snapshot, kept as the frames in which they are sent: what was fanned out once
// is what a joiner gets, without encoding anything again. Frames are appended to one growing buffer whose bytes
// never change afterwards, so that views of it may wait in sockets while more is appended.
import { frameHeadLength, writeFrameHead } from './frame.ts';

/** Client id → the clock after the last struct, as in a state vector. */
export type Clocks = ReadonlyMap<number, number>;

export interface TailEntry {
  /**
   * What an observer has at least when it has this update's structs, client and clock in turn; empty for one that
   * only deletes. Not a map: there is one for each of thousands of edits.
   */
  readonly ends: readonly number[];
  /** The place in the log; undefined until the update is stored. */
  seq: number | undefined;
}

export interface Tail {
  /** Copies the update into the tail. The frame that comes back is what goes to the room's sockets. */
  append(
    update: Uint8Array,
    ends: readonly number[],
    seq?: number,
  ): { readonly entry: TailEntry; readonly frame: Buffer };
  /** The same for an entry that moves here from another tail, which is left: who holds it goes on holding it. */
  take(entry: TailEntry, update: Uint8Array): Buffer;
  readonly entries: readonly TailEntry[];
  /** The update of entry `index`, a view of the tail's buffer. */
  updateAt(index: number): Uint8Array;
  /** Sum of the framed updates, in bytes. */
  readonly bytes: number;
  /**
   * The frames of the first entry that an observer with these clocks lacks and of all after it. Entries without
   * structs do not count as lacking: deletions travel in the delete set.
   */
  framesFor(clocks: Clocks): Buffer;
  /** All frames. */
  frames(): Buffer;
}

/** A new tail's buffer: a handful of edits fits without growing. */
const FIRST_CAPACITY = 1_024;
/** y-protocols: message type sync (0), step update (2). */
const SYNC_UPDATE = [0, 2] as const;

/** Whether an observer with clocks `have` has everything up to the clocks `need`. */
export function covers(have: Clocks, need: Clocks): boolean {
  for (const [client, clock] of need) if ((have.get(client) ?? 0) < clock) return false;
  return true;
}

/** The same for the ends of an update. */
function coversEnds(have: Clocks, ends: readonly number[]): boolean {
  for (let index = 0; index < ends.length; index += 2)
    if ((have.get(ends[index] as number) ?? 0) < (ends[index + 1] as number)) return false;
  return true;
}

/** Bytes of a number as lib0 writes it: seven bits a byte, the lowest first. */
function uintLength(value: number): number {
  let length = 1;
  for (let rest = value; rest > 127; rest = Math.floor(rest / 128)) length += 1;
  return length;
}

function frameLength(updateLength: number): number {
  const messageLength = SYNC_UPDATE.length + uintLength(updateLength) + updateLength;
  return frameHeadLength(messageLength) + messageLength;
}

/** Writes the ws frame of a sync update message at `at`, which has room for `frameLength` bytes. */
function writeUpdateFrame(buffer: Buffer, at: number, update: Uint8Array): void {
  const messageLength = SYNC_UPDATE.length + uintLength(update.length) + update.length;
  let offset = writeFrameHead(buffer, at, messageLength);
  for (const byte of SYNC_UPDATE) buffer[offset++] = byte;
  let rest = update.length;
  for (; rest > 127; rest = Math.floor(rest / 128)) buffer[offset++] = (rest % 128) | 128;
  buffer[offset++] = rest;
  buffer.set(update, offset);
}

/** The whole ws frame of a sync update message. */
export function frameUpdate(update: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(frameLength(update.length));
  writeUpdateFrame(frame, 0, update);
  return frame;
}

/** An entry with its place in the buffer of the tail that it is in. */
interface PlacedEntry extends TailEntry {
  /** Where its update begins. Offsets, not views: a view would keep every outgrown buffer in memory. */
  updateAt: number;
  /** Where its frame ends, which is where the next one begins. */
  end: number;
}

class FramedTail implements Tail {
  readonly entries: PlacedEntry[] = [];
  bytes = 0;
  private buffer = Buffer.allocUnsafe(FIRST_CAPACITY);

  append(update: Uint8Array, ends: readonly number[], seq?: number) {
    const entry: PlacedEntry = { ends, seq, updateAt: 0, end: 0 };
    return { entry, frame: this.place(entry, update) };
  }

  take(entry: TailEntry, update: Uint8Array): Buffer {
    // Entries come from tails alone.
    return this.place(entry as PlacedEntry, update);
  }

  updateAt(index: number): Uint8Array {
    const entry = this.entries[index];
    if (entry === undefined) throw new RangeError(`the tail has no entry ${index}`);
    return this.buffer.subarray(entry.updateAt, entry.end);
  }

  framesFor(clocks: Clocks): Buffer {
    const first = this.entries.findIndex((entry) => !coversEnds(clocks, entry.ends));
    const from = first < 0 ? this.bytes : (this.entries[first - 1]?.end ?? 0);
    return this.buffer.subarray(from, this.bytes);
  }

  frames(): Buffer {
    return this.buffer.subarray(0, this.bytes);
  }

  private place(entry: PlacedEntry, update: Uint8Array): Buffer {
    const start = this.bytes;
    const end = start + frameLength(update.length);
    if (end > this.buffer.length) this.grow(end);
    writeUpdateFrame(this.buffer, start, update);
    entry.updateAt = end - update.length;
    entry.end = end;
    this.entries.push(entry);
    this.bytes = end;
    return this.buffer.subarray(start, end);
  }

  private grow(needed: number): void {
    const larger = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, needed));
    this.buffer.copy(larger, 0, 0, this.bytes);
    this.buffer = larger;
  }
}

export function createTail(): Tail {
  return new FramedTail();
}
