// From a file's text to a table, and from its headers to a first guess of what each column is.
import { EMAIL_MAX, isEmail, isPhone, normaliseEmail } from '../contact.ts';
import { readDate } from '../date-input.ts';
import { isPlaceholder } from '../placeholder.ts';
import { type CsvTarget, headerMeaning, headerWords } from './header-target.ts';
import { type CsvRow, findDelimiter, parseCsv } from './parse-csv.ts';

/** A file as a table. Lines are numbered as in a spreadsheet; the header is usually line 1. */
export interface CsvTable {
  readonly delimiter: string;
  readonly headers: readonly string[];
  /** 0 when the file has no header row; the headers are then "Column 1" and so on. */
  readonly headerLine: number;
  /** Rows below the header that have anything in them. */
  readonly rows: readonly CsvRow[];
  /** Lines with a quote that never closes: worth a look. */
  readonly unclosedQuotes: readonly number[];
}

/** One column: where it stands, what it is called, what it becomes. A person may change `target`. */
export interface ColumnMapping {
  readonly column: number;
  readonly header: string;
  readonly target: CsvTarget;
}

/** Where a file comes from, as far as its headers tell. It names the source of notes and ids: `<profile>-csv`. */
export type CsvProfile = 'honeybook' | 'hubspot' | 'wedsync' | 'csv';

const isFilled = (row: CsvRow): boolean => row.cells.some((cell) => cell.trim() !== '');

const isData = (cell: string): boolean => {
  const text = cell.trim();
  return (
    isEmail(normaliseEmail(text)) || readDate(text).state === 'date' || /^[^\p{L}]*\d[^\p{L}]*$/u.test(text)
  );
};

/** The header is the row among the first ten with the most known words: sheets often begin with a title. */
function findHeader(rows: readonly CsvRow[]): CsvRow | undefined {
  let best: { row: CsvRow; known: number } | undefined;
  for (const row of rows.slice(0, 10)) {
    const known = row.cells.filter((cell) => cell.length < 100 && headerMeaning(cell) !== undefined).length;
    if (known > (best?.known ?? 0) && !row.cells.some(isData)) best = { row, known };
  }
  const first = rows[0];
  // One known word is a header only in a file of one or two columns, or in the first row.
  if (best !== undefined && (best.known > 1 || best.row === first)) return best.row;
  return first?.cells.some(isData) ? undefined : first;
}

/** Reads the text of a CSV file. Never throws; an empty file is a table without rows. */
export function readCsvTable(text: string): CsvTable {
  const { delimiter, body } = findDelimiter(text);
  const parsed = parseCsv(body, delimiter);
  const filled = parsed.rows.filter(isFilled);
  const header = findHeader(filled);
  const headerLine = header?.line ?? 0;
  // Sheets that were put together from several repeat their header.
  const isHeader = ({ cells }: CsvRow): boolean =>
    header !== undefined && cells.join('\n') === header.cells.join('\n');
  const rows = filled.filter((row) => row.line > headerLine && !isHeader(row));
  const width = Math.max(
    header?.cells.length ?? 0,
    ...[0],
    ...rows.slice(0, 1000).map(({ cells }) => cells.length),
  );
  const named = Array.from({ length: width }, (_, i) => header?.cells[i]?.trim() || `Column ${i + 1}`);
  const used = named.filter(
    (_, i) => i < (header?.cells.length ?? 0) || rows.some(({ cells }) => cells[i]?.trim()),
  );
  return { delimiter, headers: used, headerLine, rows, unclosedQuotes: parsed.unclosedQuotes };
}

