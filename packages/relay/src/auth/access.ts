// Which document an id names, and what a principal may do with it. The neutral answer for everything that is
// not there, or not theirs, is `unknown-document`.
import { type DocumentRef, parseDocumentId, type Role } from '@wedsync/shared';
import type { Principal } from './principal.ts';

export type Access = 'write' | 'read';

export type AccessResult =
  | { readonly ok: true; readonly document: DocumentRef; readonly access: Access }
  | { readonly ok: false; readonly code: 'unknown-document' };

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
  const document = parseDocumentId(documentId);
  if (document === undefined) return refused;
  if (principal.kind === 'service') return { ok: true, document, access: 'write' };
  if (document.kind === 'free') return refused;
  const role = await roleOf(document.listId, principal.userId);
  return role === '' ? refused : { ok: true, document, access: accessOf(role) };
}
