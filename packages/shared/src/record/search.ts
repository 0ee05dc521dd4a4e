// Searching and sorting a list: folded text per record, computed once per record's values.

import { currencyDigits } from './currency.ts';
import { asciiDigits, foldText } from './fold.ts';
import { coupleName, peopleOf } from './names.ts';
import { parsePrice } from './price.ts';
import { DEFAULT_STATUSES, type StatusOption } from './statuses.ts';
import { tagsOf } from './tag.ts';
import type { Fields } from './value.ts';

const keys = new WeakMap<Fields, string>();

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/**
 * What a search looks into: names, e-mail, phone (as typed and as digits), venue, package, source, date, tags and
 * custom texts, folded. Kept per `values` object: records are immutable and get a new one when they change.
 */
export function searchKey(values: Fields): string {
  const known = keys.get(values);
  if (known !== undefined) return known;
  const phone = text(values.phone);
  const parts = [
    ...peopleOf(values),
    values.email,
    phone,
    asciiDigits(phone).replace(/\D/g, ''),
    values.venue,
    values.packageName,
    values.leadSource,
    values.weddingDate,
    ...tagsOf(values),
    ...Object.keys(values)
      .filter((field) => field.startsWith('x:'))
      .map((field) => values[field]),
  ];
  const key = foldText(parts.map(text).filter(Boolean).join('\n')).replace(/\n/g, ' ');
  keys.set(values, key);
  return key;
}

/** The words of a query, folded. A record matches when its key has all of them, in any order. */
export function searchWords(query: string): string[] {
  return foldText(query).split(' ').filter(Boolean);
}

/** Whether a record's key has all words. No words match everything. */
export function matchesSearch(key: string, words: readonly string[]): boolean {
  return words.every((word) => key.includes(word));
}

/** `couple` sorts by the shown name; every other name is a field. */
export type SortField = 'couple' | (string & {});

export interface SortOptions {
  readonly locale?: string;
  readonly direction?: 'ascending' | 'descending';
  /** Order of the statuses; what is not among them comes last. */
  readonly statuses?: readonly StatusOption[];
}

/** Rank within a field: values, then "to be decided" dates, then records without a value, in both directions. */
type SortKey = { readonly rank: number; readonly key: string | number };

const NONE: SortKey = { rank: 2, key: '' };

function sortKeyOf(values: Fields, field: SortField, statuses: readonly StatusOption[]): SortKey {
  if (field === 'couple') {
    const name = coupleName(values);
    return name === '' ? NONE : { rank: 0, key: name };
  }
  const value = values[field];
  if (value === undefined || value === null || value === '') return NONE;
  if (field === 'weddingDate') return { rank: value === 'tbd' ? 1 : 0, key: String(value) };
  if (field === 'status') {
    const at = statuses.findIndex(({ id }) => id === value);
    return { rank: 0, key: at < 0 ? statuses.length : at };
  }
  if (field === 'price') {
    const price = parsePrice(value);
    return price === undefined ? NONE : { rank: 0, key: price.minor / 10 ** currencyDigits(price.currency) };
  }
  return { rank: 0, key: typeof value === 'number' ? value : String(value) };
}

/**
 * A comparator of records' values for `sort`. Text goes by the locale's collation, numbers inside it by size
 * ("Hall 2" before "Hall 10"); dates, prices and statuses by their order. Records without a value come last either
 * way. Keys are kept per values object for the life of the comparator: make one per sort, not one per comparison.
 */
export function compareBy(field: SortField, options: SortOptions = {}): (a: Fields, b: Fields) => number {
  const { locale, direction = 'ascending', statuses = DEFAULT_STATUSES } = options;
  const collator = new Intl.Collator(locale, { numeric: true, sensitivity: 'base' });
  const sign = direction === 'ascending' ? 1 : -1;
  const isPlain = field === 'weddingDate' || field === 'weddingTime';
  const cache = new Map<Fields, SortKey>();
  const keyOf = (values: Fields): SortKey => {
    const known = cache.get(values);
    if (known !== undefined) return known;
    const key = sortKeyOf(values, field, statuses);
    cache.set(values, key);
    return key;
  };
  return (a, b) => {
    const x = keyOf(a);
    const y = keyOf(b);
    if (x.rank !== y.rank) return x.rank - y.rank;
    if (typeof x.key === 'number' && typeof y.key === 'number') return sign * (x.key - y.key);
    const [left, right] = [String(x.key), String(y.key)];
    if (isPlain) return left === right ? 0 : left < right ? -sign : sign;
    return sign * collator.compare(left, right);
  };
}