/** Tells by its headers which program wrote a file. */
export function profileOf(headers: readonly string[]): CsvProfile {
  const words = new Set(headers.map(headerWords));
  const count = (names: string[]): number => names.filter((name) => words.has(name)).length;
  if (words.has('wed sync id')) return 'wedsync';
  if (
    count([
      'lead created date',
      'project date',
      'booked date',
      'total project value',
      'lead source open text',
    ]) >= 2
  )
    return 'honeybook';
  const hasRecordId = words.has('record id') || words.has('datensatz id');
  const hubspot = ['lifecycle stage', 'lead status', 'contact owner', 'create date', 'associated deal ids'];
  const german = ['lifecycle phase', 'zustandiger mitarbeiter', 'erstellungsdatum', 'zuletzt geandert am'];
  return hasRecordId && count([...hubspot, ...german]) >= 1 ? 'hubspot' : 'csv';
}

/** Targets that several columns may feed. */
const SHARED: ReadonlySet<CsvTarget> = new Set(['notes', 'ignore', 'tags']);

/** What a second column of the same kind becomes. */
const SECOND: Readonly<Partial<Record<CsvTarget, CsvTarget>>> = {
  email: 'partnerEmail',
  phone: 'partnerPhone',
};

/**
 * A first guess for each column: by its header, else by what stands in the sample rows (e-mail addresses, phone
 * numbers, dates). Each target is used once but for notes and tags; what nothing is known about is not imported.
 */
export function guessMapping(
  headers: readonly string[],
  sampleRows: readonly CsvRow[] = [],
): ColumnMapping[] {
  const meanings = headers.map((header, column) => ({ column, meaning: headerMeaning(header) }));
  const chosen = new Map<number, CsvTarget>();
  const taken = new Set<CsvTarget>();
  const take = (column: number, wanted: CsvTarget): void => {
    const target = taken.has(wanted) && !SHARED.has(wanted) ? (SECOND[wanted] ?? 'ignore') : wanted;
    const isFree = SHARED.has(target) || !taken.has(target);
    chosen.set(column, isFree ? target : 'ignore');
    taken.add(target);
  };
  const byWeight = [...meanings].sort((a, b) => (b.meaning?.weight ?? 0) - (a.meaning?.weight ?? 0));
  for (const { column, meaning } of byWeight) if (meaning !== undefined) take(column, meaning.target);
  for (const { column, meaning } of meanings) {
    if (meaning !== undefined) continue;
    const target = guessByContent(sampleRows.map(({ cells }) => cells[column] ?? ''));
    if (target !== undefined && !taken.has(target)) take(column, target);
  }
  if (![...taken].some((target) => /name$/i.test(target))) guessName(headers, meanings, sampleRows, take);
  return headers.map((header, column) => ({ column, header, target: chosen.get(column) ?? 'ignore' }));
}

function guessByContent(cells: readonly string[]): CsvTarget | undefined {
  const values = cells.map((cell) => cell.trim()).filter((cell) => !isPlaceholder(cell));
  const most = (test: (cell: string) => boolean): boolean =>
    values.length > 0 && values.filter(test).length >= values.length * 0.6;
  if (most((cell) => cell.length <= EMAIL_MAX && isEmail(normaliseEmail(cell)))) return 'email';
  if (most((cell) => ['date', 'ambiguous'].includes(readDate(cell).state))) return 'weddingDate';
  if (most((cell) => isPhone(cell) && /^[+()\d\s./-]{7,}$/.test(cell))) return 'phone';
  return undefined;
}

/** Without any column of names: the first unknown one that reads like names in most rows. */
function guessName(
  headers: readonly string[],
  meanings: readonly { column: number; meaning: unknown }[],
  sampleRows: readonly CsvRow[],
  take: (column: number, target: CsvTarget) => void,
): void {
  const like = /^\p{Lu}[\p{L}\p{M}'’.-]*(?:\s+(?:[&+]|and|und|\p{L}[\p{L}\p{M}'’.-]*)){1,6}$/u;
  const found = meanings.find(({ column, meaning }) => {
    if (meaning !== undefined || headers[column] === undefined) return false;
    const values = sampleRows.map(({ cells }) => cells[column]?.trim() ?? '').filter(Boolean);
    return values.length > 0 && values.filter((value) => like.test(value)).length >= values.length * 0.6;
  });
  if (found !== undefined) take(found.column, 'name');
}
