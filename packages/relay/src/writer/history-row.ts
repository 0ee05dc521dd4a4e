// What one log row did to records: values that came, values that went. The field history is made from these, and
// which records the read model must show anew.
import {
  type Entry,
  type FieldValue,
  isBase,
  isRecordId,
  isTomb,
  type LiveValue,
  partsOf,
  type RecordParts,
  stampKey,
  stampOf,
} from '@wedsync/shared';

/** History field of a record's deletion. */
export const DELETED_FIELD = '#deleted';
/** History field of a creation: one row with all its values, so that an import of 10,000 couples is 10,000 rows. */
export const CREATED_FIELD = '*';
/** Names longer than this are not kept in the history: they would not fit the table's index. */
const MAX_NAME_LENGTH = 256;

/** A row for `wedsync.put_history`: a value that came, or with `replacedAt` one that went. Times are UTC ms. */
export interface HistoryRow {
  readonly recordId: string;
  readonly field?: string;
  readonly hlc?: number;
  readonly actor?: number;
  /** JSON of the value, as text. */
  readonly value?: string;
  readonly sender?: string;
  readonly storedAt?: number;
  readonly replacedAt?: number;
  /** The value that went is one of a creation's, which stand together in one row. */
  readonly base?: boolean;
  /** The record was deleted for good: its values leave the history too. */
  readonly scrub?: boolean;
}

type Origin = { readonly sender: string; readonly atMs: number };

/** Postgres takes neither NUL nor half a surrogate pair in text. Values are JSON as text, which escapes both. */
function isKept(recordId: string, field: string): boolean {
  return (
    isRecordId(recordId) && field.length <= MAX_NAME_LENGTH && !field.includes('\0') && field.isWellFormed()
  );
}

function liveKeys(parts: RecordParts): Map<string, { field: string; live: LiveValue }> {
  const keys = new Map<string, { field: string; live: LiveValue }>();
  for (const [field, values] of parts.live)
    for (const live of values) keys.set(`${stampKey(live.hlc, live.actor)} ${field}`, { field, live });
  return keys;
}

function cameRows(
  id: string,
  before: ReadonlySet<Entry>,
  after: readonly Entry[],
  origin: Origin,
): HistoryRow[] {
  const rows: HistoryRow[] = [];
  const came = (field: string, entry: Entry, value: unknown) =>
    rows.push({
      recordId: id,
      field,
      ...stampOf(entry),
      value: JSON.stringify(value),
      sender: origin.sender,
      storedAt: origin.atMs,
    });
  for (const entry of after) {
    if (before.has(entry)) continue;
    if (isBase(entry)) came(CREATED_FIELD, entry, entry[1]);
    else if (isTomb(entry))
      came(DELETED_FIELD, entry, entry[2] === null || entry[2] === false ? 'for-good' : true);
    else if (isKept(id, entry[1])) came(entry[1], entry, entry[2]);
  }
  return rows;
}

function goneRow(
  id: string,
  gone: { field: string; hlc: number; actor: number; value: FieldValue; isBase: boolean },
  origin: Origin,
): HistoryRow {
  const { field, hlc, actor, value } = gone;
  const row = { recordId: id, field, hlc, actor, sender: origin.sender, replacedAt: origin.atMs };
  return gone.isBase ? { ...row, value: JSON.stringify(value), base: true } : row;
}

/** History of one record across one log row, from its entries before and after. */
export function historyOf(
  id: string,
  before: readonly Entry[],
  after: readonly Entry[],
  origin: Origin,
): HistoryRow[] {
  if (!isRecordId(id)) return [];
  const rows = cameRows(id, new Set(before), after, origin);
  const live = liveKeys(partsOf(after));
  for (const [key, { field, live: value }] of liveKeys(partsOf(before))) {
    if (live.has(key) || !isKept(id, field)) continue;
    rows.push(goneRow(id, { ...value, field, isBase: isBase(value.entry) }, origin));
  }
  const tombKey = (entry: Entry) => stampKey(stampOf(entry).hlc, stampOf(entry).actor);
  const remaining = new Set(after.filter(isTomb).map(tombKey));
  for (const entry of before) {
    if (!isTomb(entry) || remaining.has(tombKey(entry))) continue;
    rows.push(goneRow(id, { field: DELETED_FIELD, ...stampOf(entry), value: true, isBase: false }, origin));
  }
  const isForGood = after.some((entry) => isTomb(entry) && (entry[2] === null || entry[2] === false));
  if (isForGood) rows.push({ recordId: id, scrub: true });
  return rows;
}
