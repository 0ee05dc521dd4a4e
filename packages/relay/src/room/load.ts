// From stored bytes to a room. Either all of a document is there and fits together, or there is no room: a list
// that could not be read is never shown as an empty one.
import { AppError, type DocumentKind } from '@wedsync/shared';
import { createRoomGuard, type RoomGuard } from './guard.ts';
import { createHistory, type History } from './history.ts';

/** A document as the store reads it: checksums are verified there. */
export interface StoredDocument {
  readonly lineage: string;
  /** The newest sequence of the log. */
  readonly headSeq: number;
  /** The state up to and with its `seq`, when there is one. */
  readonly snapshot?: { readonly seq: number; readonly update: Uint8Array } | undefined;
  /** Every row after the snapshot, in order. */
  readonly rows: readonly { readonly seq: number; readonly update: Uint8Array }[];
}

export interface LoadedDocument {
  readonly lineage: string;
  readonly headSeq: number;
  readonly guard: RoomGuard;
  readonly history: History;
}

function fail(message: string): never {
  throw new AppError('load-failed', { message });
}

/**
 * @param now ms since 1970, for the guard
 * @throws AppError `load-failed` when a row is missing, unreadable or builds on something that is not there
 */
export function toLoadedDocument(
  stored: StoredDocument,
  kind: DocumentKind,
  now: () => number,
): LoadedDocument {
  const { snapshot, rows, lineage, headSeq } = stored;
  const guard = createRoomGuard(kind, now);
  if (snapshot !== undefined) take(guard, snapshot.update, `snapshot ${snapshot.seq}`);
  const clocks = new Map(guard.clocks);
  const history = createHistory(snapshot === undefined ? undefined : { ...snapshot, clocks });
  let seq = snapshot?.seq ?? 0;
  for (const row of rows) {
    if (row.seq !== seq + 1) fail(`row ${seq + 1} is missing`);
    seq = row.seq;
    const taken = take(guard, row.update, `row ${seq}`);
    if (taken === undefined) history.noteRepeat(seq);
    else history.tail.append(taken.update, taken.ends, seq);
  }
  if (seq !== headSeq) fail(`the log ends at ${seq} in place of ${headSeq}`);
  return { lineage, headSeq, guard, history };
}

/** What is new of the bytes; undefined when they repeat what is there. */
function take(guard: RoomGuard, update: Uint8Array, what: string) {
  const inspection = guard.inspectStored(update);
  if (inspection.type === 'refused')
    return fail(`${what}: ${inspection.refusal.code} ${inspection.refusal.detail}`);
  if (inspection.type === 'known') return undefined;
  guard.admit(inspection);
  return inspection;
}
