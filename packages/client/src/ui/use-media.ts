// Follows a media query and the calendar day, so that screens change with the window and at midnight.
import { useCallback, useSyncExternalStore } from 'react';

/** Whether the query holds now; re-renders when that changes. */
export function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (notify: () => void) => {
      const list = matchMedia(query);
      list.addEventListener('change', notify);
      return () => list.removeEventListener('change', notify);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => matchMedia(query).matches);
}

/** Below this a phone's layout is used: cards, a bottom bar, full-screen records. */
export const PHONE_QUERY = '(max-width: 44.99rem)';

export const usePhone = (): boolean => useMedia(PHONE_QUERY);
