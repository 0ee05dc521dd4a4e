// What the sync service needs of storage, over the stores of documents and lists.
import { AppError, parseDocumentId, type Role } from '@wedsync/shared';
import type { DocumentStore } from './store/document-store.ts';
import { callJson, type Rpc } from './store/rpc.ts';
import type { SyncStore } from './sync.ts';

export function createSyncStore(documents: DocumentStore, rpc: Rpc): SyncStore {
  return {
    async load(documentId) {
      const isFree = parseDocumentId(documentId)?.kind === 'free';
      if (isFree) await documents.open(documentId, { kind: 'free' });
      const stored = await documents.load(documentId);
      if (stored === undefined) throw new AppError('not-found');
      return stored;
    },
    append: (rows) => documents.append(rows),
    readAfter: (documentId, seq) => documents.readAfter(documentId, seq),
    heads: (documentIds) => documents.heads(documentIds),
    putSnapshot: ({ documentId, ...snapshot }) => documents.putSnapshot(documentId, snapshot),
    putGeneration: (documentId, generation) => documents.putGeneration(documentId, generation),
    quarantine: (refused) => documents.quarantine(refused),
    rolesOf: (rights) =>
      callJson<(Role | '')[]>(rpc, 'ws_roles', {
        p_lists: rights.map(({ listId }) => listId),
        p_users: rights.map(({ userId }) => userId),
      }),
  };
}
