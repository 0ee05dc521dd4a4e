// A list document as the log has it, kept in the worker: rows go in in order, what each did to records comes out,
// and the relay's own updates are made here. Nothing of it is true before the database has it.
import {
  createListDoc,
  createListIndex,
  type Entry,
  type IndexChange,
  type ListIndex,
} from '@wedsync/shared';
import * as Y from 'yjs';
import { type HistoryRow, historyOf } from './history-row.ts';

/** A row of the log as the worker gets it. */
export interface MirrorRow {
  readonly seq: number;
  readonly update: Uint8Array;
  readonly sender: string;
  readonly storedAtMs: number;
}

/** What one log row did. */
export interface Delta {
  readonly seq: number;
  readonly storedAtMs: number;
  readonly recordIds: ReadonlySet<string>;
  readonly history: readonly HistoryRow[];
}

/** The relay's own update before its commit. `clock` is that of the writer's next struct. */
export interface OwnUpdate {
  /** Undefined when nothing was written. Times in `history` are 0 until the commit. */
  readonly update: Uint8Array | undefined;
  readonly clock: number;
  readonly history: readonly HistoryRow[];
  readonly recordIds: ReadonlySet<string>;
}

type Capture = { recordIds: Set<string>; history: HistoryRow[]; sender: string; atMs: number };

/** Marks transactions with which log rows are applied. */
const FROM_LOG = 'log';

export interface MirrorBase {
  readonly lineage: string;
  /** Everything up to here is in `update`. */
  readonly seq: number;
  readonly update?: Uint8Array | undefined;
  /** Rows up to here are in the read model already: what they did is not asked for. */
  readonly projectedSeq: number;
}

export class Mirror {
  readonly lineage: string;
  readonly doc: Y.Doc;
  readonly index: ListIndex;
  #seq: number;
  #projectedSeq: number;
  readonly #deltas = new Map<number, Delta>();
  #capture: Capture | undefined;

  constructor(base: MirrorBase) {
    this.lineage = base.lineage;
    this.doc = createListDoc();
    if (base.update !== undefined) Y.applyUpdate(this.doc, base.update, FROM_LOG);
    this.index = createListIndex(this.doc);
    this.index.subscribe((change) => this.#observe(change));
    this.#seq = base.seq;
    this.#projectedSeq = base.projectedSeq;
  }

  /** Every row up to and with this sequence is in the document. */
  get seq(): number {
    return this.#seq;
  }

  /** Applies a row; rows that are here already change nothing. */
  apply(row: MirrorRow): void {
    const capture = this.#startCapture(row.sender, row.storedAtMs);
    try {
      Y.applyUpdate(this.doc, row.update, FROM_LOG);
    } finally {
      this.#capture = undefined;
    }
    if (row.seq === this.#seq + 1) this.#seq = row.seq;
    this.#remember({ seq: row.seq, storedAtMs: row.storedAtMs, ...capture });
  }

  /**
   * Writes under the relay's own Yjs client id, which goes on at `clock`. Undefined when the document is not at that
   * clock: then it is not what the database has. After this the document is ahead of the log until `committed`;
   * an update that was not committed makes the whole mirror worthless.
   */
  write(writer: { id: number; clock: number; sender: string }, change: () => void): OwnUpdate | undefined {
    const clockHere = () => Y.getState(this.doc.store, writer.id);
    if (clockHere() !== writer.clock) return undefined;
    const updates: Uint8Array[] = [];
    const collect = (update: Uint8Array) => updates.push(update);
    // The time is the database's; it is put in when the row is there.
    const capture = this.#startCapture(writer.sender, 0);
    const ownId = this.doc.clientID;
    this.doc.on('update', collect);
    this.doc.clientID = writer.id;
    try {
      change();
    } finally {
      this.doc.off('update', collect);
      this.doc.clientID = ownId;
      this.#capture = undefined;
    }
    const update = updates.length > 1 ? Y.mergeUpdates(updates) : updates[0];
    return { update, clock: clockHere(), history: capture.history, recordIds: capture.recordIds };
  }

  /** The own update became a row of the log. */
  committed(own: OwnUpdate, row: { seq: number; storedAtMs: number }): void {
    const stamp = (made: HistoryRow): HistoryRow => ({
      ...made,
      ...(made.storedAt === undefined ? {} : { storedAt: row.storedAtMs }),
      ...(made.replacedAt === undefined ? {} : { replacedAt: row.storedAtMs }),
    });
    if (row.seq === this.#seq + 1) this.#seq = row.seq;
    this.#remember({ ...row, recordIds: own.recordIds, history: own.history.map(stamp) });
  }

  /** What the rows after the projected one did, in order, without a hole. */
  deltas(): Delta[] {
    const deltas: Delta[] = [];
    for (let seq = this.#projectedSeq + 1; seq <= this.#seq; seq++) {
      const delta = this.#deltas.get(seq);
      if (delta !== undefined) deltas.push(delta);
    }
    return deltas;
  }

  get projectedSeq(): number {
    return this.#projectedSeq;
  }

  /** Rows up to `seq` are in the read model. */
  projected(seq: number): void {
    this.#projectedSeq = Math.max(this.#projectedSeq, seq);
    for (const known of this.#deltas.keys()) if (known <= seq) this.#deltas.delete(known);
  }

  close(): void {
    this.index.close();
    this.doc.destroy();
  }

  #startCapture(sender: string, atMs: number): Capture {
    this.#capture = { recordIds: new Set(), history: [], sender, atMs };
    return this.#capture;
  }

  #remember({ seq, storedAtMs, recordIds, history }: Delta): void {
    // The first time a row is seen tells what it did; applied again it does nothing.
    if (seq <= this.#projectedSeq || this.#deltas.has(seq)) return;
    this.#deltas.set(seq, { seq, storedAtMs, recordIds, history });
  }

  #observe(change: IndexChange): void {
    const capture = this.#capture;
    if (capture === undefined) return;
    const added = new Set(change.added);
    const removed = Map.groupBy(change.removed, ([id]) => id);
    for (const id of change.ids) {
      const after = this.index.entriesOf(id);
      const before: Entry[] = after.filter((entry) => !added.has(entry));
      before.push(...(removed.get(id) ?? []));
      capture.recordIds.add(id);
      for (const row of historyOf(id, before, after, capture)) capture.history.push(row);
    }
  }
}
