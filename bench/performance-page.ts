// The part of docs/performance.md that a run writes itself (`npm run bench -- --only NAME --write`).
import { type BenchRow, isMet } from './bench-case.ts';

export interface MeasuredCase {
  readonly name: string;
  /** Flags that repeat the run. */
  readonly flags: readonly string[];
  readonly rows: readonly BenchRow[];
  /** `YYYY-MM-DD` */
  readonly day: string;
  /** Processors and versions that it ran on. */
  readonly machine: string;
}

const begin = (name: string) => `<!-- written by npm run bench -- --only ${name} --write -->`;
const END = '<!-- end of what is written -->';

function toRow(row: BenchRow): string {
  const sign = row.isAtMost ? '≤' : '≥';
  const target = row.target === undefined ? '' : `${sign} ${row.target}`;
  const verdict = row.target === undefined ? '' : isMet(row) ? 'met' : 'missed';
  const cells = [row.label, `${row.ratio.toPrecision(3)} ${row.unit}`, target, verdict, row.detail ?? ''];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

/** One run as a table, with the command that repeats it. */
export function toTable({ name, flags, rows, day, machine }: MeasuredCase): string {
  const command = ['npm run bench --', '--only', name, ...flags].join(' ');
  return [
    `\`${command}\` on ${day}, ${machine}:`,
    '',
    '| | measured | target | | |',
    '|---|---|---|---|---|',
    ...rows.map(toRow),
  ].join('\n');
}

/**
 * The page with the table in its place.
 * @throws Error when the page has no place for this case
 */
export function putTable(page: string, measured: MeasuredCase): string {
  const from = page.indexOf(begin(measured.name));
  const to = page.indexOf(END, from);
  if (from < 0 || to < 0) throw new Error(`docs/performance.md has no place for the case ${measured.name}`);
  return `${page.slice(0, from)}${begin(measured.name)}\n${toTable(measured)}\n${page.slice(to)}`;
}
