// The counts beside the views, kept up with the list.
import { useMemo } from 'react';
import type { ListSession } from '../../session/list-session.ts';
import { useToday } from '../../ui/use-today.ts';
import { useIndexVersion } from './use-couples.ts';
import { countViews, type ViewCounts } from './views.ts';

export function useViewCounts(session: ListSession): ViewCounts {
  const version = useIndexVersion(session);
  const today = useToday();
  return useMemo(() => countViews(session.index, today), [session, today, version]);
}
