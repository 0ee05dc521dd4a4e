// The table's columns: which fit into a width, and how wide they are.

export type ColumnId = 'couple' | 'weddingDate' | 'venue' | 'status' | 'price' | 'tags' | 'marks';

export type Column = {
  readonly id: ColumnId;
  readonly minRem: number;
  /** The most it takes, in rem or as a share (`fr`) of what is left; as wide as `minRem` without it. */
  readonly max?: `${number}rem` | `${number}fr`;
  /** Narrowest table, in px at a 16-px root, that still shows it; the couple, the date and the state always stay. */
  readonly minTable: number;
  readonly isSortable: boolean;
};

const COLUMNS: readonly Column[] = [
  { id: 'couple', minRem: 13.5, max: '3fr', minTable: 0, isSortable: true },
  { id: 'weddingDate', minRem: 8.75, max: '14.25rem', minTable: 0, isSortable: true },
  { id: 'venue', minRem: 8, max: '1.6fr', minTable: 720, isSortable: true },
  { id: 'status', minRem: 7.25, minTable: 0, isSortable: true },
  { id: 'price', minRem: 5.25, minTable: 840, isSortable: true },
  { id: 'tags', minRem: 6, max: '1fr', minTable: 980, isSortable: false },
  { id: 'marks', minRem: 3.5, minTable: 0, isSortable: false },
];

/** The columns that fit, in order. `widthPx` is the table's width, `remPx` the root type size (bigger when zoomed). */
export function visibleColumns(widthPx: number, remPx = 16): readonly Column[] {
  return COLUMNS.filter(({ minTable }) => widthPx >= (minTable * remPx) / 16);
}

/** The value of `grid-template-columns`. */
export function columnTracks(columns: readonly Column[]): string {
  return columns
    .map(({ minRem, max }) => (max === undefined ? `${minRem}rem` : `minmax(${minRem}rem, ${max})`))
    .join(' ');
}

/** What a date with its distance takes ("Sat, 12 Jun 2027 in 230 days"), the cell's padding included. */
const DATE_AND_DISTANCE_REM = 13.75;
const ROW_PADDING_REM = 1;

/**
 * Whether the distance to a wedding stands beside its date: whole or not at all. Worked out here and not by a container
 * query in each row, which would be laid out on its own.
 */
export function hasRoomForDistance(columns: readonly Column[], widthPx: number, remPx = 16): boolean {
  const least = columns.reduce((sum, { minRem }) => sum + minRem, ROW_PADDING_REM);
  const date = columns.find(({ id }) => id === 'weddingDate');
  // What is left goes to the date first, up to its most; columns with a share begin after that.
  return date !== undefined && date.minRem + widthPx / remPx - least >= DATE_AND_DISTANCE_REM;
}
