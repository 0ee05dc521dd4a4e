// Whether a file writes day or month first: decided once per file, by dates that can only be read one way.
import { type DateOrder, readDate } from '../date-input.ts';
import { headerMeaning } from './header-target.ts';
import type { ColumnMapping } from './mapping.ts';
import type { CsvRow } from './parse-csv.ts';

/** A cell that settles the order, for showing to the person: line 2, "28/03/2027". */
export interface DateEvidence {
  readonly line: number;
  readonly text: string;
}

/**
 * `proved` by cells that fit only one order · `given` by the person · `not-needed`: no date could be read both ways
 * · `ask`: some could, and nothing proves either, or the cells contradict each other.
 */
export type DateOrderDecision =
  | { readonly state: 'proved'; readonly order: 'dmy' | 'mdy'; readonly evidence: readonly DateEvidence[] }
  | { readonly state: 'given'; readonly order: DateOrder }
  | { readonly state: 'not-needed' }
  | { readonly state: 'ask'; readonly ambiguous: readonly DateEvidence[]; readonly isContradictory: boolean };

/** Also columns that are not imported may prove the order, if their header says that they are dates. */
const SAYS_DATE = /\b(?:date|datum|created|modified|geändert|erstellt|am)\b/i;

function isDateColumn({ header, target }: ColumnMapping): boolean {
  if (target === 'weddingDate' || target === 'bookedDate' || target === 'createdAt') return true;
  return target === 'ignore' && (SAYS_DATE.test(header) || headerMeaning(header)?.target === 'weddingDate');
}

/** Decides for all rows and date columns of a file. */
export function decideDateOrder(
  rows: readonly CsvRow[],
  mapping: readonly ColumnMapping[],
  given?: DateOrder,
): DateOrderDecision {
  if (given !== undefined) return { state: 'given', order: given };
  const columns = mapping.filter(isDateColumn).map(({ column }) => column);
  const evidence: Record<'dmy' | 'mdy', DateEvidence[]> = { dmy: [], mdy: [] };
  const ambiguous: DateEvidence[] = [];
  for (const { line, cells } of rows) {
    for (const column of columns) {
      const text = cells[column]?.trim() ?? '';
      const reading = readDate(text);
      if (reading.state === 'ambiguous') ambiguous.push({ line, text });
      else if (reading.state === 'date' && reading.order !== undefined)
        evidence[reading.order].push({ line, text });
    }
  }
  if (evidence.dmy.length > 0 && evidence.mdy.length > 0) {
    return {
      state: 'ask',
      ambiguous: [...evidence.dmy.slice(0, 3), ...evidence.mdy.slice(0, 3)],
      isContradictory: true,
    };
  }
  if (evidence.dmy.length > 0) return { state: 'proved', order: 'dmy', evidence: evidence.dmy };
  if (evidence.mdy.length > 0) return { state: 'proved', order: 'mdy', evidence: evidence.mdy };
  if (ambiguous.length === 0) return { state: 'not-needed' };
  // Dots are written day first wherever dots are written.
  if (ambiguous.every(({ text }) => /^\d{1,2}\.\s?\d{1,2}\./.test(text))) {
    return { state: 'proved', order: 'dmy', evidence: ambiguous };
  }
  return { state: 'ask', ambiguous: ambiguous.slice(0, 10), isContradictory: false };
}
