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
  /** Calls back once the database has decided, in the order of the calls. */
  readonly append: (update: Uint8Array, author: Author, onDecided: (result: AppendResult) => void) => void;
  /** Everything that was published is durable. */
  readonly onStored: () => void;
  /** The database refused a row for good: what was fanned out will never be stored, so the room ends. */
  readonly onAppendRefused: (code: string) => void;
  /** The log has rows that this room has not seen. */
  readonly onHole: () => void;
}

/** Who an update comes from, as the log names it. */
export interface Author {
  readonly sender: string;
  readonly device?: string | undefined;
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
   * Checks an update and, when it says something new, shares and queues what is new of it. `onDurable` is called
   * when everything up to this update is stored: at once for a repeat of what is, never when the room ends before.
   */
  publish(update: Uint8Array, author: Author, member?: Member, onDurable?: () => void): Publication;
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

export function createRoom(options: RoomOptions): Room {
  const { guard, history } = options;
  const fanOut = createFanOut(options.turn);
  const log = createLogPosition(options.headSeq, options.onHole);
  let unstored = 0;
  /** Rows that were sent to the database and are not decided. */
  let undecided = 0;
  const decidedWaiters: (() => void)[] = [];
  let held: (() => void)[] | undefined;
  let heldBytes = 0;
  let newest: TailEntry | undefined;
  /** Who repeated what is not stored yet, by the newest entry of that moment: when it is stored, all before it is. */
  const repeaters = new Map<TailEntry, (() => void)[]>();

  function store(
    update: Uint8Array,
    author: Author,
    entry: TailEntry,
    onDurable: (() => void) | undefined,
  ): void {
    if (held !== undefined) {
      heldBytes += update.length;
      held.push(() => store(update, author, entry, onDurable));
      return;
    }
    undecided += 1;
    options.append(update, author, (result) => {
      undecided -= 1;
      if (result.ok) noteStored(entry, result.seq, onDurable);
      else options.onAppendRefused(result.code);
      if (undecided === 0) for (const go of decidedWaiters.splice(0)) go();
    });
  }

  function noteStored(entry: TailEntry, seq: number, onDurable: (() => void) | undefined): void {
    entry.seq = seq;
    log.note(seq);
    unstored -= 1;
    if (unstored === 0) options.onStored();
    onDurable?.();
    if (repeaters.size === 0) return;
    for (const tell of repeaters.get(entry) ?? []) tell();
    repeaters.delete(entry);
  }

  function tellOfRepeat(onDurable: () => void): void {
    if (unstored === 0 || newest === undefined) onDurable();
    else repeaters.set(newest, [...(repeaters.get(newest) ?? []), onDurable]);
  }

  return {
    documentId: options.documentId,
    lineage: options.lineage,
    awareness: createRoomAwareness(),
    fanOut,
    guard,
    history,
    log,
    get unstored() {
      return unstored;
    },
    publish(update, author, member, onDurable) {
      const inspection = guard.inspect(update);
      if (inspection.type === 'refused') return { ok: false, refusal: inspection.refusal };
      if (inspection.type === 'known') {
        if (onDurable !== undefined) tellOfRepeat(onDurable);
        return { ok: true, isNew: false };
      }
      const { update: fresh, bareDeletions } = inspection;
      if (bareDeletions > 0 && author.mayDeleteBare?.(bareDeletions) === false)
        return { ok: false, refusal: { code: 'structure', detail: 'bare-deletion' } };
      if (history.bytes + fresh.length > options.maxDocumentBytes)
        return { ok: false, refusal: { code: 'too-large', detail: 'document' } };
      if (!options.hasRoomFor(heldBytes + fresh.length))
        return { ok: false, refusal: { code: 'storage-unavailable', detail: 'backlog' } };
      guard.admit(inspection);
      const { entry, frame } = history.tail.append(fresh, inspection.clocks);
      fanOut.publish(frame, member);
      unstored += 1;
      newest = entry;
      store(fresh, author, entry, onDurable);
      return { ok: true, isNew: true };
    },
    takeStored(seq, update) {
      if (!log.isNews(seq)) return true;
      const inspection = guard.inspectStored(update);
      if (inspection.type === 'refused') return false;
      if (inspection.type === 'new') {
        guard.admit(inspection);
        fanOut.publish(history.tail.append(inspection.update, inspection.clocks, seq).frame);
      } else if (unstored > 0) {
        // Most likely one of our own on its way: its receipt will say so. Were it noted now, the log would seem
        // to be covered up to here while the entry that holds the row is not known to be stored, and a snapshot
        // up to here would leave it out.
        return true;
      } else {
        history.noteRepeat(seq);
      }
      log.note(seq);
      return true;
    },
    async holdLog() {
      held ??= [];
      if (undecided > 0) await new Promise<void>((done) => decidedWaiters.push(done));
      return () => {
        const waiting = held ?? [];
        held = undefined;
        heldBytes = 0;
        for (const go of waiting) go();
      };
    },
  };
}
