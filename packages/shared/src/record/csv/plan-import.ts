// What an import would do, row by row, before anything is done: add, leave out, or ask.
import type { DateOrder } from '../date-input.ts';
import { type CoupleMatch, createDuplicateIndex, sameValue } from '../duplicates.ts';
import { coupleName } from '../names.ts';
import { readPrice } from '../price.ts';
import type { StatusOption } from '../statuses.ts';
import type { Fields, FieldValue } from '../value.ts';
import { type DateOrderDecision, decideDateOrder } from './date-order.ts';
import { type ColumnMapping, profileOf } from './mapping.ts';
import type { CsvRow } from './parse-csv.ts';
import { readRow } from './row-fields.ts';
import type { CellError, RowFields } from './row-reader.ts';

/** Why a row is added, left out, or asked about. */
export type PlanReason =
  | 'new'
  | 'duplicate-in-file'
  | 'possible-duplicate-in-file'
  | 'in-list'
  | 'possibly-in-list'
  | 'no-name'
  | 'no-name-no-contact';

/** What a row doubles: another line of the file, or a record of the list. */
export type DuplicateRef =
  | { readonly kind: 'line'; readonly line: number }
  | { readonly kind: 'record'; readonly recordId: string };

/** One row. `add` is imported, `skip` is not, `decide` is for a person; each can be overruled. */
export interface PlannedRow {
  /** Row number as in a spreadsheet. */
  readonly line: number;
  readonly action: 'add' | 'decide' | 'skip';
  readonly reason: PlanReason;
  readonly fields: Fields;
  readonly errors: readonly CellError[];
  readonly duplicateOf?: DuplicateRef;
  /** How the double was recognised, best first: "same e-mail, same date". */
  readonly match?: CoupleMatch;
  /** What the row has and its double lacks: it can be filled in without overwriting anything. */
  readonly adds?: Fields;
  /** Fields in which the two differ. */
  readonly differs?: readonly string[];
}

export interface ImportPlan {
  readonly rows: readonly PlannedRow[];
  readonly dateOrder: DateOrderDecision;
  readonly counts: {
    readonly add: number;
    readonly decide: number;
    readonly skip: number;
    readonly errors: number;
  };
}

/** Settings of an import. `existing` are the living records of the list. */
export interface ImportOptions {
  readonly existing?: Iterable<{ readonly id: string; readonly values: Fields }>;
  /** The person's answer when the plan asked. */
  readonly dateOrder?: DateOrder;
  readonly locale?: string;
  readonly currency?: string;
  readonly statuses?: readonly StatusOption[];
  /** For new couples whose row says nothing about their status. */
  readonly defaultStatus?: string;
}

type Draft = RowFields & { readonly line: number };

/** Fields that say nothing about whether two rows agree. */
const INCIDENTAL = (field: string): boolean => field === 'createdAt' || field.startsWith('note:');

/** What `from` has beyond `to`, and where they differ. */
function compareFields(from: Fields, to: Fields): { adds: Fields; differs: string[] } {
  const adds: Record<string, FieldValue> = {};
  const differs: string[] = [];
  for (const [field, value] of Object.entries(from)) {
    const other = to[field];
    if (other === undefined || other === null) adds[field] = value;
    else if (!INCIDENTAL(field) && !sameValue(field, value, other)) differs.push(field);
  }
  return { adds, differs };
}

/** How much a row says about who it is, for choosing between two that may be one couple. */
function weightOf(fields: Fields): number {
  const identity = [
    'firstName',
    'lastName',
    'partnerFirstName',
    'partnerLastName',
    'email',
    'phone',
    'weddingDate',
  ];
  const known = identity.filter((field) => fields[field] !== undefined).length;
  return known * 100 + Object.keys(fields).length;
}

/**
 * Plans the import of a table's rows. Certain doubles (in the file or the list) are left out, likely ones are asked
 * about; of two rows that may be one couple, the one that says more is added and the other one asked about. Importing
 * the same file again adds nothing. 5,000 rows against 10,000
 * records take some hundred ms: run it in a worker.
 */
