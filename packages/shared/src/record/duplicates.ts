// Whether two records are one couple: by e-mail, phone, names and date. Certain matches are found, likely ones are
// offered to a person; nothing is ever merged by this alone.
import { emailKey, phoneKey } from './contact.ts';
import { foldText } from './fold.ts';
import type { Fields, FieldValue } from './value.ts';

/** What matched, or spoke against it. */
export type MatchReason = 'id' | 'email' | 'phone' | 'names' | 'date' | 'identical';

/** `same` may be taken for granted, `likely` is for a person to decide. Higher scores are better matches. */
export interface CoupleMatch {
  readonly level: 'same' | 'likely' | 'none';
  readonly score: number;
  readonly reasons: readonly MatchReason[];
}

type Person = { readonly first: string; readonly last: string };
type Verdict = 'equal' | 'differ' | 'unknown';
type NamesVerdict = { readonly state: Verdict | 'compatible'; readonly weight: number };

const folded = (value: unknown): string => (typeof value === 'string' ? foldText(value) : '');

function peopleOf(values: Fields): Person[] {
  const people = [
    { first: folded(values.firstName), last: folded(values.lastName) },
    { first: folded(values.partnerFirstName), last: folded(values.partnerLastName) },
  ];
  return people.filter(({ first, last }) => first !== '' || last !== '');
}

/** 2 for the same first and last name, 1 for the same first name where one of them has no last name, else 0. */
function personScore(a: Person, b: Person): 0 | 1 | 2 {
  if (a.first !== b.first) return 0;
  if (a.last === b.last) return 2;
  return a.last === '' || b.last === '' ? 1 : 0;
}

/** Best pairing of at most two people with at most two people. */
function compareNames(a: readonly Person[], b: readonly Person[]): NamesVerdict {
  if (a.length === 0 || b.length === 0) return { state: 'unknown', weight: 0 };
  const score = (i: number, j: number): number => {
    const [x, y] = [a[i], b[j]];
    return x === undefined || y === undefined ? 0 : personScore(x, y);
  };
  const straight = [score(0, 0), score(1, 1)];
  const crossed = [score(0, 1), score(1, 0)];
  const sum = (pair: number[]) => pair.reduce((total, n) => total + n, 0);
  const best = sum(crossed) > sum(straight) ? crossed : straight;
  const matched = best.filter((n) => n > 0).length;
  if (a.length === b.length && best.filter((n) => n === 2).length === a.length)
    return { state: 'equal', weight: 5 };
  // A couple is two people: more than two between them cannot be one couple.
  if (a.length + b.length - matched > 2) return { state: 'differ', weight: -4 };
  if (matched === 0) return { state: 'unknown', weight: 0 };
  return { state: 'compatible', weight: sum(best) >= 2 ? 3 : 1 };
}

function compareKeys(a: string | undefined, b: string | undefined): Verdict {
  if (a === undefined || b === undefined) return 'unknown';
  return a === b ? 'equal' : 'differ';
}

const dateKey = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== 'tbd' && value !== '' ? value : undefined;

const KEYS: Readonly<Record<string, (value: unknown) => string | undefined>> = {
  email: emailKey,
  phone: phoneKey,
};
const FOLDED = new Set([
  'firstName',
  'lastName',
  'partnerFirstName',
  'partnerLastName',
  'venue',
  'packageName',
]);

/** Whether two values of a field say the same: e-mail in any case, a phone in any writing, names in any accent. */
export function sameValue(field: string, a: FieldValue | undefined, b: FieldValue | undefined): boolean {
  if (a === b) return true;
  const key = KEYS[field] ?? (FOLDED.has(field) ? folded : undefined);
  const left = key?.(a);
  return left !== undefined && left !== '' && left === key?.(b);
}

/** What a record is recognised by, worked out once. */
interface Identity {
  readonly people: readonly Person[];
  readonly email: string | undefined;
  readonly phone: string | undefined;
  readonly date: string | undefined;
  /** `ext:<source>` and the id in it. */
  readonly ids: readonly string[];
}

function identityOf(values: Fields): Identity {
  const ids = Object.keys(values).filter((field) => field.startsWith('ext:') && values[field] !== null);
  return {
    people: peopleOf(values),
    email: emailKey(values.email),
    phone: phoneKey(values.phone),
    date: dateKey(values.weddingDate),
    ids: ids.map((field) => `${field} ${String(values[field])}`),
  };
}

