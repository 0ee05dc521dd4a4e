// React bindings of a list session: every hook re-renders only when what it returns changed.
import { useCallback, useMemo, useSyncExternalStore } from 'react';
import type { SyncStatus } from '../transport/sync-status.ts';
import { type ClientListResult, createClientList, type ListQuery } from './client-list.ts';
import type { RecordView, Subscribable } from './document-view.ts';
import type { ListPhase, ListSession, Peer, SetAsideItem, UndoState, WaitingState } from './list-session.ts';

/** The current value of any `Subscribable`, for those that have no hook of their own (`account.state`, …). */
export function useSubscribable<T>(source: Subscribable<T>): T {
  const subscribe = useCallback((notify: () => void) => source.subscribe(notify), [source]);
  return useSyncExternalStore(subscribe, () => source.value);
}

export const usePhase = (session: ListSession): ListPhase => useSubscribable(session.phase);
export const useSyncStatus = (session: ListSession): SyncStatus => useSubscribable(session.status);
export const usePresence = (session: ListSession): readonly Peer[] => useSubscribable(session.presence);
export const useUndoState = (session: ListSession): UndoState => useSubscribable(session.undoState);
export const useSetAside = (session: ListSession): readonly SetAsideItem[] =>
  useSubscribable(session.setAside);

/** One record, alive or in the trash; undefined when it is not in the list. */
export function useClientRecord(session: ListSession, id: string | undefined): RecordView | undefined {
  const subscribe = useCallback(
    (notify: () => void) => session.index.subscribe(({ ids }) => id !== undefined && ids.has(id) && notify()),
    [session, id],
  );
  return useSyncExternalStore(subscribe, () => (id === undefined ? undefined : session.index.get(id)));
}

/** A record of the list itself, e.g. `list` or `status:booked`. */
export function useMetaRecord(session: ListSession, metaId: string): RecordView | undefined {
  const subscribe = useCallback(
    (notify: () => void) => session.index.subscribe(({ metaIds }) => metaIds.has(metaId) && notify()),
    [session, metaId],
  );
  return useSyncExternalStore(subscribe, () => session.index.getMeta(metaId));
}

/** Ids that match a query, searched, filtered and sorted. */
export function useClientList(session: ListSession, query: ListQuery): ClientListResult {
  const key = JSON.stringify(query);
  // The text stands for the query, so that a new but equal object does not build a new list.
  const list = useMemo(() => createClientList(session, JSON.parse(key) as ListQuery), [session, key]);
  return useSyncExternalStore(list.subscribe, list.read);
}

/** Ids of shown records with an open conflict. */
export function useConflicts(session: ListSession): readonly string[] {
  return useClientList(session, CONFLICTS).ids;
}
const CONFLICTS: ListQuery = { only: 'conflicts' };

/** Where this record's newest edits of this device are. */
export function useWaiting(session: ListSession, id: string): WaitingState {
  const subscribe = useCallback(
    (notify: () => void) => {
      const ends = [session.waitingIds.subscribe(notify), session.status.subscribe(notify)];
      return () => ends.forEach((end) => void end());
    },
    [session],
  );
  return useSyncExternalStore(subscribe, () => session.waiting(id));
}
