// Repeats journaled edits on another document and says what each of them wrote there (DOCUMENT rule 19).
import * as Y from 'yjs';
import type { JournalEntry, SetAsideEntry } from '../persistence/document-database.ts';

/** Repeats one edit under its own stamps. Throws when it cannot be repeated. */
export type Replay = (doc: Y.Doc, entry: JournalEntry) => void;

export const mergeUpdates = (updates: readonly Uint8Array[]): Uint8Array | undefined =>
  updates.length > 1 ? Y.mergeUpdates([...updates]) : updates[0];

/** Runs `work` and returns, as one update, what it wrote to `doc`; undefined when it wrote nothing. */
export function collectUpdate(doc: Y.Doc, work: () => void): Uint8Array | undefined {
  const updates: Uint8Array[] = [];
  const collect = (update: Uint8Array): void => void updates.push(update);
  doc.on('update', collect);
  try {
    work();
  } finally {
    doc.off('update', collect);
  }
  return mergeUpdates(updates);
}

/** A rebase in the making: pending edits on top of the relay's state, and those that are left out. */
export type Rebase = {
  readonly doc: Y.Doc;
  readonly kept: ReadonlyMap<
    string,
    { readonly entry: JournalEntry; readonly update: Uint8Array | undefined }
  >;
  readonly aside: readonly SetAsideEntry[];
  has(key: string): boolean;
  /** Takes edits that it does not know yet; oldest first. */
  add(entries: readonly JournalEntry[]): void;
};

/** `reasonAgainst` says why an edit is left out (a refused code name), or undefined to keep it. */
export function createRebase(
  doc: Y.Doc,
  replay: Replay,
  reasonAgainst: (entry: JournalEntry) => string | undefined,
): Rebase {
  const kept = new Map<string, { entry: JournalEntry; update: Uint8Array | undefined }>();
  const aside: SetAsideEntry[] = [];
  const asideKeys = new Set<string>();

  function put(entry: JournalEntry): void {
    let reason = reasonAgainst(entry);
    if (reason === undefined) {
      try {
        kept.set(entry.key, { entry, update: collectUpdate(doc, () => replay(doc, entry)) });
        return;
      } catch {
        // What cannot be repeated must not vanish: it is kept for the person instead.
        reason = 'cannot-repeat';
      }
    }
    aside.push({ ...entry, reason });
    asideKeys.add(entry.key);
  }

  const has = (key: string): boolean => kept.has(key) || asideKeys.has(key);
  return {
    doc,
    kept,
    aside,
    has,
    add(entries) {
      for (const entry of entries) if (!has(entry.key)) put(entry);
    },
  };
}
