// The format of a document and whether this version of the app may write to it (DOC-R3, DOC-9).
import { FORMAT } from './layout.ts';
import type { ListIndex } from './list-index.ts';

/** Field of the `list` record of `meta` that holds the format. */
export const FORMAT_FIELD = 'format';

/** The highest format that anyone has given the document; FORMAT when nobody has said. */
export function formatOf(index: Pick<ListIndex, 'getMeta'>): number {
  const list = index.getMeta('list');
  if (list === undefined) return FORMAT;
  const values = [
    list.values[FORMAT_FIELD],
    ...(list.conflicts[FORMAT_FIELD] ?? []).map(({ value }) => value),
  ].filter((value) => typeof value === 'number' && Number.isInteger(value));
  return values.length === 0 ? FORMAT : Math.max(...values.map(Number));
}

/** False when a newer app has raised the format: the document opens read-only, until this app is updated. */
export function isWritable(index: Pick<ListIndex, 'getMeta'>): boolean {
  return formatOf(index) <= FORMAT;
}
