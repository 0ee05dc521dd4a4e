// The counts beside the views, kept up with the list.
import { useMemo } from 'react';
import type { ListSession } from '../../session/list-session.ts';
import { usePhase } from '../../session/react.ts';
import { useToday } from '../../ui/use-today.ts';
import { useIndexVersion } from './use-couples.ts';
import { countViews, type ViewCounts } from './views.ts';

export function useViewCounts(session: ListSession): ViewCounts {
  const version = useIndexVersion(session);
  const today = useToday();
  // The few rows that are shown until the list is read say nothing about how many there are.
  const isOpening = usePhase(session).state === 'opening';
  return useMemo(
    () => countViews(isOpening ? NOTHING : session.index, today),
    [session, today, version, isOpening],
  );
}

const NOTHING = { ids: () => [], get: () => undefined, trash: () => [] };
