// One live document: bytes only, no Y.Doc. An update is checked against what the room has, handed to the others
// at once, and queued for the log; its author hears of it again when it is stored.
import type { AppendResult } from '../store/append-row.ts';
import { createRoomAwareness, type RoomAwareness } from './awareness.ts';
import { createFanOut, type FanOut, type Member } from './fan-out.ts';
import type { Refusal, RoomGuard } from './guard.ts';
import type { History } from './history.ts';
import { createLogPosition, type LogPosition } from './log-position.ts';
import type { TailEntry } from './tail.ts';
import type { Turn } from './turn.ts';

export interface RoomOptions {
  readonly documentId: string;
  readonly lineage: string;
  readonly turn: Turn;
  /** What the room has, as the loaded bytes say; the room keeps both up to date from then on. */
  readonly guard: RoomGuard;
  readonly history: History;
  /** The highest sequence that is in `history`. */
  readonly headSeq: number;
  readonly maxDocumentBytes: number;
  /** Whether the commit queue takes another update of that size. */
  readonly hasRoomFor: (bytes: number) => boolean;
  /** Calls back once the database has decided, in the order of the calls. `onDecided` is the same for all of them. */
  readonly append: (update: Uint8Array, author: Author, onDecided: (result: AppendResult) => void) => void;
  /** Everything that was published is durable. */
  readonly onStored: () => void;
  /** The database refused a row for good: what was fanned out will never be stored, so the room ends. */
  readonly onAppendRefused: (code: string) => void;
  /** The log has rows that this room has not seen. */
  readonly onHole: () => void;
}

/** Who updates come from: as the log names them, and how they hear of what became of them. One for many updates. */
export interface Author {
  readonly sender: string;
  readonly device?: string | undefined;
  /** Their own socket, which does not get back what it sent. */
  readonly member?: Member;
  /** What they numbered `n` is stored, and all before it. */
  readonly onDurable?: (n: number) => void;
  /** Whether so many entries may be deleted without an edit beside them; asked only when there are any. */
  readonly mayDeleteBare?: (count: number) => boolean;
}

export type Publication =
  | { readonly ok: true; readonly isNew: boolean }
  | {
      readonly ok: false;
      readonly refusal: Refusal | { code: 'too-large' | 'storage-unavailable'; detail: string };
    };

export interface Room {
  readonly documentId: string;
  readonly lineage: string;
  readonly awareness: RoomAwareness;
  readonly fanOut: FanOut;
  readonly guard: RoomGuard;
  readonly history: History;
  readonly log: LogPosition;
  /** Updates that were handed on and are not in the log yet. */
  readonly unstored: number;
  /**
   * Checks an update and, when it says something new, shares and queues what is new of it. The author hears of `n`
   * when everything up to this update is stored: at once for a repeat of what is, never when the room ends before.
   */
  publish(update: Uint8Array, author: Author, n?: number): Publication;
  /**
   * Takes a row of the log that somebody else wrote: another relay, or this relay's own writer.
   * False when it names something that the room has not got, so that rows before it must be read first.
   */
  takeStored(seq: number, update: Uint8Array): boolean;
  /**
   * From now on updates are shared but wait before the log, until the function that comes back is called.
   * Resolves when the database has decided about all that was sent before.
   */
  holdLog(): Promise<() => void>;
}

/** An update on its way to the log, and whom to tell. */
interface Unstored {
  readonly update: Uint8Array;
  readonly author: Author;
  readonly n: number | undefined;
  readonly entry: TailEntry;
}

class LiveRoom implements Room {
  readonly documentId: string;
  readonly lineage: string;
  readonly awareness = createRoomAwareness();
  readonly fanOut: FanOut;
  readonly guard: RoomGuard;
  readonly history: History;
  readonly log: LogPosition;
  unstored = 0;
  private readonly options: RoomOptions;
  private readonly maxBytes: number;
  /** What was sent to the database and is not decided, in that order. */
  private undecided: Unstored[] = [];
  private newest: TailEntry | undefined;
  private held: Unstored[] | undefined;
  private heldBytes = 0;
  /** Told when nothing is undecided any more. */
  private decidedWaiters: (() => void)[] | undefined;
  /** Who repeated what is not stored yet, by the newest entry of that moment: when it is stored, all before it is. */
  private repeaters: Map<TailEntry, (() => void)[]> | undefined;
  private readonly onDecided = (result: AppendResult) => this.decide(result);

  constructor(options: RoomOptions) {
    this.options = options;
    this.documentId = options.documentId;
    this.lineage = options.lineage;
    this.maxBytes = options.maxDocumentBytes;
    this.fanOut = createFanOut(options.turn);
    this.guard = options.guard;
    this.history = options.history;
    this.log = createLogPosition(options.headSeq, options.onHole);
  }

