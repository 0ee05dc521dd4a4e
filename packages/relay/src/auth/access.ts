// Which document an id names, and what a principal may do with it. The neutral answer for everything that is
// not there, or not theirs, is `unknown-document`.
import type { Principal } from './principal.ts';

export type Role = 'owner' | 'editor' | 'viewer';
export type Access = 'write' | 'read';

/** What a document id says about itself (DESIGN section 6). */
export type DocumentName =
  | { readonly kind: 'list'; readonly listId: string }
  | { readonly kind: 'notes'; readonly listId: string }
  | { readonly kind: 'free' };

export type AccessResult =
  | { readonly ok: true; readonly document: DocumentName; readonly access: Access }
  | { readonly ok: false; readonly code: 'unknown-document' };

const DOCUMENT_ID = /^[A-Za-z0-9._-]{1,128}$/;
const LIST_ID = /^l_[A-Za-z0-9_-]{22}$/;
const NOTES_ID = /^(l_[A-Za-z0-9_-]{22})\.notes\.(?:[0-9]|1[0-5])$/;

/** Undefined for what is no document id at all. */
export function parseDocumentName(documentId: string): DocumentName | undefined {
  if (!DOCUMENT_ID.test(documentId)) return undefined;
  if (LIST_ID.test(documentId)) return { kind: 'list', listId: documentId };
  const listId = NOTES_ID.exec(documentId)?.[1];
  return listId === undefined ? { kind: 'free' } : { kind: 'notes', listId };
}

export function accessOf(role: Role): Access {
  return role === 'viewer' ? 'read' : 'write';
}

/**
 * Decides a join. A service opens any document; a person those of the lists they are a member of.
 * @param roleOf reads the membership; '' for nobody's and for unknown lists. May throw a retryable AppError.
 */
export async function decideAccess(
  principal: Principal,
  documentId: string,
  roleOf: (listId: string, userId: string) => Promise<Role | ''>,
): Promise<AccessResult> {
  const refused: AccessResult = { ok: false, code: 'unknown-document' };
  const document = parseDocumentName(documentId);
  if (document === undefined) return refused;
  if (principal.kind === 'service') return { ok: true, document, access: 'write' };
  if (document.kind === 'free') return refused;
  const role = await roleOf(document.listId, principal.userId);
  return role === '' ? refused : { ok: true, document, access: accessOf(role) };
}
