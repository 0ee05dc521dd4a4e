// One row of a document's log on its way to the database, and what became of it.

export interface AppendRow {
  readonly documentId: string;
  /** What the update builds on: under another lineage it is refused. Undefined for one that builds on nothing. */
  readonly lineage?: string | undefined;
  /** A V1 update. */
  readonly data: Uint8Array;
  /** Verified author: a user id, `source:<id>`, or `service`. */
  readonly sender: string;
  readonly device?: string | undefined;
}

export type AppendResult =
  | { readonly ok: true; readonly seq: number }
  /** The database refused this row for good: its document is gone (`not-found`), or has another lineage by now. */
  | { readonly ok: false; readonly code: string };
