// The whole list as a file, offered to the person.
import type { ListSession } from '../../session/list-session.ts';
import { saveFile } from '../../ui/save-file.ts';

/** The name carries the day, so that several files tell themselves apart. */
export function saveBackup(session: Pick<ListSession, 'exportBackup'>): void {
  const name = `wedsync-backup-${new Date().toISOString().slice(0, 10)}.json`;
  void session.exportBackup().then((blob) => saveFile(blob, name));
}
