// The first rows of a list as plain values, kept beside its document: on a cold start they are painted, to read only,
// while the document is still being read. It is shown for a moment and is never the truth of anything.
import type { IndexChange, RecordView } from '@wedsync/shared';
import type { FieldValue, ListIndex } from './document-view.ts';
import type { IndexSource } from './stable-index.ts';

/** Another number than this app's is not read. */
const SNAPSHOT_FORMAT = 1;
/** More than a large window shows, and little beside the document of a list that takes long to read. */
const MOST_ROWS = 60;

type PlainRecord = { readonly id: string; readonly values: Readonly<Record<string, FieldValue>> };

export type ListSnapshot = {
  readonly format: number;
  /** Records in the order of the default view. */
  readonly records: readonly PlainRecord[];
  /** Statuses, tags and the rest that the rows are shown with. */
  readonly meta: readonly PlainRecord[];
};

/** What stands at the top of the list on `today` (a calendar date): next weddings, then undecided, then the past. */
export function takeSnapshot(index: ListIndex, today: string): ListSnapshot {
  const dated = index.ids().map((id) => ({ id, date: dateOf(index.get(id)) }));
  const ahead = dated.filter(({ date }) => date !== '' && date >= today).sort(byDate);
  const undecided = dated.filter(({ date }) => date === '');
  const past = dated.filter(({ date }) => date !== '' && date < today).sort((a, b) => byDate(b, a));
  const top = [...ahead, ...undecided, ...past].slice(0, MOST_ROWS);
  const metaIds = index.metaIds().filter((id) => !id.startsWith('actor:'));
  return {
    format: SNAPSHOT_FORMAT,
    records: top.map(({ id }) => plain(id, index.get(id))),
    meta: metaIds.map((id) => plain(id, index.getMeta(id))),
  };
}

/** The snapshot as the screens read an index; undefined when there is nothing in it that this app can show. */
export function snapshotIndex(snapshot: unknown): IndexSource | undefined {
  const { format, records, meta } = (snapshot ?? {}) as Partial<ListSnapshot>;
  if (format !== SNAPSHOT_FORMAT || records === undefined || meta === undefined) return undefined;
  const views = viewsOf(records);
  const metaViews = viewsOf(meta);
  return {
    get: (id) => views.get(id),
    getMeta: (id) => metaViews.get(id),
    ids: () => views.keys(),
    trash: () => [],
    metaIds: () => metaViews.keys(),
    // It never changes.
    subscribe: (_: (change: IndexChange) => void) => () => undefined,
  };
}

function dateOf(record: RecordView | undefined): string {
  const date = record?.values.weddingDate;
  return typeof date === 'string' && date !== 'tbd' ? date : '';
}

const byDate = (a: { date: string }, b: { date: string }): number =>
  a.date < b.date ? -1 : a.date > b.date ? 1 : 0;

const plain = (id: string, record: RecordView | undefined): PlainRecord => ({
  id,
  values: { ...record?.values },
});

const viewsOf = (records: readonly PlainRecord[]): ReadonlyMap<string, RecordView> =>
  new Map(
    records.map(({ id, values }) => [
      id,
      { id, values, state: 'alive', stamps: {}, conflicts: {}, isPurged: false },
    ]),
  );
