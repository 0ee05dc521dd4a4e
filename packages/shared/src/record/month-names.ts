// Names of months and weekdays as people type them, in the languages of weddings hereabouts plus the reader's own.
import { foldText } from './fold.ts';

/** English, German, French, Spanish as promised; the others cost nothing and do not contradict these. */
const LANGUAGES = ['en', 'de', 'fr', 'es', 'it', 'nl', 'pt', 'sv', 'da'];

/** Words between the parts of a date ("12 de junio de 2027", "Saturday the 12th of June"). */
const FILLERS = [
  'de',
  'del',
  'of',
  'the',
  'den',
  'der',
  'le',
  'la',
  'el',
  'am',
  'on',
  'dia',
  'il',
  'op',
  'd',
  'm',
];

interface Words {
  /** Folded name or abbreviation to month 1–12. */
  readonly months: ReadonlyMap<string, number>;
  /** Weekdays and fillers, which say nothing new. */
  readonly ignored: ReadonlySet<string>;
}

const cache = new Map<string, Words>();

/** One word, without the dot of an abbreviation. */
const toWord = (text: string): string =>
  foldText(text)
    .replace(/[.\u200f]/g, '')
    .trim();

/** Names for one locale, alone and then as inside a date (genitive): 12 + 12 months or 7 + 7 weekdays. */
function namesOf(locale: string, form: 'long' | 'short', kind: 'month' | 'weekday'): string[] {
  const fixed = { timeZone: 'UTC', calendar: 'gregory' } as const;
  const alone = new Intl.DateTimeFormat(locale, { ...fixed, [kind]: form });
  const day = { day: 'numeric', month: form, year: 'numeric', weekday: form } as const;
  const inDate = new Intl.DateTimeFormat(locale, { ...fixed, ...day });
  // 2027: each month is named from its 15th, the weekdays from the 1st of February, a Monday.
  const days = Array.from({ length: kind === 'month' ? 12 : 7 }, (_, i) =>
    kind === 'month' ? Date.UTC(2027, i, 15) : Date.UTC(2027, 1, 1 + i),
  );
  const part = (ms: number) => inDate.formatToParts(ms).find(({ type }) => type === kind)?.value ?? '';
  return [...days.map((ms) => toWord(alone.format(ms))), ...days.map((ms) => toWord(part(ms)))];
}

/** The words of some languages; computed once for each set, about 3 ms per language. */
function wordsOf(languages: readonly string[]): Words {
  const key = languages.join();
  const known = cache.get(key);
  if (known !== undefined) return known;
  const months = new Map<string, number>([['sept', 9]]);
  const ignored = new Set(FILLERS);
  for (const language of languages) {
    for (const form of ['long', 'short'] as const) {
      for (const [month, word] of namesOf(language, form, 'month').entries()) {
        // A name that is a number ("6月") is not a word. The first language wins.
        const isWord = /\p{L}/u.test(word) && !/\d/.test(word);
        if (isWord && !months.has(word)) months.set(word, (month % 12) + 1);
      }
      for (const word of namesOf(language, form, 'weekday')) ignored.add(word);
    }
  }
  const words = { months, ignored };
  cache.set(key, words);
  return words;
}

// The reader's own language and English answer nearly always; the others are computed only when these do not.

/** The month (1–12) that a typed word means: a name, or a beginning of three letters that fits one month only. */
export function monthOfWord(text: string, locale?: string): number | undefined {
  const word = toWord(text);
  const near = wordsOf([locale ?? 'en', 'en']).months.get(word);
  if (near !== undefined) return near;
  const all = wordsOf([locale ?? 'en', ...LANGUAGES]).months;
  const exact = all.get(word);
  if (exact !== undefined || word.length < 3) return exact;
  const found = new Set<number>();
  for (const [name, month] of all) if (name.startsWith(word)) found.add(month);
  return found.size === 1 ? [...found][0] : undefined;
}

/** Whether a word in a date says nothing about the day: a weekday, "of", "the". */
export function isDateFiller(text: string, locale?: string): boolean {
  const word = toWord(text);
  const near = wordsOf([locale ?? 'en', 'en']).ignored.has(word);
  return near || wordsOf([locale ?? 'en', ...LANGUAGES]).ignored.has(word);
}
