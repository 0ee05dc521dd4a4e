// Records to a CSV file that spreadsheets open as it is and that imports again without loss (UI-4).
import { currencyDigits } from '../currency.ts';
import { FIELD_FAMILIES, RECORD_FIELDS } from '../fields.ts';
import { parsePrice } from '../price.ts';
import { tagsOf } from '../tag.ts';
import type { Fields, FieldValue } from '../value.ts';
import { quoteCell, toExportCell } from './export-cell.ts';

/** A record to export. `notes` is its shared note; it comes back as a note of the import. */
export interface ExportRecord {
  readonly id: string;
  readonly values: Fields;
  readonly notes?: string;
}

export interface ExportOptions {
  /** `,` by default; `;` opens by double click where the decimal sign is a comma. */
  readonly delimiter?: ',' | ';' | '\t';
  /** Without the byte order mark, Excel takes UTF-8 for Windows-1252. */
  readonly hasByteOrderMark?: boolean;
}

/** Headers that the import knows, in the order of a form; the id is what makes the file one of ours. */
const HEADERS: Readonly<Record<string, string>> = {
  firstName: 'First name',
  lastName: 'Last name',
  partnerFirstName: 'Partner first name',
  partnerLastName: 'Partner last name',
  email: 'E-mail',
  phone: 'Phone',
  weddingDate: 'Wedding date',
  weddingTime: 'Wedding time',
  venue: 'Venue',
  status: 'Status',
  packageName: 'Package',
  price: 'Price',
  photo: 'Photo',
  leadSource: 'Lead source',
  createdAt: 'Created',
};

const families = [FIELD_FAMILIES.custom.prefix, FIELD_FAMILIES.note.prefix, FIELD_FAMILIES.ext.prefix];

/** Text that JSON would read as something else, or as a text in quotes. */
const LOOKS_JSON = /^(?:true|false|"[\s\S]*"|-?\d[\d.eE+-]*)$/;

/** A value as a cell: dates as `YYYY-MM-DD`, prices as "3200.00 USD", instants as ISO, custom values typed. */
function toText(field: string, value: FieldValue | undefined): string {
  if (value === null || value === undefined) return '';
  if (field === 'price') {
    const price = parsePrice(value);
    if (price === undefined) return String(value);
    const digits = currencyDigits(price.currency);
    const minor = String(price.minor).padStart(digits + 1, '0');
    const cut = minor.length - digits;
    return `${minor.slice(0, cut)}${digits > 0 ? `.${minor.slice(cut)}` : ''} ${price.currency}`;
  }
  if (field === 'createdAt' && typeof value === 'number') {
    return Math.abs(value) <= 8.64e15 ? new Date(value).toISOString() : '';
  }
  if (field.startsWith('x:') && (typeof value !== 'string' || LOOKS_JSON.test(value)))
    return JSON.stringify(value);
  return String(value);
}

/** A file in the making, line by line. */
export interface CsvLines {
  readonly header: string;
  line(record: ExportRecord): string;
}

/** `others` are the fields beyond the named ones that any of the records has, see `otherFields`. */
export function csvLines(others: Iterable<string>, options: ExportOptions = {}): CsvLines {
  const { delimiter = ',', hasByteOrderMark = true } = options;
  const named = RECORD_FIELDS.map(({ name }) => name);
  const sorted = [...others].sort();
  const line = (cells: string[]) => `${cells.map((cell) => quoteCell(cell, delimiter)).join(delimiter)}\r\n`;
  const header = line([
    'WedSync ID',
    ...named.map((name) => HEADERS[name] ?? name),
    'Tags',
    'Notes',
    ...sorted,
  ]);
  return {
    header: (hasByteOrderMark ? '\uFEFF' : '') + header,
    line({ id, values, notes = '' }) {
      const texts = [...named.map((name) => toText(name, values[name])), tagsOf(values).join(', '), notes];
      return line([id, ...texts, ...sorted.map((field) => toText(field, values[field]))].map(toExportCell));
    },
  };
}

/** Custom fields, notes of integrations and external ids of a record: columns of their own. */
export const otherFields = (values: Fields): string[] =>
  Object.keys(values).filter((field) => families.some((prefix) => field.startsWith(prefix)));

/**
 * The text of the file: a header, one line per record, CRLF. Columns: the named fields, tags, the shared note, then
 * custom fields, notes of integrations and external ids that any of the records has.
 */
export function toCsv(records: readonly ExportRecord[], options: ExportOptions = {}): string {
  const { header, line } = csvLines(new Set(records.flatMap(({ values }) => otherFields(values))), options);
  return header + records.map(line).join('');
}
