// The other couples on a couple's wedding date.
import { useCallback, useSyncExternalStore } from 'react';
import { dateClashesOf } from '../../session/date-clashes.ts';
import type { ListSession } from '../../session/list-session.ts';

export function useDateClash({ index }: ListSession, id: string): readonly string[] {
  const clashes = dateClashesOf(index);
  const subscribe = useCallback((notify: () => void) => index.subscribe(notify), [index]);
  return useSyncExternalStore(subscribe, () => clashes.others(id));
}
