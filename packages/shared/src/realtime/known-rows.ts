// What a watcher has seen, and what a newer row means against it. Pure: rows in any order and any number of times
// give each change once.
import type { ClientRow } from './client-row.ts';

export type ClientEvent =
  | { readonly type: 'client.created'; readonly row: ClientRow }
  /** `previous` is missing when this program has not seen the couple before. */
  | { readonly type: 'client.updated'; readonly row: ClientRow; readonly previous?: ClientRow }
  | { readonly type: 'client.deleted'; readonly row: ClientRow; readonly previous?: ClientRow }
  | {
      readonly type: 'wedding.date_changed';
      readonly row: ClientRow;
      readonly from: string | null;
      readonly to: string | null;
    };

/** Highest version seen of each list: hand it to the next watcher to go on from there. */
export type Versions = Readonly<Record<string, number>>;

export interface KnownRows {
  /** Takes a row in without an event: it was there before the program began to watch. */
  remember(row: ClientRow): void;
  /** Events that a row means; none when it is not newer than what is known. */
  take(row: ClientRow): ClientEvent[];
  versions(): Versions;
}

export function createKnownRows(since: Versions = {}): KnownRows {
  const rows = new Map<string, ClientRow>();
  const versions = new Map(Object.entries(since));
  const keyOf = (row: ClientRow) => `${row.list_id} ${row.record_id}`;

  function remember(row: ClientRow): void {
    rows.set(keyOf(row), row);
    versions.set(row.list_id, Math.max(versions.get(row.list_id) ?? 0, row.version));
  }

  return {
    remember,
    take(row) {
      const before = rows.get(keyOf(row));
      const isOld =
        before === undefined ? row.version <= (since[row.list_id] ?? 0) : row.version <= before.version;
      if (isOld) {
        if (before === undefined) remember(row);
        return [];
      }
      remember(row);
      // From an earlier run the program knows the list, but not what stood in it.
      return eventsOf(row, before, since[row.list_id] !== undefined);
    },
    versions: () => Object.fromEntries(versions),
  };
}

function eventsOf(row: ClientRow, before: ClientRow | undefined, mayKnow: boolean): ClientEvent[] {
  const wasThere = before !== undefined && before.deleted_at === null;
  const previous = before === undefined ? {} : { previous: before };
  if (row.deleted_at !== null)
    return wasThere || mayKnow ? [{ type: 'client.deleted', row, ...previous }] : [];
  if (!wasThere && (before !== undefined || !mayKnow)) return [{ type: 'client.created', row }];
  const updated: ClientEvent = { type: 'client.updated', row, ...previous };
  if (before === undefined || before.wedding_date === row.wedding_date) return [updated];
  const { wedding_date: from } = before;
  return [updated, { type: 'wedding.date_changed', row, from, to: row.wedding_date }];
}
