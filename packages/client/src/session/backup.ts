// Backup files: everything this tab knows of a list as readable JSON, so that no fault of storage or server can keep
// it from the person. Values, not Yjs bytes: any program can read it, and an import of it adds nothing twice.
import type { SetAsideEntry } from '../persistence/document-database.ts';
import type { ListIndex, RecordView } from './document-view.ts';
import type { Replica } from './replica.ts';

export const BACKUP_FORMAT = 'wedsync-backup';
export const BACKUP_VERSION = 1;

export type BackupRecord = {
  readonly id: string;
  readonly state: 'alive' | 'trashed' | 'edit-delete';
  readonly values: RecordView['values'];
  /** Values that lost against the shown one and still stand, per field. */
  readonly others?: Readonly<Record<string, readonly unknown[]>>;
  readonly note?: string;
};

export type BackupFile = {
  readonly format: typeof BACKUP_FORMAT;
  readonly version: typeof BACKUP_VERSION;
  readonly listId: string;
  readonly exportedAt: string;
  readonly records: readonly BackupRecord[];
  readonly list: Readonly<Record<string, RecordView['values']>>;
  /** Actions that the server has not confirmed, in the journal's form. */
  readonly waiting: readonly unknown[];
  readonly setAside: readonly SetAsideEntry[];
};

export type BackupSource = {
  readonly listId: string;
  readonly index: ListIndex;
  readonly replicas: readonly Pick<Replica, 'pending' | 'setAside'>[];
  readonly notes: Readonly<Record<string, string>>;
  readonly now: number;
};

export function createBackup({ listId, index, replicas, notes, now }: BackupSource): BackupFile {
  const records = [...index.ids(), ...index.trash()].flatMap((id) => {
    const view = index.get(id);
    return view === undefined || view.state === 'absent' ? [] : [toRecord(view, view.state, notes[id])];
  });
  const list = Object.fromEntries(index.metaIds().map((id) => [id, index.getMeta(id)?.values ?? {}]));
  return {
    format: BACKUP_FORMAT,
    version: BACKUP_VERSION,
    listId,
    exportedAt: new Date(now).toISOString(),
    records,
    list,
    waiting: replicas.flatMap(({ pending }) => pending.all().map(({ entry }) => entry)),
    setAside: replicas.flatMap(({ setAside }) => setAside.value),
  };
}

function toRecord(view: RecordView, state: BackupRecord['state'], note: string | undefined): BackupRecord {
  const conflicts = Object.entries(view.conflicts);
  const others = Object.fromEntries(
    conflicts.map(([field, values]) => [field, values.slice(1).map(({ value }) => value)]),
  );
  return {
    id: view.id,
    state,
    values: view.values,
    ...(conflicts.length > 0 && { others }),
    ...(note !== undefined && { note }),
  };
}

/** A JSON file, indented so that a person can read it. */
export const toJsonFile = (content: unknown): Blob =>
  new Blob([JSON.stringify(content, undefined, 2)], { type: 'application/json' });
