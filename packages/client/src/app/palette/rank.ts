// How well a name fits what is typed: pure.
import { foldText } from '@wedsync/shared';

/** Smaller is better. */
export const Rank = { exact: 0, begins: 1, wordStarts: 2, contains: 3, fuzzy: 4, elsewhere: 5 } as const;
export type Rank = (typeof Rank)[keyof typeof Rank];

/** From this length on letters may be missing in a word; two letters fit almost everything. */
const FUZZY_FROM = 3;

/** Folded words; signs between them do not count. */
export const wordsOf = (text: string): readonly string[] =>
  foldText(text)
    .split(/[^\p{L}\p{N}\p{M}\p{S}']+/u)
    .filter(Boolean);

/** Undefined when it does not fit. `words` come from `wordsOf`, and there is at least one. */
export function rankOf(name: string, words: readonly string[]): Rank | undefined {
  const own = wordsOf(name);
  const [whole, typed] = [own.join(' '), words.join(' ')];
  if (whole === typed) return Rank.exact;
  if (whole.startsWith(typed)) return Rank.begins;
  if (words.every((word) => own.some((each) => each.startsWith(word)))) return Rank.wordStarts;
  if (words.every((word) => whole.includes(word))) return Rank.contains;
  const isFuzzy = (word: string): boolean =>
    word.length >= FUZZY_FROM && own.some((each) => each[0] === word[0] && hasInOrder(each, word));
  const initials = own.map((each) => each[0]).join('');
  if (words.every(isFuzzy) || (typed.length > 1 && initials.startsWith(typed))) return Rank.fuzzy;
  return undefined;
}

/** Whether all letters of `part` come in `text` in this order, with others between them or not. */
export function hasInOrder(text: string, part: string): boolean {
  let at = 0;
  for (const letter of text) if (letter === part[at]) at += 1;
  return at === part.length;
}
