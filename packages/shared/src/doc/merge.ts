// Two records that a person has found to be one couple: the one that goes is deleted, and its tomb's snapshot names in
// `mergedInto` the one that stays. So a merge converges like any deletion, and ends when the record is restored.
import { type Entry, isTomb } from './entry.ts';
import { isRecordId } from './layout.ts';
import { type RecordView, snapshotOf } from './live.ts';

export const MERGED_INTO = 'mergedInto';

/** The record that the tombs among `entries` name; undefined when they tell of a plain deletion. */
export function survivorIn(entries: readonly Entry[]): string | undefined {
  return toSurvivor(snapshotOf(entries.filter(isTomb))[MERGED_INTO]);
}

/** The record that this one was merged into; undefined for one that is shown, whatever it was before. */
export function mergedInto(view: RecordView | undefined): string | undefined {
  return view?.state === 'trashed' ? toSurvivor(view.values[MERGED_INTO]) : undefined;
}

/**
 * The record and those it was merged into, one after the other; the last is where the couple lives. Two devices can
 * merge in a circle while they are apart: it is gone round once.
 */
export function mergeChain(
  index: { get(id: string): RecordView | undefined },
  id: string,
): readonly string[] {
  const chain = [id];
  for (let next = mergedInto(index.get(id)); next !== undefined; next = mergedInto(index.get(next))) {
    if (chain.includes(next)) break;
    chain.push(next);
  }
  return chain;
}

const toSurvivor = (value: unknown): string | undefined =>
  typeof value === 'string' && isRecordId(value) ? value : undefined;
