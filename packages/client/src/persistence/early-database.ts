// Opens the database of the list in the address while the app is still being put together: by the time the list asks
// for its first rows they have been read.
import { createDocumentDatabase, type DocumentDatabase } from './document-database.ts';
import { browserStorage } from './storage-options.ts';

type Early = { readonly database: DocumentDatabase; readonly snapshot: Promise<unknown> };

let early: Early | undefined;

/** Once per page, before the app is shown. */
export function openEarly(name: string): void {
  const database = createDocumentDatabase({ name, storage: browserStorage() });
  const snapshot = database.readSnapshot();
  // Whoever takes it is told; nobody may.
  snapshot.catch(() => undefined);
  early = { database, snapshot };
}

/** What was opened early under this name, to the first who asks. */
export function takeEarly(name: string): DocumentDatabase | undefined {
  if (early?.database.name !== name) return undefined;
  const { database, snapshot } = early;
  early = undefined;
  return { ...database, readSnapshot: () => snapshot };
}
