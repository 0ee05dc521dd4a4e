// Between a record's values and text: what a cell shows, what an editor starts with, and what typed text changes.
import {
  coupleName,
  daysUntil,
  formatField,
  isCalendarDate,
  normaliseTag,
  parseFieldInput,
} from '@wedsync/shared';
import { locale } from '../../../i18n/formatters.ts';
import { clientsMessages } from '../../../i18n/messages/clients.ts';
import { recordMessages } from '../../../i18n/messages/record.ts';
import type { RecordView } from '../../../session/document-view.ts';
import type { FieldChanges } from '../../../session/list-session.ts';

type Valued = Pick<RecordView, 'values'>;

const TAG = 'tag:';

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The couple's name as shown everywhere; never empty. */
export function coupleOf({ values }: Valued): string {
  const name = coupleName(values);
  return name === '' ? clientsMessages.unnamed : name;
}

/** The couple as people speak of them ("Maya & Chris"), and the last names apart, for rows that are short of room. */
export function spokenNames(record: Valued): { short: string; last: string } {
  const { values } = record;
  const firsts = [text(values.firstName), text(values.partnerFirstName)].filter((name) => name !== '');
  if (firsts.length === 0) return { short: coupleOf(record), last: '' };
  const lasts = new Set([text(values.lastName), text(values.partnerLastName)].filter((name) => name !== ''));
  return { short: firsts.join(' & '), last: [...lasts].join(', ') };
}

/** What the two discs of the monogram are made from: first names, else last names. */
export function nameParts({ values }: Valued): { first: string; second: string } {
  return {
    first: text(values.firstName) || text(values.lastName),
    second: text(values.partnerFirstName) || text(values.partnerLastName),
  };
}

/** The names of the tags that are set, in alphabetical order. */
export function tagsOf({ values }: Valued): readonly string[] {
  const tags: string[] = [];
  for (const field in values)
    if (field.startsWith(TAG) && values[field] === true) tags.push(field.slice(TAG.length));
  return tags.sort((a, b) => a.localeCompare(b, locale));
}

/** A field as read; empty for no value. */
export function displayText(field: string, { values }: Valued): string {
  const value = values[field];
  return value === undefined || value === null ? '' : formatField(field, value, { locale });
}

/** A field as typed: what an editor starts with. Reading it back gives the same value. */
export function editText(field: string, record: Valued): string {
  return field === 'tags' ? tagsOf(record).join(', ') : displayText(field, record);
}

const dayFormat = new Intl.DateTimeFormat(locale, {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
});
const longDayFormat = new Intl.DateTimeFormat(locale, {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  timeZone: 'UTC',
});

/** "Sat 12 Jun 2027", or undefined when it is not a calendar date. The same day in every time zone. */
export function dayText(value: unknown, length: 'short' | 'long' = 'short'): string | undefined {
  if (typeof value !== 'string' || !isCalendarDate(value)) return undefined;
  const atMs = Date.parse(`${value}T00:00:00Z`);
  return (length === 'long' ? longDayFormat : dayFormat).format(atMs);
}

/** Days from today until a wedding date; negative when it is past, undefined when it is not a date. */
export function daysAway(value: unknown, today: string): number | undefined {
  return typeof value === 'string' && isCalendarDate(value) ? daysUntil(value, today) : undefined;
}

export type EditResult =
  | { readonly ok: true; readonly changes: FieldChanges }
  | { readonly ok: false; readonly message: string };

/** What typing `input` into a field changes; a message in plain words when it cannot be used. */
export function toChanges(field: string, input: string, record: Valued, today: string): EditResult {
  if (field === 'tags') return { ok: true, changes: tagChanges(input, record) };
  const result = parseFieldInput(field, input, { locale, today });
  if (!result.ok) return { ok: false, message: recordMessages.errors[result.code] ?? recordMessages.invalid };
  return { ok: true, changes: { [field]: result.value } };
}

/** Tags from "film, second shooter": the difference to the tags that are set, so that other people's stay. */
function tagChanges(input: string, record: Valued): FieldChanges {
  const before = tagsOf(record);
  const after = input
    .split(',')
    .map(normaliseTag)
    .filter((tag) => tag !== '');
  const changes: Record<string, boolean> = {};
  for (const tag of before) if (!after.includes(tag)) changes[`${TAG}${tag}`] = false;
  for (const tag of after) if (!before.includes(tag)) changes[`${TAG}${tag}`] = true;
  return changes;
}
