// Builds the read model anew from the documents, list by list, while everything else goes on.
import { AppError } from '@wedsync/shared';
import type { Rpc } from '../store/rpc.ts';
import type { DocumentWriter } from '../writer/document-writer.ts';
import type { Projection } from './projection.ts';

export interface RebuildOptions {
  readonly rpc: Rpc;
  readonly writer: Pick<DocumentWriter, 'readAll'>;
  readonly projection: Pick<Projection, 'catchUp'>;
}

/** While people edit, the document is ahead again and again; each try starts from where it is. */
const MAX_TRIES = 20;

/** Resolves with the number of records. Rejects `not-found`, or retryably when the database is away. */
export async function rebuildList(
  { rpc, writer, projection }: RebuildOptions,
  listId: string,
): Promise<number> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    await projection.catchUp(listId);
    const all = await writer.readAll(listId);
    if (all === undefined) throw new AppError('not-found');
    const pieces = all.rows.length === 0 ? ['[]'] : all.rows;
    let answer = 'ok';
    for (const [index, rows] of pieces.entries()) {
      const isLast = index === pieces.length - 1;
      answer = await rpc('ws_rebuild', {
        p_doc: listId,
        p_seq: String(all.seq),
        p_rows: rows,
        p_ids: isLast ? all.recordIds : [],
        p_is_last: String(isLast),
      });
      if (answer !== 'ok') break;
    }
    if (answer === 'ok') return all.recordIds.length;
  }
  throw new AppError('storage-conflict');
}
