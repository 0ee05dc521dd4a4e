// What the read model must be told since it was last told something, in pieces that the database takes in a short
// time each: an import of thousands of couples must not make everybody else's edits wait.
import { toCacheRow } from './cache-row.ts';
import { DELETED_FIELD, type HistoryRow } from './history-row.ts';
import type { Mirror } from './mirror.ts';

/** JSON texts for `ws_project`. */
export interface ProjectionChunk {
  readonly rows: string;
  readonly history: string;
}

/** About 100 ms of the embedded database each. */
const CHUNK_ROWS = 500;
const CHUNK_HISTORY = 1500;

function pieces<T>(items: readonly T[], size: number): (readonly T[])[] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, at) => items.slice(at * size, (at + 1) * size));
}

/** All records of the document as they are now, in pieces, for a read model that is built anew. */
export function allRows(mirror: Mirror): { seq: number; recordIds: string[]; rows: string[] } {
  const ids = [...mirror.index.ids(), ...mirror.index.trash()];
  const rows = ids.flatMap((id) => {
    const view = mirror.index.get(id);
    return view === undefined ? [] : [toCacheRow(view, mirror.seq, 0)];
  });
  return {
    seq: mirror.seq,
    recordIds: ids,
    rows: pieces(rows, CHUNK_ROWS).map((piece) => JSON.stringify(piece)),
  };
}

/**
 * Rows of all records that changed after the projected sequence, as they are now, and the history in order. History
 * goes before rows, and the pieces in order: each may be repeated. Undefined when there is nothing new.
 */
export function projectionChunks(
  mirror: Mirror,
): { fromSeq: number; toSeq: number; recordIds: string[]; chunks: ProjectionChunk[] } | undefined {
  if (mirror.seq <= mirror.projectedSeq) return undefined;
  const changedAt = new Map<string, { seq: number; storedAtMs: number }>();
  const history: HistoryRow[] = [];
  for (const delta of mirror.deltas()) {
    for (const id of delta.recordIds) changedAt.set(id, delta);
    for (const row of delta.history) history.push(row);
  }
  const deletedAt = new Map<string, number>();
  for (const { recordId, field, storedAt } of history)
    if (field === DELETED_FIELD && storedAt !== undefined) deletedAt.set(recordId, storedAt);

  // By version: whoever reads between two pieces has seen everything up to some version.
  const inOrder = [...changedAt].sort(([, a], [, b]) => a.seq - b.seq);
  const rows = inOrder.flatMap(([id, { seq, storedAtMs }]) => {
    const view = mirror.index.get(id);
    // An entry that a gap in somebody's bytes took away again leaves no record to show.
    return view === undefined ? [] : [toCacheRow(view, seq, deletedAt.get(id) ?? storedAtMs)];
  });
  const chunks = [
    ...pieces(history, CHUNK_HISTORY).map((piece) => ({ rows: '[]', history: JSON.stringify(piece) })),
    ...pieces(rows, CHUNK_ROWS).map((piece) => ({ rows: JSON.stringify(piece), history: '[]' })),
  ];
  return { fromSeq: mirror.projectedSeq, toSeq: mirror.seq, recordIds: [...changedAt.keys()], chunks };
}
