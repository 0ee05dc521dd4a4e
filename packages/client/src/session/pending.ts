// The edits of this device that the server has not confirmed, as one tab knows them.
import type { JournalEntry } from '../persistence/document-database.ts';

export type PendingEdit = {
  readonly entry: JournalEntry;
  /** Written to this device's database, by whichever tab. */
  readonly isSaved: boolean;
  /** Handed to a socket since it was made; it may still have got lost on the way. */
  readonly isSent: boolean;
  /** Made in this tab: if it is not saved when the document is replaced, this tab has to carry it over. */
  readonly isOwn: boolean;
  /** Its update in the present document; undefined when it was loaded from the disk among others. */
  readonly update: Uint8Array | undefined;
};

export type PendingEdits = {
  readonly size: number;
  /** Grows with every change, for memoising what is derived. */
  readonly version: number;
  get(key: string): PendingEdit | undefined;
  put(edit: PendingEdit): void;
  /** Ignores unknown keys. */
  mark(key: string, marks: Partial<Pick<PendingEdit, 'isSaved' | 'isSent'>>): void;
  drop(keys: Iterable<string>): void;
  /** By age: the order in which they have to be replayed. */
  all(): readonly PendingEdit[];
};

/** Oldest first; keys of one tab break ties in the order they were made. */
export const byAge = (a: JournalEntry, b: JournalEntry): number =>
  a.at - b.at || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);

export function createPendingEdits(): PendingEdits {
  const edits = new Map<string, PendingEdit>();
  let version = 0;
  return {
    get size() {
      return edits.size;
    },
    get version() {
      return version;
    },
    get: (key) => edits.get(key),
    put(edit) {
      version += 1;
      edits.set(edit.entry.key, edit);
    },
    mark(key, marks) {
      const edit = edits.get(key);
      if (edit === undefined) return;
      version += 1;
      edits.set(key, { ...edit, ...marks });
    },
    drop(keys) {
      for (const key of keys) if (edits.delete(key)) version += 1;
    },
    all: () => [...edits.values()].sort((a, b) => byAge(a.entry, b.entry)),
  };
}
