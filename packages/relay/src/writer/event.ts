// What the writer is asked to write: events of integrations with what SQL knows about them, and records of the
// relay's own. Plain data: it crosses into the worker.
import type { Fields } from '@wedsync/shared';

/** One event of a source, read by its adapter. */
export interface SourceEvent {
  /** Row of the inbox. */
  readonly id: number;
  /** Name of the event as the source calls it. */
  readonly event: string;
  /** What its stamp is made from; the same at every repeat. */
  readonly eventKey: string;
  /** UTC ms, not later than the first receipt. */
  readonly occurredAtMs: number;
  /** `detach`: deletes only what the source itself made. `erase`: for good. `merge`: see `mergedIds`. */
  readonly kind: 'upsert' | 'delete' | 'detach' | 'erase' | 'merge';
  /** The source's own id of the couple. */
  readonly externalId: string;
  /** Other ids of the same couple there, or an id of our own; the first that is known counts. */
  readonly aliases?: readonly string[];
  /** Ids whose couples are one with this from now on. */
  readonly mergedIds?: readonly string[];
  readonly fields: Fields;
  /** Values that the event says it replaces. */
  readonly previous?: Fields;
}

/** What the database knows of the records that the events may mean; see `ws_apply_context`. */
export interface EventContext {
  /** External id to record id. */
  readonly links: Readonly<Record<string, string>>;
  /** [record, field, hlc] of this source. */
  readonly watermarks: readonly (readonly [string, string, number])[];
  /** [record, field, hlc, actor, first stored at in UTC ms] of values that stand. */
  readonly stored: readonly (readonly [string, string, number, number, number])[];
}

export interface EventBatch {
  readonly listId: string;
  readonly source: { readonly id: string; readonly name: string; readonly settleMs: number };
  readonly events: readonly SourceEvent[];
  /** By inbox id: why some of what an event said was not read. Kept beside what became of the rest. */
  readonly leftOut?: Readonly<Record<number, string>>;
  readonly context: EventContext;
}

/** Why an event changed nothing. */
export type IgnoredReason = 'same' | 'older' | 'deleted-later' | 'erased' | 'not-ours';

/** What became of one event, as `ws_apply` takes it. */
export interface EventResult {
  readonly id: number;
  readonly state: 'applied' | 'ignored';
  /** An IgnoredReason, or what was left out of an event that was applied. */
  readonly reason: string | null;
  readonly event: string;
  readonly recordId: string | null;
  readonly fields: readonly string[];
  /** Kept as a link to the record; null when it may not be. */
  readonly externalId: string | null;
  readonly watermarks: Readonly<Record<string, number>>;
  /** Ids of the source and the record that they were given for, where that is not `recordId` by itself. */
  readonly links?: Readonly<Record<string, string>>;
  /** Of a merge: records that went, and the one that stayed. */
  readonly mergedRecords?: Readonly<Record<string, string>>;
  /** What was received about the couple is to be forgotten. */
  readonly erased?: boolean;
}

/** Records that the relay itself writes, each only if it is not there yet. */
export interface OwnRecords {
  /** Stamp of all of them, UTC ms. */
  readonly atMs: number;
  readonly meta: readonly { readonly id: string; readonly fields: Fields }[];
  readonly records: readonly { readonly id: string; readonly fields: Fields }[];
}
