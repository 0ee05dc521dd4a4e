// The counts beside the views, kept up with the list.
import { useMemo } from 'react';
import type { ListSession } from '../../session/list-session.ts';
import { usePhase } from '../../session/react.ts';
import { useToday } from '../../ui/use-today.ts';
import { useIndexVersion } from './use-couples.ts';
import { type ViewCounts, viewCounterOf } from './views.ts';

const NONE: ViewCounts = { all: 0, upcoming: 0, attention: 0, trash: 0, statuses: {} };

export function useViewCounts(session: ListSession): ViewCounts {
  const version = useIndexVersion(session);
  const today = useToday();
  // The few rows that are shown until the list is read say nothing about how many there are.
  const isOpening = usePhase(session).state === 'opening';
  return useMemo(
    () => (isOpening ? NONE : viewCounterOf(session.index).read(today)),
    [session, today, version, isOpening],
  );
}
