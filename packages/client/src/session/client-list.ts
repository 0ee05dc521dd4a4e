// Search, sort and filter over the whole list, quick enough for a keystroke at 10,000 couples: the order is kept, the
// search text of a record is computed once, and only the filter runs.
import { matchesSearch, normaliseTag, searchKey, searchWords } from '@wedsync/shared';
import { calmChanges } from './calm-changes.ts';
import type { RecordView } from './document-view.ts';
import type { ListSession } from './list-session.ts';
import { sortedOrder } from './sorted-order.ts';

/** A field name, or `couple` for the couple's name as shown. */
export type SortKey = string;

/** What a list screen shows. Plain data: two equal queries give the identical result object. */
export type ListQuery = {
  readonly search?: string;
  /** Couple, ascending, unless given. Records without a value come last either way. */
  readonly sort?: { readonly by: SortKey; readonly direction: 'ascending' | 'descending' };
  /** Status ids; none or an empty list means all. */
  readonly statuses?: readonly string[];
  /** Tag names; a record must carry all of them. */
  readonly tags?: readonly string[];
  /** Wedding dates, inclusive, `YYYY-MM-DD`. */
  readonly from?: string;
  readonly to?: string;
  readonly only?: 'conflicts' | 'waiting';
  readonly view?: 'clients' | 'trash';
};

/** `ids` keeps its identity while the same records stand in the same order; `total` counts the view unfiltered. */
export type ClientListResult = { readonly ids: readonly string[]; readonly total: number };

export type ClientListSource = Pick<ListSession, 'index' | 'waitingIds'>;

/** A live query for `useSyncExternalStore`. */
export type ClientList = {
  /** Computes when something changed and otherwise repeats itself. */
  read(): ClientListResult;
  subscribe(notify: () => void): () => void;
};

export function createClientList(source: ClientListSource, query: ListQuery): ClientList {
  const { index, waitingIds } = source;
  const { view = 'clients', sort = { by: 'couple', direction: 'ascending' }, only } = query;
  const order = sortedOrder(index, { view, ...sort });
  const matches = createFilter(query, waitingIds);
  let seen: { version: number; waiting: ReadonlySet<string> | undefined } | undefined;
  let result: ClientListResult = { ids: [], total: 0 };

  function read(): ClientListResult {
    const waiting = only === 'waiting' ? waitingIds.value : undefined;
    if (seen?.version === index.version && seen.waiting === waiting) return result;
    seen = { version: index.version, waiting };
    const all = order.read();
    const ids = matches === undefined ? all : all.filter((id) => matches(id, index.get(id)));
    const isSame = ids.length === result.ids.length && ids.every((id, at) => id === result.ids[at]);
    if (!isSame || all.length !== result.total)
      result = { ids: isSame ? result.ids : [...ids], total: all.length };
    return result;
  }

  function subscribe(notify: () => void): () => void {
    const changes = calmChanges(index, notify);
    const endWaiting = only === 'waiting' ? waitingIds.subscribe(changes.soon) : undefined;
    return () => {
      changes.end();
      endWaiting?.();
    };
  }

  return { read, subscribe };
}

type Filter = (id: string, record: RecordView | undefined) => boolean;

/** Undefined when everything matches. Cheap tests come first. */
function createFilter(query: ListQuery, waitingIds: ClientListSource['waitingIds']): Filter | undefined {
  const filters: Filter[] = [];
  const { statuses = [], tags = [], from, to, only } = query;
  const words = searchWords(query.search ?? '');
  if (only === 'waiting') filters.push((id) => waitingIds.value.has(id));
  if (only === 'conflicts') filters.push((_, record) => hasConflict(record));
  if (statuses.length > 0)
    filters.push((_, record) => statuses.includes(String(record?.values.status ?? '')));
  for (const tag of tags) {
    const field = `tag:${normaliseTag(tag)}`;
    filters.push((_, record) => record?.values[field] === true);
  }
  if (from !== undefined || to !== undefined) {
    filters.push((_, record) => {
      const date = record?.values.weddingDate;
      return (
        typeof date === 'string' && date !== 'tbd' && date >= (from ?? '') && date <= (to ?? '9999-12-31')
      );
    });
  }
  if (words.length > 0)
    filters.push((_, record) => record !== undefined && matchesSearch(searchKey(record.values), words));
  if (filters.length === 0) return undefined;
  return (id, record) => filters.every((filter) => filter(id, record));
}

/** A field with two or more values that nobody has settled, or a deletion against an edit. */
export function hasConflict(record: RecordView | undefined): boolean {
  if (record?.state === 'edit-delete') return true;
  for (const _ in record?.conflicts) return true;
  return false;
}
