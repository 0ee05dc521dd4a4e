// All ids of a view in one order, kept up to date: a keystroke in the search field filters it and never sorts.
import { type Fields, orderBy } from '@wedsync/shared';
import type { IndexChange, ListIndex } from './document-view.ts';

export type OrderOptions = {
  readonly view: 'clients' | 'trash';
  readonly by: string;
  readonly direction: 'ascending' | 'descending';
};

/** More changed records than this at once are sorted anew; fewer are moved one by one. */
const MOST_MOVES = 300;
/** An order remembers a key per version of a record; after this many changes it starts over. */
const MOST_CHANGES = 20_000;
const NOTHING: Fields = {};

export type SortedOrder = { read(): readonly string[] };

const orders = new WeakMap<ListIndex, Map<string, SortedOrder>>();

/** One per index and order, shared by all queries; lives as long as the index. */
export function sortedOrder(index: ListIndex, options: OrderOptions): SortedOrder {
  const known = orders.get(index) ?? new Map<string, SortedOrder>();
  orders.set(index, known);
  const key = `${options.view} ${options.direction} ${options.by}`;
  const order = known.get(key) ?? createSortedOrder(index, options);
  known.set(key, order);
  return order;
}

function createSortedOrder(index: ListIndex, { view, by, direction }: OrderOptions): SortedOrder {
  let ids: string[] = [];
  let isSorted = false;
  let changes = 0;
  let dirty = new Set<string>();
  let { keyOf, compareKeys } = orderBy(by, { direction });

  const valuesOf = (id: string): Fields => index.get(id)?.values ?? NOTHING;
  const compare = (a: string, b: string): number =>
    compareKeys(keyOf(valuesOf(a)), keyOf(valuesOf(b))) || (a < b ? -1 : a > b ? 1 : 0);
  const belongs = (id: string): boolean => {
    const record = index.get(id);
    if (view === 'trash') return record?.state === 'trashed' && !record.isPurged;
    return record?.state === 'alive' || record?.state === 'edit-delete';
  };

  index.subscribe((change: IndexChange) => {
    if (!isSorted) return;
    for (const id of change.ids) dirty.add(id);
  });

  function sortAll(): void {
    ({ keyOf, compareKeys } = orderBy(by, { direction }));
    // Each record is looked up once, not at every comparison.
    const all = (view === 'trash' ? index.trash() : index.ids()).map((id) => ({
      id,
      key: keyOf(valuesOf(id)),
    }));
    all.sort((a, b) => compareKeys(a.key, b.key) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
    ids = all.map(({ id }) => id);
    isSorted = true;
    changes = 0;
  }

  /** Binary search; the list is in order without the moved ids. */
  function insert(id: string): void {
    let [low, high] = [0, ids.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compare(ids[middle] ?? '', id) < 0) low = middle + 1;
      else high = middle;
    }
    ids.splice(low, 0, id);
  }

  return {
    read() {
      if (isSorted && dirty.size === 0) return ids;
      const moved = dirty;
      dirty = new Set();
      changes += moved.size;
      if (!isSorted || moved.size > MOST_MOVES || changes > MOST_CHANGES) sortAll();
      else {
        ids = ids.filter((id) => !moved.has(id));
        for (const id of moved) if (belongs(id)) insert(id);
      }
      return ids;
    },
  };
}
