// Writes a rebase to disk: one transaction in which the new document takes the place of all rows.
import * as Y from 'yjs';
import type { DocumentDatabase, Marks } from '../persistence/document-database.ts';
import type { Rebase } from './replay.ts';

/** Stands for "not on disk": no database has it, so that nothing is ever written under it. */
export const NO_GENERATION = '';

/** The new generation and its rows with their sizes. */
export type CommittedRebase = { readonly generation: string; readonly rows: ReadonlyMap<number, number> };

export type RebaseToCommit = {
  readonly rebase: Rebase;
  /** The one that is replaced. */
  readonly generation: string;
  readonly marks: Partial<Omit<Marks, 'generation'>>;
};

/**
 * Edits that other tabs journal meanwhile are added to the rebase. `other-generation`: another tab has replaced the
 * copy already; `wiped`: the database was emptied. Rejects with `StorageError` when the disk refuses.
 */
export async function commitRebase(
  database: DocumentDatabase,
  { rebase, generation: current, marks }: RebaseToCommit,
): Promise<CommittedRebase | 'other-generation' | 'wiped'> {
  // In-memory mode: there is no copy on disk to replace.
  if (current === NO_GENERATION) return { generation: NO_GENERATION, rows: new Map() };
  const generation = crypto.randomUUID();
  for (;;) {
    const state = Y.encodeStateAsUpdate(rebase.doc);
    const asideKeys = rebase.aside.map(({ key }) => key);
    const result = await database.commit({
      generation: current,
      replace: { knownJournal: new Set([...rebase.kept.keys(), ...asideKeys]) },
      rows: [state],
      journal: [...rebase.kept.values()].map(({ entry }) => entry),
      dropJournal: asideKeys,
      setAside: rebase.aside,
      marks: { ...marks, generation },
      durability: 'strict',
    });
    if (result.ok) return { generation, rows: new Map(result.rowKeys.map((key) => [key, state.byteLength])) };
    if (result.reason === 'other-generation')
      return result.found === undefined ? 'wiped' : 'other-generation';
    // Another tab has journaled an edit meanwhile: it belongs on the new document too.
    rebase.add((await database.readJournal()).journal);
  }
}
