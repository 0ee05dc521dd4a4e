// The views of the list and how many couples each one holds.
import type { ListIndex, RecordView } from '../../session/document-view.ts';

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

type CountedIndex = Pick<ListIndex, 'ids' | 'trash' | 'get' | 'subscribe'>;

export type ViewCounter = {
  /** Looks at what has changed since the last time. `today` is a calendar date. */
  read(today: string): ViewCounts;
};

/** What one couple adds to the counts. */
type Share = {
  readonly isTrash: boolean;
  readonly date: string | undefined;
  readonly status: string | undefined;
  readonly needsAttention: boolean;
};

/** More changed records than this are counted anew with all others. */
const MOST_AT_ONCE = 1_000;
const counters = new WeakMap<CountedIndex, ViewCounter>();

/** The counts of an index, kept once for all who show them: an edit costs what it changed, not the list. */
export function viewCounterOf(index: CountedIndex): ViewCounter {
  const counter = counters.get(index) ?? createViewCounter(index);
  counters.set(index, counter);
  return counter;
}

function createViewCounter(index: CountedIndex): ViewCounter {
  const shares = new Map<string, Share>();
  const statuses = new Map<string, number>();
  let [trash, attention, upcoming] = [0, 0, 0];
  let countedFor: string | undefined;
  let changed = new Set<string>();
  let counts: ViewCounts | undefined;
  index.subscribe(({ ids }) => {
    counts = undefined;
    if (changed.size + ids.size > MOST_AT_ONCE) countedFor = undefined;
    else for (const id of ids) changed.add(id);
  });

  function add({ isTrash, date, status, needsAttention: needs }: Share, sign: 1 | -1, today: string): void {
    if (isTrash) {
      trash += sign;
      return;
    }
    if (needs) attention += sign;
    if (date !== undefined && date >= today) upcoming += sign;
    if (status !== undefined) statuses.set(status, (statuses.get(status) ?? 0) + sign);
  }

  function put(id: string, share: Share | undefined, today: string): void {
    const before = shares.get(id);
    if (before !== undefined) add(before, -1, today);
    if (share === undefined) shares.delete(id);
    else {
      shares.set(id, share);
      add(share, 1, today);
    }
  }

  function countAll(today: string): void {
    shares.clear();
    statuses.clear();
    [trash, attention, upcoming] = [0, 0, 0];
    for (const id of index.ids()) put(id, shareOf(index.get(id)), today);
    for (const id of index.trash()) put(id, IN_TRASH, today);
    countedFor = today;
  }

  return {
    read(today) {
      if (counts !== undefined && countedFor === today) return counts;
      if (countedFor === today) for (const id of changed) put(id, shareOf(index.get(id)), today);
      else countAll(today);
      changed = new Set();
      const present = [...statuses].filter(([, count]) => count > 0);
      counts = {
        all: shares.size - trash,
        upcoming,
        attention,
        trash,
        statuses: Object.fromEntries(present),
      };
      return counts;
    },
  };
}

const IN_TRASH: Share = { isTrash: true, date: undefined, status: undefined, needsAttention: false };

/** Undefined for what no view shows. */
function shareOf(record: RecordView | undefined): Share | undefined {
  if (record === undefined) return undefined;
  if (record.state === 'trashed') return record.isPurged ? undefined : IN_TRASH;
  if (record.state !== 'alive' && record.state !== 'edit-delete') return undefined;
  const { weddingDate, status } = record.values;
  return {
    isTrash: false,
    date: typeof weddingDate === 'string' && weddingDate !== 'tbd' ? weddingDate : undefined,
    status: typeof status === 'string' ? status : undefined,
    needsAttention: needsAttention(record),
  };
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
