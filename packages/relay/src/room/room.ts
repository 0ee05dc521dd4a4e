// One live document: bytes only, no Y.Doc. An update is checked against what the room has, handed to the others
// at once, and queued for the log; its author hears of it again when it is stored.
import type { AppendResult } from '../store/append-row.ts';
import { createRoomAwareness, type RoomAwareness } from './awareness.ts';
import { createFanOut, type FanOut, type Member } from './fan-out.ts';
import type { Refusal, RoomGuard } from './guard.ts';
import type { History } from './history.ts';
import { createLogPosition, type LogPosition } from './log-position.ts';
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
  readonly append: (update: Uint8Array, author: Author) => Promise<AppendResult>;
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
  /** `durable` resolves when everything up to this update is stored; never when the room ends before. */
  | { readonly ok: true; readonly isNew: boolean; readonly durable: Promise<void> }
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
  /** Checks an update and, when it says something new, shares and queues what is new of it. */
  publish(update: Uint8Array, author: Author, member?: Member): Publication;
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
  const settled = Promise.resolve();
  let unstored = 0;
  let lastDurable: Promise<void> = settled;
  let lastAppend: Promise<unknown> = settled;
  let held: (() => void)[] | undefined;
  let heldBytes = 0;

  function append(update: Uint8Array, author: Author): Promise<AppendResult> {
    const waiting = held;
    if (waiting !== undefined) {
      heldBytes += update.length;
      return new Promise((done) => waiting.push(() => done(append(update, author))));
    }
    const result = options.append(update, author);
    lastAppend = result;
    return result;
  }

  /** Rows are decided in the order in which they were appended, so the last promise covers all before it. */
  async function store(
    update: Uint8Array,
    author: Author,
    entry: { seq: number | undefined },
  ): Promise<void> {
    const result = await append(update, author);
    if (!result.ok) {
      options.onAppendRefused(result.code);
      return new Promise(() => undefined);
    }
    entry.seq = result.seq;
    log.note(result.seq);
    unstored -= 1;
    if (unstored === 0) options.onStored();
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
    publish(update, author, member) {
      const inspection = guard.inspect(update);
      if (inspection.type === 'refused') return { ok: false, refusal: inspection.refusal };
      if (inspection.type === 'known')
        return { ok: true, isNew: false, durable: unstored === 0 ? settled : lastDurable };
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
      lastDurable = store(fresh, author, entry);
      return { ok: true, isNew: true, durable: lastDurable };
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
      await lastAppend;
      return () => {
        const waiting = held ?? [];
        held = undefined;
        heldBytes = 0;
        for (const go of waiting) go();
      };
    },
  };
}
