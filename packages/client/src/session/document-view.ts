// What the screens see of shared/doc, in one place: the values, records and index of one list.
import type { IndexChange, RecordView } from '@wedsync/shared';

export type { FieldValue, IndexChange, LiveValue, RecordView, Stamp, Subscribable } from '@wedsync/shared';

/** The incremental index of the open list. Arrays keep their identity while `version` stands. */
export type ListIndex = {
  get(id: string): RecordView | undefined;
  /** Ids of shown records (alive and edit-delete), in no particular order. */
  ids(): readonly string[];
  /** Ids of deleted records that can be restored. */
  trash(): readonly string[];
  /** A record of the list itself: `list`, `status:<id>`, `tag:<id>`, `view:<id>`, `field:<id>`, `actor:<device>`. */
  getMeta(id: string): RecordView | undefined;
  metaIds(): readonly string[];
  /** Grows with every transaction that changed something shown. */
  readonly version: number;
  /** Called once per transaction, after the index is up to date; returns its own undo. */
  subscribe(listener: (change: IndexChange) => void): () => void;
};
