// Names of documents on the wire (`/sync/<documentId>`) and what they stand for.

/** Any document: also the free ones of other services. */
const DOCUMENT_ID = /^[A-Za-z0-9._-]{1,128}$/;
const LIST_ID = /^l_[A-Za-z0-9_-]{22}$/;
const NOTES_ID = /^(l_[A-Za-z0-9_-]{22})\.notes\.(0|[1-9]|1[0-5])$/;

/** What a document id says about itself. Whether a list of that id exists is the relay's knowledge. */
export type DocumentRef =
  | { readonly kind: 'list'; readonly listId: string }
  | { readonly kind: 'notes'; readonly listId: string; readonly bucket: number }
  | { readonly kind: 'free' };

/** Reads a document id; undefined when it is none. */
export function parseDocumentId(id: string): DocumentRef | undefined {
  if (!DOCUMENT_ID.test(id)) return undefined;
  if (LIST_ID.test(id)) return { kind: 'list', listId: id };
  const notes = NOTES_ID.exec(id);
  if (notes?.[1] !== undefined) return { kind: 'notes', listId: notes[1], bucket: Number(notes[2]) };
  return { kind: 'free' };
}

/** Whether `text` has the form of a list's id (`l_` and 22 base64url characters). */
export function isListId(text: string): boolean {
  return LIST_ID.test(text);
}
