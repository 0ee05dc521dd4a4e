// One row of cells by target: what stands where, what could not be used and why.
import type { DateOrder } from '../date-input.ts';
import { fieldInfo } from '../fields.ts';
import { isPlaceholder, isSpreadsheetError } from '../placeholder.ts';
import type { StatusOption } from '../statuses.ts';
import { normaliseTag, splitTags } from '../tag.ts';
import { isValidValue } from '../validate.ts';
import type { Fields, FieldValue } from '../value.ts';
import { fromExportCell } from './export-cell.ts';
import type { CsvTarget } from './header-target.ts';
import type { ColumnMapping, CsvProfile } from './mapping.ts';
import type { CsvRow } from './parse-csv.ts';

/** Why a cell was not used. The rest of its row is imported all the same. */
export type CellErrorCode =
  | 'invalid-email'
  | 'invalid-phone'
  | 'invalid-date'
  | 'ambiguous-date'
  | 'needs-time-zone'
  | 'invalid-time'
  | 'invalid-price'
  | 'needs-currency'
  | 'unknown-status'
  | 'too-long'
  | 'invalid-value'
  | 'spreadsheet-error'
  | 'extra-cells';

/** One cell that could not be used: column header, the text as it stands in the file. */
export interface CellError {
  readonly code: CellErrorCode;
  readonly header: string;
  readonly text: string;
}

export interface RowContext {
  readonly profile: CsvProfile;
  readonly mapping: readonly ColumnMapping[];
  /** Undefined while the order is not decided: dates that need it are errors. */
  readonly dateOrder?: DateOrder | undefined;
  readonly locale?: string | undefined;
  readonly currency?: string | undefined;
  readonly statuses?: readonly StatusOption[] | undefined;
}

export interface RowFields {
  readonly fields: Fields;
  readonly errors: readonly CellError[];
  /** Id of the record, in files of our own export. */
  readonly recordId?: string;
}

/** Reads the cells of one row and collects the fields and errors that come of it. */
export class RowReader {
  readonly fields: Record<string, FieldValue> = {};
  readonly errors: CellError[] = [];
  readonly notes: { header: string; text: string }[] = [];
  readonly #texts = new Map<CsvTarget, string>();
  readonly #headers = new Map<CsvTarget, string>();
  readonly #context: RowContext;

  constructor(row: CsvRow, context: RowContext) {
    this.#context = context;
    for (const { column, header, target } of context.mapping) {
      const cell = fromExportCell(row.cells[column] ?? '');
      if (target === 'ignore' || cell.trim() === '') continue;
      if (isSpreadsheetError(cell))
        this.errors.push({ code: 'spreadsheet-error', header, text: cell.trim() });
      if (!this.isExport && isPlaceholder(cell, /name$/i.test(target) ? 'name' : 'value')) continue;
      if (target === 'notes') this.notes.push({ header, text: cell });
      else if (target === 'tags') for (const tag of this.#tags(cell)) this.fields[`tag:${tag}`] = true;
      else if (!this.#texts.has(target)) {
        this.#texts.set(target, cell);
        this.#headers.set(target, header);
      }
    }
    const width = Math.max(0, ...context.mapping.map(({ column }) => column + 1));
    const extra = row.cells.slice(width).filter((cell) => cell.trim() !== '');
    if (extra.length > 0) this.errors.push({ code: 'extra-cells', header: '', text: extra.join(' ') });
  }

  /** In our own files even a tag that reads like a placeholder is a tag. */
  #tags(cell: string): string[] {
    return this.isExport ? cell.split(',').map(normaliseTag).filter(Boolean) : splitTags(cell);
  }

  get isExport(): boolean {
    return this.#context.profile === 'wedsync';
  }

  text(target: CsvTarget): string {
    return this.#texts.get(target) ?? '';
  }

  targets(): Iterable<CsvTarget> {
    return this.#texts.keys();
  }

  fail(code: CellErrorCode, target: CsvTarget): void {
    this.errors.push({ code, header: this.#headers.get(target) ?? '', text: this.text(target).trim() });
  }

  /** Sets a field if the value holds; the last gate for everything. */
  set(field: string, value: FieldValue, target: CsvTarget): void {
    if (isValidValue(field, value)) {
      this.fields[field] = value;
      return;
    }
    const max = fieldInfo(field)?.maxLength ?? 0;
    const isLong = typeof value === 'string' && max > 0 && value.length > max;
    this.fail(isLong ? 'too-long' : 'invalid-value', target);
  }
}
