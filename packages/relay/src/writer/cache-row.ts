// A record as the read model shows it: typed columns beside all shown values (DESIGN section 5).
import { type FieldValue, isValidValue, type RecordView } from '@wedsync/shared';

/** A row for `ws_project`; the list and its owner are added there. */
export interface CacheRow {
  readonly recordId: string;
  readonly fields: Readonly<Record<string, FieldValue>>;
  readonly tags: readonly string[];
  readonly conflict: boolean;
  /** UTC ms; null while the record is shown. */
  readonly deletedAt: number | null;
  /** Sequence of the log row that changed it last. */
  readonly version: number;
  readonly [column: string]: unknown;
}

/** Columns that hold a text as it stands in the document. */
const TEXT_COLUMNS = [
  'firstName',
  'lastName',
  'partnerFirstName',
  'partnerLastName',
  'email',
  'phone',
  'weddingTime',
  'venue',
  'status',
  'packageName',
  'photo',
  'leadSource',
] as const;
const TAG_PREFIX = 'tag:';

/** Postgres takes neither NUL nor half a surrogate pair in text, and a device may send both. */
function storable(text: string): string {
  return text.replaceAll('\0', '').toWellFormed();
}

function storableFields(values: Readonly<Record<string, FieldValue>>): Record<string, FieldValue> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      storable(name),
      typeof value === 'string' ? storable(value) : value,
    ]),
  );
}

/** A day for the date column: none for "to be decided" and for what is no date. */
function dateColumn(value: FieldValue | undefined): string | null {
  const isDay = typeof value === 'string' && value !== 'tbd' && isValidValue('weddingDate', value);
  return isDay && !value.startsWith('0000') ? value : null;
}

function priceColumns(value: FieldValue | undefined): {
  priceMinor: number | null;
  priceCurrency: string | null;
} {
  const [minor, currency] = typeof value === 'string' && isValidValue('price', value) ? value.split(' ') : [];
  return minor === undefined || currency === undefined
    ? { priceMinor: null, priceCurrency: null }
    : { priceMinor: Number(minor), priceCurrency: currency };
}

/** @param deletedAtMs when the deletion was stored; used where the record is not shown */
export function toCacheRow(view: RecordView, version: number, deletedAtMs: number): CacheRow {
  const fields = storableFields(view.values);
  const text = (name: string): string | null => {
    const value = fields[name];
    return typeof value === 'string' ? value : null;
  };
  const isShown = view.state === 'alive' || view.state === 'edit-delete';
  return {
    recordId: view.id,
    ...Object.fromEntries(TEXT_COLUMNS.map((name) => [name, text(name)])),
    weddingDate: dateColumn(fields.weddingDate),
    ...priceColumns(fields.price),
    tags: Object.entries(fields)
      .filter(([name, value]) => name.startsWith(TAG_PREFIX) && value === true)
      .map(([name]) => name.slice(TAG_PREFIX.length))
      .sort(),
    fields,
    conflict: isShown && (view.state === 'edit-delete' || Object.keys(view.conflicts).length > 0),
    deletedAt: isShown ? null : deletedAtMs,
    version,
  };
}
