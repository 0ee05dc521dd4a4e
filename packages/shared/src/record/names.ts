// Names of a couple: from one text to two people, and back to what is shown.
import { isPlaceholder } from './placeholder.ts';
import { normaliseText } from './text.ts';
import type { Fields } from './value.ts';

/** The name fields that a text fills; what it does not say is absent. */
export type CoupleNames = {
  firstName?: string;
  lastName?: string;
  partnerFirstName?: string;
  partnerLastName?: string;
};

/** The separators of DOCUMENT rule 18: `&` and `+` anywhere, "and" and "und" as words. */
const SEPARATOR = /\s*[&+＆＋]\s*|\s+(?:and|und)\s+/iu;
const IS_SOMEBODY = /\p{L}|\p{Extended_Pictographic}/u;
const HAS_LETTER = /[\p{L}\p{N}]/u;

/**
 * One person: the first token is the first name, the rest the last name. A token without a letter (an emoji, a
 * dash) joins the next, so that "💍 Anna Lund" is Anna. Empty for placeholders.
 */
export function splitPerson(text: string): { first?: string; last?: string } {
  const tokens = normaliseText(text).split(' ');
  const whole = tokens.join(' ');
  // A number alone is a year, a row or a mistake, and nobody.
  if (isPlaceholder(whole, 'name') || !IS_SOMEBODY.test(whole)) return {};
  const start = tokens.findIndex((token) => HAS_LETTER.test(token));
  const cut = start < 0 ? tokens.length : start + 1;
  const first = tokens.slice(0, cut).join(' ');
  const last = tokens.slice(cut).join(' ');
  return last === '' ? { first } : { first, last };
}

/** Two people from two texts; either may be empty or a placeholder. The first one that is somebody comes first. */
export function joinPeople(one: string, two: string): CoupleNames {
  const people = [splitPerson(one), splitPerson(two)].filter(({ first }) => first !== undefined);
  const [a = {}, b = {}] = people;
  return {
    ...(a.first !== undefined && { firstName: a.first }),
    ...(a.last !== undefined && { lastName: a.last }),
    ...(b.first !== undefined && { partnerFirstName: b.first }),
    ...(b.last !== undefined && { partnerLastName: b.last }),
  };
}

/**
 * "Zoë van den Berg & Tom Fletcher" as four fields. Split at the first separator only: a third name stays with the
 * second person. The empty object when there is no name in it.
 */
export function splitNames(text: string): CoupleNames {
  const line = normaliseText(text);
  const match = SEPARATOR.exec(line);
  if (match === null) return joinPeople(line, '');
  return joinPeople(line.slice(0, match.index), line.slice(match.index + match[0].length));
}

/** Whether a text names two people. */
export function namesTwo(text: string): boolean {
  return splitNames(text).partnerFirstName !== undefined;
}

/** Names of a list, as systems send them: `["Zoë van den Berg", "Tom Fletcher"]`, or one text with both. */
export function namesFromList(names: readonly string[]): CoupleNames {
  const people = names.filter((name) => !isPlaceholder(name, 'name'));
  return people.length === 1 ? splitNames(people[0] ?? '') : joinPeople(people[0] ?? '', people[1] ?? '');
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const fullName = (first: unknown, last: unknown): string => `${text(first)} ${text(last)}`.trim();

/** Full names of the people of a record, in order; one, two, or none. */
export function peopleOf(values: Fields): string[] {
  const one = fullName(values.firstName, values.lastName);
  const two = fullName(values.partnerFirstName, values.partnerLastName);
  return [one, two].filter((name) => name !== '');
}

/** The couple as shown: "Zoë van den Berg & Tom Fletcher", one name when there is one, empty when there is none. */
export function coupleName(values: Fields): string {
  const one = fullName(values.firstName, values.lastName);
  const two = fullName(values.partnerFirstName, values.partnerLastName);
  return one === '' || two === '' ? one + two : `${one} & ${two}`;
}
