// How the list is laid out: which couples stand under which heading, as one flat array for the virtualised table.

/** How the list is ordered: `next` puts the next wedding first, then the undecided, then the past, latest first. */
export type ListSort =
  | { readonly by: 'next' }
  | {
      readonly by: 'couple' | 'weddingDate' | 'venue' | 'status' | 'price';
      readonly direction: 'ascending' | 'descending';
    };

export type Heading =
  | { readonly kind: 'month'; readonly year: number; readonly month: number; readonly isPast: boolean }
  | { readonly kind: 'undecided' };

/** One row of the table: a heading, or the `position`th couple (from 0, headings not counted). */
export type ListItem =
  | { readonly type: 'heading'; readonly key: string; readonly heading: Heading; readonly count: number }
  | { readonly type: 'record'; readonly key: string; readonly id: string; readonly position: number };

/** The couples of a layout, in their order. */
export const recordIds = (items: readonly ListItem[]): string[] =>
  items.flatMap((item) => (item.type === 'record' ? [item.id] : []));

const DATE = /^(\d{4})-(\d{2})-\d{2}$/;

/**
 * Lays out `ids`. For date orders they must come by wedding date, ascending for `next`; other orders are kept as they
 * are, without headings. `dateOf` gives the wedding date (`YYYY-MM-DD`) or anything else for "undecided"; `today` is
 * a calendar date.
 */
export function layOut(
  ids: readonly string[],
  dateOf: (id: string) => unknown,
  sort: ListSort,
  today: string,
): readonly ListItem[] {
  if (sort.by !== 'next' && sort.by !== 'weddingDate')
    return ids.map((id, position) => ({ type: 'record', key: id, id, position }));
  const ahead: Dated[] = [];
  const past: Dated[] = [];
  const undecided: Dated[] = [];
  for (const id of ids) {
    const date = dateOf(id);
    if (typeof date !== 'string' || !DATE.test(date)) undecided.push({ id, date: undefined });
    else (date < today ? past : ahead).push({ id, date });
  }
  // Ascending or descending, what is past stands together.
  if (sort.by === 'weddingDate')
    return withHeadings(
      sort.direction === 'ascending' ? [past, ahead, undecided] : [ahead, past, undecided],
      today,
    );
  return withHeadings([ahead, undecided, past.reverse()], today);
}

type Dated = { readonly id: string; readonly date: string | undefined };

function withHeadings(groups: readonly (readonly Dated[])[], today: string): ListItem[] {
  const items: ListItem[] = [];
  let position = 0;
  let open: { key: string; heading: Heading; count: number; at: number } | undefined;
  const finish = (): void => {
    if (open !== undefined)
      items[open.at] = { type: 'heading', key: open.key, heading: open.heading, count: open.count };
  };
  for (const group of groups) {
    for (const { id, date } of group) {
      const isPast = date !== undefined && date < today;
      const key = date === undefined ? 'undecided' : `${date.slice(0, 7)}${isPast ? '-past' : ''}`;
      if (open === undefined || open.key !== key) {
        finish();
        open = { key, heading: headingOf(date, isPast), count: 0, at: items.length };
        items.push({ type: 'heading', key, heading: open.heading, count: 0 });
      }
      open.count += 1;
      items.push({ type: 'record', key: id, id, position });
      position += 1;
    }
  }
  finish();
  return items;
}

function headingOf(date: string | undefined, isPast: boolean): Heading {
  const match = date === undefined ? null : DATE.exec(date);
  if (match === null) return { kind: 'undecided' };
  return { kind: 'month', year: Number(match[1]), month: Number(match[2]), isPast };
}

/** The sort after a press on a column's header: ascending, descending, then back to `next`. */
export function nextSort(sort: ListSort, by: Exclude<ListSort['by'], 'next'>): ListSort {
  if (sort.by !== by) return { by, direction: 'ascending' };
  if (sort.direction === 'ascending') return { by, direction: 'descending' };
  return { by: 'next' };
}
