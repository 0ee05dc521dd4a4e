// From the view, the search and the order to the rows of the list: one live query, laid out with headings.
import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { calmChanges } from '../../session/calm-changes.ts';
import type { ListQuery } from '../../session/client-list.ts';
import type { ListSession } from '../../session/list-session.ts';
import { useClientList } from '../../session/react.ts';
import { type ListItem, type ListSort, layOut } from './sections.ts';
import type { CoupleView } from './views.ts';

export type Couples = {
  readonly items: readonly ListItem[];
  /** Couples shown, headings not counted. */
  readonly shown: number;
  /** Couples in the list before the search and the view. */
  readonly total: number;
};

/** The query of a view; `today` is a calendar date. */
export function queryOf(view: CoupleView, search: string, sort: ListSort, today: string): ListQuery {
  const words = search.trim();
  return {
    ...(words === '' ? {} : { search: words }),
    sort: sort.by === 'next' ? { by: 'weddingDate', direction: 'ascending' } : sort,
    ...(view.kind === 'upcoming' ? { from: today } : {}),
    ...(view.kind === 'status' ? { statuses: [view.statusId] } : {}),
    ...(view.kind === 'attention' ? { only: 'conflicts' as const } : {}),
    ...(view.kind === 'trash' ? { view: 'trash' as const } : {}),
  };
}

/** Grows when something shown changed; in a burst it takes a moment. */
export function useIndexVersion(session: ListSession): number {
  const subscribe = useCallback((notify: () => void) => calmChanges(session.index, notify).end, [session]);
  return useSyncExternalStore(subscribe, () => session.index.version);
}

export function useCouples(
  session: ListSession,
  view: CoupleView,
  search: string,
  sort: ListSort,
  today: string,
): Couples {
  const query = useMemo(() => queryOf(view, search, sort, today), [view, search, sort, today]);
  const { ids, total } = useClientList(session, query);
  const version = useIndexVersion(session);
  const items = useMemo(
    () => layOut(ids, (id) => session.index.get(id)?.values.weddingDate, sort, today),
    [session, ids, sort, today, version],
  );
  return { items, shown: ids.length, total };
}
