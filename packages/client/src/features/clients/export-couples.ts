// Couples as a CSV file, offered to the person; it imports again without loss. Shared notes are not in it: they are
// documents of their own, which a backup file holds.
import { csvLines, otherFields } from '@wedsync/shared';
import { clientsMessages as words } from '../../i18n/messages/clients.ts';
import type { RecordView } from '../../session/document-view.ts';
import { inTurns } from '../../session/in-turns.ts';
import type { ListSession } from '../../session/list-session.ts';
import { saveFile } from '../../ui/save-file.ts';
import type { ToastStore } from '../../ui/toast-store.ts';

type Source = Pick<ListSession, 'index' | 'whenOpened'>;

/** What is done sooner needs no word. */
const SILENT_MS = 400;

/** The file in pieces; `onProgress` hears a share of 0 to 1. Couples that go meanwhile are left out. */
export async function couplesCsv(
  { index }: Source,
  ids: readonly string[],
  onProgress: (share: number) => void,
): Promise<readonly string[]> {
  const records: RecordView[] = [];
  const others = new Set<string>();
  const find = (id: string): void => {
    const record = index.get(id);
    if (record === undefined) return;
    records.push(record);
    for (const field of otherFields(record.values)) others.add(field);
  };
  await inTurns(ids, find, (done) => onProgress(done / ids.length / 2));
  const { header, line } = csvLines(others);
  const pieces = [header];
  const write = (record: RecordView): void => void pieces.push(line(record));
  await inTurns(records, write, (done) => onProgress((1 + done / records.length) / 2));
  return pieces;
}

/** All couples, or these. The name carries the day, so that several files tell themselves apart. */
export async function exportCouples(
  session: Source,
  toasts: Pick<ToastStore, 'show' | 'update' | 'dismiss'>,
  ids?: readonly string[],
): Promise<void> {
  const start = performance.now();
  let toast: number | undefined;
  await session.whenOpened();
  const pieces = await couplesCsv(session, ids ?? session.index.ids(), (share) => {
    if (performance.now() - start < SILENT_MS) return;
    const text = words.exporting(Math.round(share * 100));
    if (toast === undefined) toast = toasts.show({ text });
    else toasts.update(toast, text);
  });
  if (toast !== undefined) toasts.dismiss(toast);
  saveFile(
    new Blob([...pieces], { type: 'text/csv' }),
    `couples-${new Date().toISOString().slice(0, 10)}.csv`,
  );
}
