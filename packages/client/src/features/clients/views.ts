// The views of the list and how many couples each one holds.
import type { ListIndex } from '../../session/document-view.ts';

/** Which couples the list shows: all, from today on, with something to decide, deleted, or of one status. */
export type CoupleView =
  | { readonly kind: 'all' | 'upcoming' | 'attention' | 'trash' }
  | { readonly kind: 'status'; readonly statusId: string };

export type ViewCounts = {
  readonly all: number;
  readonly upcoming: number;
  readonly attention: number;
  readonly trash: number;
  readonly statuses: Readonly<Record<string, number>>;
};

type CountedIndex = Pick<ListIndex, 'ids' | 'trash' | 'get'>;

/** One pass over the list: 10,000 couples take a few milliseconds. `today` is a calendar date. */
export function countViews(index: CountedIndex, today: string): ViewCounts {
  const statuses: Record<string, number> = {};
  const ids = index.ids();
  let upcoming = 0;
  let attention = 0;
  for (const id of ids) {
    const record = index.get(id);
    if (record === undefined) continue;
    const { weddingDate, status } = record.values;
    if (typeof weddingDate === 'string' && weddingDate !== 'tbd' && weddingDate >= today) upcoming += 1;
    if (needsAttention(record)) attention += 1;
    if (typeof status === 'string') statuses[status] = (statuses[status] ?? 0) + 1;
  }
  return { all: ids.length, upcoming, attention, trash: index.trash().length, statuses };
}

/** Whether a person has something to decide about this record. */
export function needsAttention(record: {
  state: string;
  conflicts: Readonly<Record<string, unknown>>;
}): boolean {
  if (record.state === 'edit-delete') return true;
  for (const _ in record.conflicts) return true;
  return false;
}
