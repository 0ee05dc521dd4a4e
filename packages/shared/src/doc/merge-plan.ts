// What happens when a person says that two records are one couple: the one that stays keeps what it says and gets what
// only the other one said. Where they differ, the person chooses.
import { sameValue } from '../record/duplicates.ts';
import type { Fields, FieldValue } from './entry.ts';
import { MERGED_INTO } from './merge.ts';

export type MergeDifference = {
  readonly field: string;
  readonly stays: FieldValue;
  readonly other: FieldValue;
};

export type MergePlan = {
  /** What only the record that goes says. */
  readonly moves: Fields;
  /** What both say differently; `stays` unless the person chooses the other. */
  readonly differences: readonly MergeDifference[];
};

/** Never asked about: two ids, notes, times or removed tags are no disagreement (DOC-R6). */
const SILENT = /^(?:createdAt$|photo$|ext:|note:|tag:)/;

export function planMerge(stays: Fields, goes: Fields): MergePlan {
  const moves: Record<string, FieldValue> = {};
  const differences: MergeDifference[] = [];
  for (const [field, other] of Object.entries(goes)) {
    if (other === null || field === 'createdAt' || field === MERGED_INTO) continue;
    const own = stays[field] ?? null;
    if (own === null) moves[field] = other;
    else if (!SILENT.test(field) && !sameValue(field, own, other))
      differences.push({ field, stays: own, other });
  }
  return { moves, differences };
}

/** Id of the list's own record that says that two records are two couples. The same for both orders of the ids. */
export function apartId(a: string, b: string): string {
  return `apart:${[a, b].sort().join(':')}`;
}

/** Its only field: true once a person has said so. */
export const APART_FIELD = 'apart';
