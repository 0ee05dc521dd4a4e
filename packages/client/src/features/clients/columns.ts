// The table's columns: which fit into a width, and how wide they are.

export type ColumnId = 'couple' | 'weddingDate' | 'venue' | 'status' | 'price' | 'tags' | 'marks';

export type Column = {
  readonly id: ColumnId;
  /** CSS grid track. */
  readonly track: string;
  /** Narrowest table, in px at a 16-px root, that still shows it; the couple, the date and the state always stay. */
  readonly minTable: number;
  readonly isSortable: boolean;
};

const COLUMNS: readonly Column[] = [
  { id: 'couple', track: 'minmax(13.5rem, 3fr)', minTable: 0, isSortable: true },
  { id: 'weddingDate', track: 'minmax(8.75rem, 14.25rem)', minTable: 0, isSortable: true },
  { id: 'venue', track: 'minmax(8rem, 1.6fr)', minTable: 720, isSortable: true },
  { id: 'status', track: '7.25rem', minTable: 0, isSortable: true },
  { id: 'price', track: '5.25rem', minTable: 840, isSortable: true },
  { id: 'tags', track: 'minmax(6rem, 1fr)', minTable: 980, isSortable: false },
  { id: 'marks', track: '3.5rem', minTable: 0, isSortable: false },
];

/** The columns that fit, in order. `widthPx` is the table's width, `remPx` the root type size (bigger when zoomed). */
export function visibleColumns(widthPx: number, remPx = 16): readonly Column[] {
  return COLUMNS.filter(({ minTable }) => widthPx >= (minTable * remPx) / 16);
}

/** The value of `grid-template-columns`. */
export function columnTracks(columns: readonly Column[]): string {
  return columns.map(({ track }) => track).join(' ');
}
