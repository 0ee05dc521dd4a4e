// The pairs of couples that may be the same, as the screens show them.
import type { CouplePair } from '@wedsync/shared';
import { useSyncExternalStore } from 'react';
import { coupleMatchesOf } from '../../session/couple-matches.ts';
import type { ListSession } from '../../session/list-session.ts';

/** Pairs with this couple in them. */
export function useMatchesOf({ index }: ListSession, id: string): readonly CouplePair[] {
  const matches = coupleMatchesOf(index);
  return useSyncExternalStore(matches.subscribe, () => matches.of(id));
}

/** All pairs of the list. */
export function useMatches({ index }: ListSession): readonly CouplePair[] {
  const matches = coupleMatchesOf(index);
  return useSyncExternalStore(matches.subscribe, matches.pairs);
}
