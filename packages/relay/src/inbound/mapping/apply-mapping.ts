// From a payload and a table of rows to the changes of one couple, in the keys that `changesToFields` reads.
import type { MappingRow } from '@wedsync/shared';
import { convert } from './convert.ts';
import { readPath } from './path.ts';

export type Changes = Record<string, unknown>;

const saysNothing = (value: unknown) => value === undefined || value === null || value === '';

/** Of several rows for one field the first that says something counts; notes and tags are put together. */
function put(changes: Changes, to: string, value: unknown): void {
  const before = changes[to];
  if (saysNothing(before)) changes[to] = value;
  else if (to === 'notes' && !saysNothing(value)) changes[to] = `${String(before)}\n${String(value)}`;
  else if (to === 'tags' && !saysNothing(value)) changes[to] = [before, value].flat();
}

function throughWords(value: unknown, words: MappingRow['words']): unknown {
  if (words === undefined || typeof value === 'object') return value;
  const wanted = String(value).trim().toLowerCase();
  const entry = Object.entries(words).find(([word]) => word.trim().toLowerCase() === wanted);
  return entry === undefined ? value : entry[1];
}

/** The rows of a person come first; a default counts where no row speaks of its path or its field. */
export function effectiveRows(own: readonly MappingRow[], defaults: readonly MappingRow[]): MappingRow[] {
  const paths = new Set(own.map(({ from }) => from));
  const fields = new Set(own.map(({ to }) => to));
  return [...own, ...defaults.filter(({ from, to }) => !paths.has(from) && !fields.has(to))];
}

export function applyMapping(
  payload: unknown,
  rows: readonly MappingRow[],
  currency: string | undefined,
): Changes {
  const changes: Changes = {};
  for (const { from, to, convert: by = 'auto', words } of rows) {
    const { isThere, value } = readPath(payload, from);
    if (!isThere || to === 'ignore') continue;
    put(changes, to, throughWords(saysNothing(value) ? value : convert(value, by, currency), words));
  }
  return changes;
}

/** Which of a person's rows found their place in the payload, and which did not. */
export function pathsSeen(
  payload: unknown,
  rows: readonly MappingRow[],
): { seen: string[]; missing: string[] } {
  const paths = [...new Set(rows.map(({ from }) => from))];
  const isThere = (path: string) => readPath(payload, path).isThere;
  return { seen: paths.filter(isThere), missing: paths.filter((path) => !isThere(path)) };
}
