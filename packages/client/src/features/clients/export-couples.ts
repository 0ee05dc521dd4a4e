// Couples as a CSV file, offered to the person; it imports again without loss. Shared notes are not in it: they are
// documents of their own, which a backup file holds.
import { toCsv } from '@wedsync/shared';
import type { ListSession } from '../../session/list-session.ts';
import { saveFile } from '../../ui/save-file.ts';

/** All couples, or these. The name carries the day, so that several files tell themselves apart. */
export async function exportCouples(
  session: Pick<ListSession, 'index' | 'whenOpened'>,
  ids?: readonly string[],
): Promise<void> {
  await session.whenOpened();
  const records = (ids ?? session.index.ids()).flatMap((id) => session.index.get(id) ?? []);
  const blob = new Blob([toCsv(records)], { type: 'text/csv' });
  saveFile(blob, `couples-${new Date().toISOString().slice(0, 10)}.csv`);
}
