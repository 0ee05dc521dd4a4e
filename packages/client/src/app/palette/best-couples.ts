// Which couples the palette shows for what is typed: of thousands that the search finds, the few that fit best by name.
import { coupleName, searchKey } from '@wedsync/shared';
import type { ListIndex } from '../../session/document-view.ts';
import { hasInOrder, Rank, rankOf, wordsOf } from './rank.ts';

/** More than that nobody reads; the list's own search shows all. */
const MOST_COUPLES = 8;
/** Beyond, one or two letters have been typed, and any of them will do. */
const MOST_RANKED = 1_000;

type Names = Pick<ListIndex, 'ids' | 'get'>;

/** `found` are the ids of the list's search; when they are few, couples are added whose names are spelt nearly so. */
export function bestCouples(
  index: Names,
  query: string,
  found: readonly string[],
  recent: readonly string[],
): readonly string[] {
  const words = wordsOf(query);
  if (words.length === 0) return found.slice(0, MOST_COUPLES);
  const some = found.slice(0, MOST_RANKED);
  const ids = found.length < MOST_COUPLES ? [...some, ...nearlySo(index, words, new Set(found))] : some;
  const age = (id: string): number => (recent.includes(id) ? recent.indexOf(id) : recent.length);
  return ids
    .map((id) => ({ id, rank: rankOfCouple(index, id, words) ?? Rank.elsewhere }))
    .sort((a, b) => a.rank - b.rank || age(a.id) - age(b.id))
    .slice(0, MOST_COUPLES)
    .map(({ id }) => id);
}

function nearlySo(index: Names, words: readonly string[], known: ReadonlySet<string>): readonly string[] {
  const near: string[] = [];
  for (const id of index.ids()) {
    const values = index.get(id)?.values;
    if (values === undefined || known.has(id)) continue;
    // The search's text is at hand and begins with the names: a quick look before a careful one.
    const key = searchKey(values);
    if (words.every((word) => hasInOrder(key, word)) && rankOfCouple(index, id, words) !== undefined)
      near.push(id);
    if (near.length === MOST_COUPLES) break;
  }
  return near;
}

function rankOfCouple(index: Names, id: string, words: readonly string[]): Rank | undefined {
  const values = index.get(id)?.values;
  return values && rankOf(coupleName(values), words);
}