/** Everything that `a` says is in `b` already (notes aside). */
function isContained(a: Fields, b: Fields): boolean {
  return Object.keys(a).every(
    (field) => a[field] === null || field.startsWith('note:') || sameValue(field, a[field], b[field]),
  );
}

function compareIdentities(a: Identity, b: Identity, isAllKnown: () => boolean): CoupleMatch {
  if (a.ids.some((id) => b.ids.includes(id))) return { level: 'same', score: 100, reasons: ['id'] };
  const names = compareNames(a.people, b.people);
  const email = compareKeys(a.email, b.email);
  const phone = compareKeys(a.phone, b.phone);
  const date = compareKeys(a.date, b.date);
  const score =
    names.weight +
    { equal: 5, differ: -1, unknown: 0 }[email] +
    { equal: 4, differ: -1, unknown: 0 }[phone] +
    { equal: 2, differ: -3, unknown: 0 }[date];
  const reasons: MatchReason[] = [];
  if (email === 'equal') reasons.push('email');
  if (phone === 'equal') reasons.push('phone');
  if (names.state === 'equal' || names.state === 'compatible') reasons.push('names');
  if (date === 'equal') reasons.push('date');

  const hasContact = email !== 'differ' && phone !== 'differ' && (phone === 'equal' || date === 'equal');
  const isSame =
    date !== 'differ' &&
    ((names.state === 'equal' && (email === 'equal' || hasContact)) ||
      (names.state === 'compatible' && email === 'equal'));
  if (isSame) return { level: 'same', score, reasons };
  const isNamed = names.state === 'equal' || (a.people.length === 0 && email === 'equal');
  if (isNamed && isAllKnown())
    return { level: 'same', score: score + 10, reasons: [...reasons, 'identical'] };
  return { level: score >= 4 ? 'likely' : 'none', score, reasons };
}

/** Compares two records' values. Symmetric but for `identical` (everything in `a` is in `b`). */
export function compareCouples(a: Fields, b: Fields): CoupleMatch {
  return compareIdentities(identityOf(a), identityOf(b), () => isContained(a, b));
}

/** Texts by which a record can be found again; two records that match share at least one. */
function lookupKeys({ people, email, phone, date, ids }: Identity): string[] {
  const keys = [...ids];
  if (email !== undefined) keys.push(`e ${email}`);
  if (phone !== undefined) keys.push(`p ${phone}`);
  for (const { first, last } of people) {
    keys.push(`n ${first} ${last}`);
    if (date !== undefined) keys.push(`d ${date} ${first}`);
  }
  return keys;
}

/** A match with the record that it is about. */
export interface FoundMatch<Id> extends CoupleMatch {
  readonly id: Id;
}

/** Finds records of one couple among thousands without comparing all with all. */
export interface DuplicateIndex<Id> {
  add(id: Id, values: Fields): void;
  /** The best match that is at least likely; of equals the one that was added first. */
  find(values: Fields): FoundMatch<Id> | undefined;
  /** All matches that are at least likely, best first. */
  findAll(values: Fields): FoundMatch<Id>[];
}

export function createDuplicateIndex<Id>(): DuplicateIndex<Id> {
  const entries: { id: Id; values: Fields; identity: Identity }[] = [];
  const byKey = new Map<string, number[]>();

  function findAll(values: Fields): FoundMatch<Id>[] {
    const identity = identityOf(values);
    const seen = new Set<number>();
    for (const key of lookupKeys(identity)) for (const at of byKey.get(key) ?? []) seen.add(at);
    const found: FoundMatch<Id>[] = [];
    for (const at of [...seen].sort((a, b) => a - b)) {
      const entry = entries[at];
      if (entry === undefined) continue;
      const match = compareIdentities(identity, entry.identity, () => isContained(values, entry.values));
      if (match.level !== 'none') found.push({ ...match, id: entry.id });
    }
    const rank = ({ level }: CoupleMatch): number => (level === 'same' ? 0 : 1);
    return found.sort((a, b) => rank(a) - rank(b) || b.score - a.score);
  }

  return {
    add(id, values) {
      const identity = identityOf(values);
      const at = entries.push({ id, values, identity }) - 1;
      for (const key of lookupKeys(identity)) {
        const list = byKey.get(key);
        if (list === undefined) byKey.set(key, [at]);
        else list.push(at);
      }
    },
    find: (values) => findAll(values)[0],
    findAll,
  };
}