  publish(update: Uint8Array, author: Author, n?: number): Publication {
    const { guard, history } = this;
    const inspection = guard.inspect(update);
    if (inspection.type === 'refused') return { ok: false, refusal: inspection.refusal };
    if (inspection.type === 'known') {
      this.tellOfRepeat(author, n);
      return { ok: true, isNew: false };
    }
    const { update: fresh, bareDeletions } = inspection;
    if (history.bytes + fresh.length > this.maxBytes)
      return { ok: false, refusal: { code: 'too-large', detail: 'document' } };
    if (!this.options.hasRoomFor(this.heldBytes + fresh.length))
      return { ok: false, refusal: { code: 'storage-unavailable', detail: 'backlog' } };
    // Asked last: the answer spends the allowance, and what is refused for another reason comes again.
    if (bareDeletions > 0 && author.mayDeleteBare?.(bareDeletions) === false)
      return { ok: false, refusal: { code: 'structure', detail: 'bare-deletion' } };
    guard.admit(inspection);
    const { entry, frame } = history.tail.append(fresh, inspection.ends);
    this.fanOut.publish(frame, author.member);
    this.unstored += 1;
    this.newest = entry;
    this.store({ update: withoutRest(fresh), author, n, entry });
    return PUBLISHED;
  }

  takeStored(seq: number, update: Uint8Array): boolean {
    const { guard, history, log } = this;
    if (!log.isNews(seq)) return true;
    const inspection = guard.inspectStored(update);
    if (inspection.type === 'refused') return false;
    // While something of our own is on its way, or lies behind a hole, the room has more than the log up to here.
    // The row may be one of ours, or repeat a part of it: it is kept whole, so that a snapshot up to here has it.
    const isWhole = this.unstored > 0 || log.hasHole;
    if (inspection.type === 'new') {
      guard.admit(inspection);
      const kept = isWhole ? update : inspection.update;
      this.fanOut.publish(history.tail.append(kept, inspection.ends, seq).frame);
    } else if (isWhole) {
      history.tail.append(update, [], seq);
    } else {
      history.noteRepeat(seq);
    }
    log.note(seq);
    return true;
  }

  async holdLog(): Promise<() => void> {
    this.held ??= [];
    if (this.undecided.length > 0)
      await new Promise<void>((done) => {
        this.decidedWaiters ??= [];
        this.decidedWaiters.push(done);
      });
    return () => {
      const waiting = this.held ?? [];
      this.held = undefined;
      this.heldBytes = 0;
      for (const one of waiting) this.store(one);
    };
  }

  private store(unstored: Unstored): void {
    if (this.held !== undefined) {
      this.heldBytes += unstored.update.length;
      this.held.push(unstored);
      return;
    }
    this.undecided.push(unstored);
    this.options.append(unstored.update, unstored.author, this.onDecided);
  }

  private decide(result: AppendResult): void {
    const decided = this.undecided.shift();
    if (decided === undefined) throw new Error('the database decided about what it was not given');
    if (result.ok) this.noteStored(decided, result.seq);
    else this.options.onAppendRefused(result.code);
    if (this.undecided.length > 0 || this.decidedWaiters === undefined) return;
    const waiters = this.decidedWaiters;
    this.decidedWaiters = undefined;
    for (const go of waiters) go();
  }

  private noteStored({ entry, author, n }: Unstored, seq: number): void {
    entry.seq = seq;
    this.log.note(seq);
    this.unstored -= 1;
    if (this.unstored === 0) this.options.onStored();
    if (n !== undefined) author.onDurable?.(n);
    if (this.repeaters === undefined) return;
    const tell = this.repeaters.get(entry) ?? [];
    this.repeaters.delete(entry);
    for (const one of tell) one();
  }

  private tellOfRepeat({ onDurable }: Author, n: number | undefined): void {
    if (onDurable === undefined || n === undefined) return;
    const { newest } = this;
    if (this.unstored === 0 || newest === undefined) {
      onDurable(n);
      return;
    }
    this.repeaters ??= new Map();
    this.repeaters.set(newest, [...(this.repeaters.get(newest) ?? []), () => onDurable(n)]);
  }
}

/** A buffer that is more than so many times as long as the update in it is not kept for it. */
const MAX_TIMES_LONGER = 2;

/**
 * What may wait for the database by itself. An update comes as a view of what was read from the socket, up to 64 KiB,
 * and would keep all of that in memory while the backlog counts its own bytes. The copy of an edit takes
 * a microsecond; one by Buffer.from would keep a page of Node's pool.
 */
function withoutRest(update: Uint8Array): Uint8Array {
  return update.buffer.byteLength > MAX_TIMES_LONGER * update.length ? new Uint8Array(update) : update;
}

const PUBLISHED: Publication = { ok: true, isNew: true };

export function createRoom(options: RoomOptions): Room {
  return new LiveRoom(options);
}
