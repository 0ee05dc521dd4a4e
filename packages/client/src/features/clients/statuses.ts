// The statuses of a list: what every list starts with, renamed or added to by the list's own records.
import { DEFAULT_STATUSES } from '@wedsync/shared';
import { useMemo } from 'react';
import type { ListIndex } from '../../session/document-view.ts';
import type { ListSession } from '../../session/list-session.ts';
import { useIndexVersion } from './use-couples.ts';

export type StatusOption = { readonly id: string; readonly label: string };

const PREFIX = 'status:';

/** All statuses in their order: the defaults, with the list's own labels and additions (`status:<id>`). */
export function statusOptions(index: Pick<ListIndex, 'metaIds' | 'getMeta'>): readonly StatusOption[] {
  const options = new Map(DEFAULT_STATUSES.map(({ id, label }) => [id as string, label as string]));
  for (const metaId of index.metaIds()) {
    if (!metaId.startsWith(PREFIX)) continue;
    const id = metaId.slice(PREFIX.length);
    const label = index.getMeta(metaId)?.values.label;
    if (typeof label === 'string') options.set(id, label);
  }
  return Array.from(options, ([id, label]) => ({ id, label }));
}

export function useStatuses(session: ListSession): readonly StatusOption[] {
  const version = useIndexVersion(session);
  const options = useMemo(() => statusOptions(session.index), [session, version]);
  const key = options.map(({ id, label }) => `${id}=${label}`).join('\n');
  return useMemo(() => options, [key]);
}

export function statusLabel(statuses: readonly StatusOption[], id: unknown): string {
  return statuses.find((status) => status.id === id)?.label ?? (typeof id === 'string' ? id : '');
}
