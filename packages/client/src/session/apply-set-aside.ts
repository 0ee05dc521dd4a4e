// Takes edits that were refused and set aside back into the list, as new edits of now. Loaded when it is needed.
import { type FieldValue, isValidValue } from '@wedsync/shared';
import { wantedOf } from './journal-fields.ts';
import type { ImportRow, ListSession } from './list-session.ts';

type SetAsideSession = Pick<ListSession, 'index' | 'actions' | 'exportSetAside' | 'discardSetAside'>;

/**
 * Writes what these edits wanted to write, and forgets them. Values that a field cannot hold stay set aside with the
 * edit they came in. Returns how many edits were taken back. Throws `forbidden` while the list is read-only.
 */
export async function applySetAside(session: SetAsideSession, keys: readonly string[]): Promise<number> {
  const entries = JSON.parse(await (await session.exportSetAside()).text()) as { key: string }[];
  const chosen = entries.filter(({ key }) => keys.includes(key));
  const applied: string[] = [];
  const rows = new Map<string, ImportRow>();
  const [removed, restored] = [new Set<string>(), new Set<string>()];
  for (const entry of chosen) {
    const wanted = wantedOf([entry]);
    const isUsable = [...wanted.values()].every(({ fields }) =>
      [...fields].every(([name, { value }]) => isValidValue(name, value)),
    );
    if (wanted.size === 0 || !isUsable) continue;
    applied.push(entry.key);
    for (const [recordId, { fields, state }] of wanted) {
      const values = Object.fromEntries(
        [...fields].map(([name, { value }]): [string, FieldValue] => [name, value]),
      );
      if (fields.size > 0)
        rows.set(recordId, { recordId, fields: { ...rows.get(recordId)?.fields, ...values } });
      if (state === 'delete') removed.add(recordId);
      if (state === 'restore') restored.add(recordId);
    }
  }
  if (applied.length === 0) return 0;
  if (rows.size > 0)
    await session.actions.importRows([...rows.values()], { name: 'Apply set-aside changes' });
  if (restored.size > 0) session.actions.restore([...restored]);
  if (removed.size > 0) session.actions.remove([...removed]);
  await session.discardSetAside(applied);
  return applied.length;
}
