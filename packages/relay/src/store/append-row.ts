// One row of a document's log on its way to the database, and what became of it.

export interface AppendRow {
  readonly documentId: string;
  /** A V1 update. */
  readonly data: Uint8Array;
  /** Verified author: a user id, `source:<id>`, or `service`. */
  readonly sender: string;
  readonly device?: string | undefined;
}

export type AppendResult =
  | { readonly ok: true; readonly seq: number }
  /** The database refused this row for good, for example because its document is gone. */
  | { readonly ok: false; readonly code: string };
