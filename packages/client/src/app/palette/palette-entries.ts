// What the palette offers, and which of it fits what is typed: pure.
import type { IconName } from '../../ui/Icon.tsx';
import { Rank, rankOf, wordsOf } from './rank.ts';

export type PaletteGroup = 'recent' | 'couples' | 'views' | 'pages' | 'lists' | 'commands';

export type PaletteEntry = {
  /** Stable, so that what was used lately is found again: `couple:r_…`, `view:upcoming`, `command:undo`. */
  readonly id: string;
  readonly group: PaletteGroup;
  readonly label: string;
  /** Beside the label: a date, or the key that does the same. */
  readonly hint?: string;
  readonly icon: IconName;
  readonly run: () => void;
};

/** In this order under their headings. */
const GROUPS: readonly PaletteGroup[] = ['recent', 'couples', 'views', 'pages', 'lists', 'commands'];

/**
 * Without words: what was used lately first, then everything but the couples. With words: what fits, in each group the
 * best first and of equals what was used lately; the group with the best fit comes first. Of the couples, which the
 * list's search has found, also those stay that have the words elsewhere than in their names.
 */
export function findEntries(
  query: string,
  couples: readonly PaletteEntry[],
  others: readonly PaletteEntry[],
  recent: readonly string[],
): readonly PaletteEntry[] {
  const words = wordsOf(query);
  if (words.length === 0) {
    const known = new Map([...couples, ...others].map((entry) => [entry.id, entry]));
    const lately = recent.flatMap((id) => known.get(id) ?? []);
    const left = others.filter(({ id }) => !recent.includes(id));
    return [...lately.map((entry) => ({ ...entry, group: 'recent' as const })), ...inGroups(left)];
  }
  const age = ({ id }: PaletteEntry): number => (recent.includes(id) ? recent.indexOf(id) : recent.length);
  const found = [...couples, ...others]
    .flatMap((entry) => {
      const rank = rankOf(entry.label, words) ?? (entry.group === 'couples' ? Rank.elsewhere : undefined);
      return rank === undefined ? [] : [{ entry, rank }];
    })
    .sort((a, b) => a.rank - b.rank || age(a.entry) - age(b.entry));
  const groups = [...new Set(found.map(({ entry }) => entry.group))];
  const best = (group: PaletteGroup) => found.find(({ entry }) => entry.group === group)?.rank ?? 0;
  groups.sort((a, b) => best(a) - best(b) || GROUPS.indexOf(a) - GROUPS.indexOf(b));
  return groups.flatMap((group) => found.flatMap(({ entry }) => (entry.group === group ? [entry] : [])));
}

const inGroups = (entries: readonly PaletteEntry[]): PaletteEntry[] =>
  GROUPS.flatMap((group) => entries.filter((entry) => entry.group === group));
