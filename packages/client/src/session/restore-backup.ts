// Opens a backup file again: brings back what the list lacks, and what had not been stored when the file was written.
// Opening the same file twice changes nothing the second time. Loaded when it is needed.
import { type FieldValue, isRecordId, isValidValue, type RecordView } from '@wedsync/shared';
import { BACKUP_FORMAT, BACKUP_VERSION, type BackupRecord } from './backup.ts';
import { type Wanted, wantedOf } from './journal-fields.ts';
import type { ImportRow, ListSession } from './list-session.ts';

/** `not-here`: this device has not had the list yet, so it cannot be told what is missing. */
export type RestoreResult =
  | { readonly ok: true; readonly added: number; readonly changed: number; readonly notes: number }
  | { readonly ok: false; readonly code: 'not-a-backup' | 'newer-version' | 'not-here' | 'read-only' };

type RestoreSession = Pick<ListSession, 'index' | 'actions' | 'phase' | 'canEdit' | 'notes'>;

/** A note's document may still be on its way. */
const NOTE_WITHIN_MS = 10_000;

export async function restoreBackup(session: RestoreSession, text: string): Promise<RestoreResult> {
  const file = parse(text);
  if (file === undefined) return { ok: false, code: 'not-a-backup' };
  if (file.version > BACKUP_VERSION) return { ok: false, code: 'newer-version' };
  if (session.phase.value.state !== 'ready' || !session.phase.value.fetched)
    return { ok: false, code: 'not-here' };
  if (!session.canEdit.value) return { ok: false, code: 'read-only' };
  const { index, actions } = session;
  const wanted = wantedOf(file.waiting);
  const rows: ImportRow[] = [];
  const trash: string[] = [];
  let added = 0;
  for (const { id, values, state, others } of withRefused(file.records, wanted)) {
    const view = index.get(id);
    if (view === undefined) {
      added += 1;
      rows.push({ recordId: id, fields: validOf(values), others: othersOf(others) });
      if (state === 'trashed') trash.push(id);
    } else if (view.state === 'alive' || view.state === 'edit-delete') {
      const fields = newerOf(view, wanted.get(id));
      if (Object.keys(fields).length > 0) rows.push({ recordId: id, fields });
      if (state === 'trashed' && wanted.get(id)?.state === 'delete') trash.push(id);
    }
  }
  if (rows.length > 0) await actions.importRows(rows, { name: 'Open a backup file' });
  if (trash.length > 0) actions.remove(trash);
  const notes = await restoreNotes(session, file.records, waitingNotes(file.waiting));
  return { ok: true, added, changed: rows.length - added + trash.length, notes };
}

/** The file's records, and those that exist in refused edits alone. */
function withRefused(
  records: readonly BackupRecord[],
  wanted: ReadonlyMap<string, Wanted>,
): readonly BackupRecord[] {
  const known = new Set(records.map(({ id }) => id));
  const refused = [...wanted].flatMap(([id, { fields, state }]): BackupRecord[] => {
    if (known.has(id) || !isRecordId(id) || fields.size === 0 || state === 'delete') return [];
    return [
      {
        id,
        state: 'alive',
        values: Object.fromEntries([...fields].map(([name, { value }]) => [name, value])),
      },
    ];
  });
  return [...records, ...refused];
}

/** What the person had written and the list has not got: unless somebody has written the field since. */
function newerOf(view: RecordView, wanted: Wanted | undefined): Record<string, FieldValue> {
  const fields: Record<string, FieldValue> = {};
  for (const [name, { value, hlc }] of wanted?.fields ?? []) {
    const isOlder = (view.stamps[name]?.hlc ?? -1) < hlc;
    if (isOlder && (view.values[name] ?? null) !== value && isValidValue(name, value)) fields[name] = value;
  }
  return fields;
}

const validOf = (values: BackupRecord['values']): Record<string, FieldValue> =>
  Object.fromEntries(
    Object.entries(values).filter(([name, value]) => value !== null && isValidValue(name, value)),
  );

/** The values that had lost and still stood, one of each field at a time. */
function othersOf(others: BackupRecord['others'] = {}): Record<string, FieldValue>[] {
  const most = Math.max(0, ...Object.values(others).map((values) => values.length));
  return Array.from({ length: most }, (_, at) =>
    Object.fromEntries(
      Object.entries(others).flatMap(([name, values]) => {
        const value = values[at];
        return value !== undefined && value !== null && isValidValue(name, value)
          ? [[name, value as FieldValue]]
          : [];
      }),
    ),
  ).filter((fields) => Object.keys(fields).length > 0);
}

/** Empty notes are filled; a note that goes on differently keeps both texts when the file's was never stored. */
async function restoreNotes(
  session: RestoreSession,
  records: readonly BackupRecord[],
  waiting: ReadonlySet<string>,
): Promise<number> {
  let count = 0;
  const handles = records.flatMap(({ id, note }) =>
    note === undefined || note === '' ? [] : [{ handle: session.notes(id), note }],
  );
  try {
    for (const { handle, note } of handles) {
      // Without its document the same text could come twice.
      if (!(await isReady(handle.state))) continue;
      const present = handle.text.value;
      if (present.includes(note)) continue;
      if (present !== '' && !waiting.has(handle.recordId)) continue;
      handle.apply(present === '' ? note : `${present}\n\n${note}`);
      count += 1;
    }
  } finally {
    for (const { handle } of handles) handle.close();
  }
  return count;
}

function isReady(state: ReturnType<ListSession['notes']>['state']): Promise<boolean> {
  if (state.value === 'ready') return Promise.resolve(true);
  return new Promise((resolve) => {
    const end = (isThere: boolean): void => {
      clearTimeout(timer);
      stop();
      resolve(isThere);
    };
    const stop = state.subscribe((value) => value === 'ready' && end(true));
    const timer = setTimeout(() => end(false), NOTE_WITHIN_MS);
  });
}

function waitingNotes(waiting: readonly unknown[]): ReadonlySet<string> {
  const ids = waiting.flatMap((entry) => {
    const { intent, recordIds } = entry as { intent?: { type?: unknown } | null; recordIds?: unknown };
    return intent?.type === 'note' && Array.isArray(recordIds) ? (recordIds as string[]) : [];
  });
  return new Set(ids);
}

type ParsedFile = {
  readonly version: number;
  readonly records: readonly BackupRecord[];
  readonly waiting: readonly unknown[];
};

/** Undefined for anything that is no backup file; records of another shape are left out. */
function parse(text: string): ParsedFile | undefined {
  try {
    const file = JSON.parse(text) as Record<string, unknown> | null;
    if (file?.format !== BACKUP_FORMAT || typeof file.version !== 'number' || !Array.isArray(file.records))
      return undefined;
    const lists = [file.waiting, file.setAside].filter(Array.isArray) as unknown[][];
    const waiting = lists.flat().filter((entry) => typeof entry === 'object' && entry !== null);
    return { version: file.version, records: file.records.filter(isBackupRecord), waiting };
  } catch {
    return undefined;
  }
}

function isBackupRecord(value: unknown): value is BackupRecord {
  const { id, values, note, others } = (value ?? {}) as Record<string, unknown>;
  return (
    typeof id === 'string' &&
    isRecordId(id) &&
    typeof values === 'object' &&
    values !== null &&
    (note === undefined || typeof note === 'string') &&
    (others === undefined || isLists(others))
  );
}

const isLists = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.values(value).every(Array.isArray);
