// What the palette offers, and which of it fits what is typed: pure.
import type { IconName } from '../../ui/Icon.tsx';

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

const plain = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().trim();

/**
 * `couples` have been found by the list's own search; of the others those whose label has every word typed, first
 * those that begin with it. Without words: what was used lately first, then everything but the couples.
 */
export function findEntries(
  query: string,
  couples: readonly PaletteEntry[],
  others: readonly PaletteEntry[],
  recent: readonly string[],
): readonly PaletteEntry[] {
  const text = plain(query);
  if (text === '') {
    const known = new Map([...couples, ...others].map((entry) => [entry.id, entry]));
    const lately = recent.flatMap((id) => known.get(id) ?? []);
    const left = others.filter(({ id }) => !recent.includes(id));
    return [...lately.map((entry) => ({ ...entry, group: 'recent' as const })), ...inGroups(left)];
  }
  const words = text.split(/\s+/);
  const found = others.filter(({ label }) => words.every((word) => plain(label).includes(word)));
  const begins = ({ label }: PaletteEntry): number => (plain(label).startsWith(text) ? 0 : 1);
  return inGroups([...couples, ...found.sort((a, b) => begins(a) - begins(b))]);
}

const inGroups = (entries: readonly PaletteEntry[]): PaletteEntry[] =>
  GROUPS.flatMap((group) => entries.filter((entry) => entry.group === group));
