// What the screens see of shared/doc, in one place: the values, records and index of one list.

/** Null clears a field; an empty string is never written (DOCUMENT rule 18). */
export type FieldValue = null | boolean | number | string;

/** When and by which device and tab a value was written (DOCUMENT rule 2). */
export type Stamp = { readonly hlc: number; readonly actor: number };

/** One of several values that stand side by side because nobody who saw them has overwritten them. */
export type LiveValue = { readonly value: FieldValue; readonly stamp: Stamp };

/** A record as shown: per field the value with the latest stamp. Immutable; a new identity only when it changed. */
export type RecordView = {
  readonly id: string;
  readonly state: 'alive' | 'trashed' | 'edit-delete' | 'absent';
  readonly values: Readonly<Record<string, FieldValue>>;
  readonly stamps: Readonly<Record<string, Stamp>>;
  /** Fields with two or more distinct live values, the shown one first. */
  readonly conflicts: Readonly<Record<string, readonly LiveValue[]>>;
};

/** What one transaction changed. */
export type IndexChange = {
  readonly ids: ReadonlySet<string>;
  readonly meta: ReadonlySet<string>;
  readonly added: ReadonlySet<string>;
  readonly removed: ReadonlySet<string>;
};

/** The incremental index of the open list. */
export type ListIndex = {
  get(id: string): RecordView | undefined;
  /** Ids of shown records (alive and edit-delete), in no particular order. */
  ids(): readonly string[];
  trash(): readonly string[];
  /** A record of the list itself: `list`, `status:<id>`, `tag:<id>`, `view:<id>`, `field:<id>`, `actor:<device>`. */
  getMeta(id: string): RecordView | undefined;
  metaIds(): readonly string[];
  /** Grows with every transaction that changed something shown. */
  readonly version: number;
  subscribe(listener: (change: IndexChange) => void): () => void;
};

/** A value to look at and to follow; `subscribe` does not call back at once and returns its own undo. */
export type Subscribable<T> = { readonly value: T; subscribe(listener: (value: T) => void): () => void };
