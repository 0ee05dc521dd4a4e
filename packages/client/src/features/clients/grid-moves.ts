// Moving around the grid: pure, over the laid-out items. A cell is named by its couple and its column, so that it
// stays where it is when rows move.
import type { ColumnId } from './columns.ts';
import { type ListItem, recordIds } from './sections.ts';

export type GridCell = { readonly id: string; readonly column: ColumnId };

/** Columns that turn into a text box; the couple opens the record, the marks only inform. */
const EDITABLE: readonly ColumnId[] = ['weddingDate', 'venue', 'status', 'price', 'tags'];

/** The cell `step` away, kept inside the grid. Without a start it is the first or, going up, the last couple. */
export function moveCell(
  items: readonly ListItem[],
  columns: readonly ColumnId[],
  from: GridCell | undefined,
  step: { rows: number; columns: number },
): GridCell | undefined {
  const ids = recordIds(items);
  if (ids.length === 0) return undefined;
  const at = from === undefined ? -1 : ids.indexOf(from.id);
  const row = at < 0 ? (step.rows < 0 ? ids.length - 1 : 0) : clamp(at + step.rows, ids.length);
  const columnAt = from === undefined ? 0 : Math.max(0, columns.indexOf(from.column));
  const id = ids[row];
  const column = columns[clamp(columnAt + step.columns, columns.length)];
  return id === undefined || column === undefined ? undefined : { id, column };
}

/** The next (or, with −1, the previous) cell that can be edited, going on to the neighbouring couple at the end. */
export function nextEditable(
  items: readonly ListItem[],
  columns: readonly ColumnId[],
  from: GridCell,
  direction: 1 | -1,
): GridCell | undefined {
  const editable = columns.filter((column) => EDITABLE.includes(column));
  const at = editable.indexOf(from.column) + direction;
  const column = editable[at];
  if (column !== undefined) return { id: from.id, column };
  const ids = recordIds(items);
  const id = ids[ids.indexOf(from.id) + direction];
  const edge = direction === 1 ? editable[0] : editable.at(-1);
  return id === undefined || edge === undefined ? undefined : { id, column: edge };
}

const clamp = (value: number, length: number): number => Math.min(Math.max(value, 0), length - 1);
