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
  /** Edits that are in memory only at this moment. */
  readonly unsaved: number;
  readonly unsent: number;
  /** When the oldest edit was made; undefined when nothing waits. */
  readonly since: number | undefined;
  get(key: string): PendingEdit | undefined;
  put(edit: PendingEdit): void;
  /** Ignores unknown keys. */
  mark(key: string, marks: Partial<Pick<PendingEdit, 'isSaved' | 'isSent'>>): void;
  drop(keys: Iterable<string>): void;
  /** By age: the order in which they have to be replayed. */
  all(): readonly PendingEdit[];
  /** Records with at least one edit, each once. */
  recordIds(): Iterable<string>;
  /** Edits of one record. */
  ofRecord(recordId: string): readonly PendingEdit[];
};

/** Oldest first; keys of one tab break ties in the order they were made. */
export const byAge = (a: JournalEntry, b: JournalEntry): number =>
  a.at - b.at || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);

export function createPendingEdits(): PendingEdits {
  const edits = new Map<string, PendingEdit>();
  /** Keys by record: an import of thousands must not be walked for every row on the screen. */
  const byRecord = new Map<string, Set<string>>();
  let version = 0;
  let [unsaved, unsent] = [0, 0];

  function count(edit: PendingEdit, by: 1 | -1): void {
    if (!edit.isSaved) unsaved += by;
    if (!edit.isSent) unsent += by;
  }

  function remove(key: string): void {
    const edit = edits.get(key);
    if (edit === undefined) return;
    version += 1;
    edits.delete(key);
    count(edit, -1);
    for (const id of edit.entry.recordIds) {
      const keys = byRecord.get(id);
      keys?.delete(key);
      if (keys?.size === 0) byRecord.delete(id);
    }
  }

  return {
    get size() {
      return edits.size;
    },
    get version() {
      return version;
    },
    get unsaved() {
      return unsaved;
    },
    get unsent() {
      return unsent;
    },
    get since() {
      let oldest: number | undefined;
      for (const { entry } of edits.values()) oldest = Math.min(oldest ?? entry.at, entry.at);
      return oldest;
    },
    get: (key) => edits.get(key),
    put(edit) {
      const { key, recordIds } = edit.entry;
      remove(key);
      version += 1;
      edits.set(key, edit);
      count(edit, 1);
      for (const id of recordIds) byRecord.set(id, (byRecord.get(id) ?? new Set()).add(key));
    },
    mark(key, marks) {
      const edit = edits.get(key);
      if (edit === undefined) return;
      const next = { ...edit, ...marks };
      version += 1;
      count(edit, -1);
      count(next, 1);
      edits.set(key, next);
    },
    drop(keys) {
      for (const key of [...keys]) remove(key);
    },
    all: () => [...edits.values()].sort((a, b) => byAge(a.entry, b.entry)),
    recordIds: () => byRecord.keys(),
    ofRecord: (recordId) => [...(byRecord.get(recordId) ?? [])].flatMap((key) => edits.get(key) ?? []),
  };
}
