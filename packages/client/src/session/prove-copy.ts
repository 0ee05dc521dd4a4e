// Reads this device's copy of a list from the disk as a cold start without network would, for the check before a
// wedding. Loaded when it is needed.
import { createListDoc, createListIndex, NOTE_BUCKETS, noteDocumentId } from '@wedsync/shared';
import { createDocumentDatabase } from '../persistence/document-database.ts';
import type { StorageOptions } from '../persistence/storage-options.ts';
import { loadDocument } from './load.ts';

export type CopyProof = {
  /** The list was here as a whole, once. */
  readonly isFetched: boolean;
  readonly couples: number;
  /** Rows that do not decode; what they hold is fetched again with the next connection. */
  readonly damagedRows: number;
  /** Note documents, of 16, that this device has not had yet. */
  readonly notesMissing: number;
};

/** Rejects with `StorageError` when the database does not open. `nameOf` gives a document's database. */
export async function proveCopy(
  listId: string,
  nameOf: (documentId: string) => string,
  storage: StorageOptions,
): Promise<CopyProof> {
  const database = createDocumentDatabase({ name: nameOf(listId), storage });
  try {
    const contents = await database.read();
    const { doc, damaged } = loadDocument(contents, createListDoc, 0);
    const index = createListIndex(doc);
    const couples = [...index.ids()].length;
    index.close();
    doc.destroy();
    return {
      isFetched: contents.marks.fetchedAt !== undefined,
      couples,
      damagedRows: damaged.length,
      notesMissing: await countMissingNotes(listId, nameOf, storage),
    };
  } finally {
    database.close();
  }
}

async function countMissingNotes(
  listId: string,
  nameOf: (documentId: string) => string,
  storage: StorageOptions,
): Promise<number> {
  const known = await storage.indexedDB?.databases?.();
  const names = new Set(known?.map(({ name }) => name));
  const numbers = Array.from({ length: NOTE_BUCKETS }, (_, number) => number);
  const isHere = await Promise.all(
    numbers.map(async (number) => {
      const name = nameOf(noteDocumentId(listId, number));
      if (known !== undefined && !names.has(name)) return false;
      const database = createDocumentDatabase({ name, storage });
      try {
        return (await database.readJournal()).marks.fetchedAt !== undefined;
      } finally {
        database.close();
      }
    }),
  );
  return isHere.filter((isThere) => !isThere).length;
}
