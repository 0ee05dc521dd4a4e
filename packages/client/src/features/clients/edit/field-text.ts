// From a record's values to what the list shows of them.
import { coupleName, daysUntil, formatPrice, isCalendarDate } from '@wedsync/shared';
import { locale } from '../../../i18n/formatters.ts';
import { clientsMessages } from '../../../i18n/messages/clients.ts';
import type { RecordView } from '../../../session/document-view.ts';

export type Valued = Pick<RecordView, 'values'>;

export const TAG = 'tag:';

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

/** A field as a cell of the list shows it. */
export function cellText(field: string, { values }: Valued): string {
  const value = values[field];
  return field === 'price' && typeof value === 'string' ? formatPrice(value, locale) : text(value);
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
