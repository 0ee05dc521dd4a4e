// Notes which mapped places an event had. A place that was there before and is missing from now on is shown to a person
// instead of being taken for an empty value.
import type { SourceSettings } from '@wedsync/shared';
import type { Rpc } from '../../store/rpc.ts';
import { pathsSeen } from './apply-mapping.ts';

export async function noteRowsSeen(
  rpc: Rpc,
  about: {
    readonly sourceId: string;
    readonly event: string;
    readonly payload: unknown;
    readonly settings: SourceSettings;
  },
): Promise<void> {
  const rows = (about.settings.mapping ?? []).filter(({ to }) => to !== 'ignore');
  if (rows.length === 0 || about.payload === undefined) return;
  const { seen, missing } = pathsSeen(about.payload, rows);
  await rpc('ws_source_paths', {
    p_source: about.sourceId,
    p_event: about.event,
    p_seen: seen,
    p_missing: missing,
  });
}