export function planImport(
  rows: readonly CsvRow[],
  mapping: readonly ColumnMapping[],
  options: ImportOptions = {},
): ImportPlan {
  const dateOrder = decideDateOrder(rows, mapping, options.dateOrder);
  const context = {
    profile: profileOf(mapping.map(({ header }) => header)),
    mapping,
    dateOrder: 'order' in dateOrder ? dateOrder.order : undefined,
    locale: options.locale,
    currency: currencyOfColumn(rows, mapping, options) ?? options.currency,
    statuses: options.statuses,
  };
  const existing = new Map<string, Fields>();
  const inList = createDuplicateIndex<string>();
  for (const { id, values } of options.existing ?? []) {
    existing.set(id, values);
    inList.add(id, values);
  }
  const inFile = createDuplicateIndex<number>();
  const planned = new Map<number, PlannedRow>();

  const double = (
    draft: Draft,
    other: Fields,
    rest: Omit<PlannedRow, 'line' | 'fields' | 'errors'>,
  ): PlannedRow => ({
    ...base(draft),
    ...rest,
    ...compareFields(draft.fields, other),
  });

  function planAgainstList(draft: Draft): PlannedRow | undefined {
    const byId = draft.recordId === undefined ? undefined : existing.get(draft.recordId);
    const match: (CoupleMatch & { id: string }) | undefined =
      byId === undefined || draft.recordId === undefined
        ? inList.find(draft.fields)
        : { level: 'same', score: 100, reasons: ['id'], id: draft.recordId };
    const other = match && existing.get(match.id);
    if (match === undefined || other === undefined) return undefined;
    const duplicateOf = { kind: 'record', recordId: match.id } as const;
    return match.level === 'same'
      ? double(draft, other, { action: 'skip', reason: 'in-list', duplicateOf, match })
      : double(draft, other, { action: 'decide', reason: 'possibly-in-list', duplicateOf, match });
  }

  function planAgainstFile(draft: Draft): PlannedRow | undefined {
    const match = inFile.find(draft.fields);
    const other = match && planned.get(match.id);
    if (match === undefined || other === undefined) return undefined;
    if (match.level === 'same') {
      const duplicateOf = { kind: 'line', line: other.line } as const;
      return double(draft, other.fields, { action: 'skip', reason: 'duplicate-in-file', duplicateOf, match });
    }
    const reason = 'possible-duplicate-in-file';
    if (other.action === 'add' && weightOf(draft.fields) > weightOf(other.fields)) {
      // This row says more: it is added, and the earlier one is asked about.
      const duplicateOf = { kind: 'line', line: draft.line } as const;
      planned.set(other.line, double(other, draft.fields, { action: 'decide', reason, duplicateOf, match }));
      return undefined;
    }
    const duplicateOf = { kind: 'line', line: other.line } as const;
    return double(draft, other.fields, { action: 'decide', reason, duplicateOf, match });
  }

  for (const row of rows) {
    const draft = { ...readRow(row, context), line: row.line };
    const listed = planAgainstList(draft);
    // A couple without a name is asked about, unless it certainly is in the list already.
    const nameless = listed?.action === 'skip' ? undefined : planNameless(draft);
    const other = nameless ?? listed ?? planAgainstFile(draft);
    planned.set(row.line, other ?? { ...base(draft), action: 'add', reason: 'new' });
    if (nameless === undefined && other?.action !== 'skip') inFile.add(row.line, draft.fields);
  }
  const result = [...planned.values()].map((row) => withDefaultStatus(row, options.defaultStatus));
  return { rows: result, dateOrder, counts: countRows(result) };
}

/** The currency that most amounts of a file name: those without one will mean the same. */
function currencyOfColumn(
  rows: readonly CsvRow[],
  mapping: readonly ColumnMapping[],
  { currency }: ImportOptions,
): string | undefined {
  const column = mapping.find(({ target }) => target === 'price')?.column;
  if (column === undefined) return undefined;
  const counts = new Map<string, number>();
  for (const { cells } of rows) {
    const text = cells[column]?.trim() ?? '';
    // Without a locale, only what names its currency can be read.
    const isNamed = text !== '' && readPrice(text).ok;
    const reading = isNamed ? readPrice(text, { preferred: currency }) : undefined;
    const code = reading?.ok ? reading.value.slice(-3) : undefined;
    if (code !== undefined) counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}

const base = ({ line, fields, errors }: Pick<Draft, 'line' | 'fields' | 'errors'>) => ({
  line,
  fields,
  errors,
});

/** A row without any name: asked about if there is another way to know the couple, else left out. */
function planNameless(draft: Draft): PlannedRow | undefined {
  if (coupleName(draft.fields) !== '') return undefined;
  // Our own export may hold couples without a name, and gives them all back.
  if (draft.recordId !== undefined) return undefined;
  const { email, phone, weddingDate } = draft.fields;
  const isKnown = email !== undefined || phone !== undefined || weddingDate !== undefined;
  return isKnown
    ? { ...base(draft), action: 'decide', reason: 'no-name' }
    : { ...base(draft), action: 'skip', reason: 'no-name-no-contact' };
}

function withDefaultStatus(row: PlannedRow, status: string | undefined): PlannedRow {
  const isNew = row.reason !== 'in-list' && row.reason !== 'possibly-in-list';
  if (status === undefined || !isNew || row.fields.status !== undefined) return row;
  return { ...row, fields: { ...row.fields, status } };
}

function countRows(rows: readonly PlannedRow[]): ImportPlan['counts'] {
  const count = (action: PlannedRow['action']) => rows.filter((row) => row.action === action).length;
  const errors = rows.filter((row) => row.errors.length > 0).length;
  return { add: count('add'), decide: count('decide'), skip: count('skip'), errors };
}
