// Which couples share a wedding date (UI-7). Kept up with the index, so it does not matter whether a date was typed
// here, imported, sent by a source or brought by a merge.
import type { ListIndex, RecordView } from './document-view.ts';

export type DateClashes = {
  /** The other couples on this couple's date; the same array while they are the same. */
  others(id: string): readonly string[];
};

type Watched = Pick<ListIndex, 'ids' | 'get' | 'subscribe'>;

const NONE: readonly string[] = [];
/** With these nobody expects the photographer. */
const OFF = new Set<unknown>(['lost', 'archived']);
const known = new WeakMap<Watched, DateClashes>();

/** The clashes of an index, worked out once for all who ask. */
export function dateClashesOf(index: Watched): DateClashes {
  const clashes = known.get(index) ?? createDateClashes(index);
  known.set(index, clashes);
  return clashes;
}

function createDateClashes(index: Watched): DateClashes {
  const dateById = new Map<string, string>();
  const idsByDate = new Map<string, Set<string>>();
  let answers = new Map<string, readonly string[]>();

  function place(id: string): void {
    const before = dateById.get(id);
    const date = dateOf(index.get(id));
    if (date === before) return;
    if (before !== undefined) {
      dateById.delete(id);
      idsByDate.get(before)?.delete(id);
    }
    if (date !== undefined) {
      dateById.set(id, date);
      const ids = idsByDate.get(date) ?? new Set();
      idsByDate.set(date, ids.add(id));
    }
    // Few couples share a date and few are asked about: all answers are worked out anew.
    if (answers.size > 0) answers = new Map();
  }

  for (const id of index.ids()) place(id);
  index.subscribe(({ ids }) => {
    for (const id of ids) place(id);
  });
  return {
    others(id) {
      const answer = answers.get(id);
      if (answer !== undefined) return answer;
      const sharing = idsByDate.get(dateById.get(id) ?? '');
      const others =
        sharing === undefined || sharing.size < 2 ? NONE : [...sharing].filter((other) => other !== id);
      answers.set(id, others);
      return others;
    },
  };
}

function dateOf(record: RecordView | undefined): string | undefined {
  if (record === undefined || (record.state !== 'alive' && record.state !== 'edit-delete')) return undefined;
  const { weddingDate, status } = record.values;
  if (OFF.has(status)) return undefined;
  return typeof weddingDate === 'string' && /^\d{4}-/.test(weddingDate) ? weddingDate : undefined;
}
