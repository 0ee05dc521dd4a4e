// From typed text to a value, and from a value to text that reads back to it.
import { isCalendarDate, toUtcMs } from './calendar-date.ts';
import { isClockTime, readClockTime } from './clock-time.ts';
import { isEmail, isPhone, normaliseEmail, normalisePhone } from './contact.ts';
import { dateOrderOf, readDate } from './date-input.ts';
import { fieldInfo } from './fields.ts';
import { formatPrice, readPrice } from './price.ts';
import { DEFAULT_STATUSES, readStatus, type StatusOption } from './statuses.ts';
import { normaliseLines, normaliseText } from './text.ts';
import { UNDECIDED_DATE } from './validate.ts';
import type { FieldValue } from './value.ts';

/** Why typed text is no value; the app has a sentence for each. */
export type FieldInputCode =
  | 'too-long'
  | 'invalid-email'
  | 'invalid-phone'
  | 'invalid-date'
  | 'ambiguous-date'
  | 'invalid-time'
  | 'invalid-price'
  | 'needs-currency'
  | 'unknown-status'
  | 'not-editable';

export type FieldInputResult =
  | { readonly ok: true; readonly value: FieldValue }
  | { readonly ok: false; readonly code: FieldInputCode };

/** The reader and the list. `today` is `YYYY-MM-DD` of the device; `currency` and `statuses` are the list's own. */
export interface FieldContext {
  readonly locale: string;
  readonly today?: string;
  readonly currency?: string;
  readonly statuses?: readonly StatusOption[];
}

const ok = (value: FieldValue): FieldInputResult => ({ ok: true, value });
const refuse = (code: FieldInputCode): FieldInputResult => ({ ok: false, code });

function textInput(text: string, maxLength: number): FieldInputResult {
  return text.length > maxLength ? refuse('too-long') : ok(text);
}

function dateInput(text: string, { locale, today }: FieldContext): FieldInputResult {
  const reading = readDate(text, { locale, order: dateOrderOf(locale), today });
  switch (reading.state) {
    case 'date':
      return ok(reading.date);
    case 'undecided':
      return ok(UNDECIDED_DATE);
    case 'empty':
      return ok(null);
    case 'ambiguous':
      return refuse('ambiguous-date');
    default:
      return refuse('invalid-date');
  }
}

/**
 * What typing `text` into a field means. Empty text clears (`null`). Words such as "TBD" are an undecided wedding
 * date; in a text field they are what the person typed.
 */
export function parseFieldInput(field: string, text: string, context: FieldContext): FieldInputResult {
  const info = fieldInfo(field);
  if (info === undefined) return refuse('not-editable');
  const line = normaliseText(text);
  if (line === '') return ok(null);
  switch (info.kind) {
    case 'text':
      return textInput(line, info.maxLength);
    case 'lines':
    case 'custom':
      return textInput(normaliseLines(text), info.maxLength);
    case 'email': {
      const email = normaliseEmail(line);
      if (email.length > info.maxLength) return refuse('too-long');
      return isEmail(email) ? ok(email) : refuse('invalid-email');
    }
    case 'phone': {
      const phone = normalisePhone(line);
      if (phone.length > info.maxLength) return refuse('too-long');
      return isPhone(phone) ? ok(phone) : refuse('invalid-phone');
    }
    case 'date':
      return dateInput(line, context);
    case 'time': {
      const time = readClockTime(line);
      return time === undefined ? refuse('invalid-time') : ok(time);
    }
    case 'price': {
      const price = readPrice(line, { locale: context.locale, preferred: context.currency });
      return price.ok ? ok(price.value) : refuse(price.code);
    }
    case 'status': {
      const id = readStatus(line, context.statuses);
      return id === undefined ? refuse('unknown-status') : ok(id);
    }
    case 'flag':
    case 'instant':
      return refuse('not-editable');
  }
}

const dateFormats = new Map<string, Intl.DateTimeFormat | undefined>();

/** Day, short month, year; undefined where that does not read back (calendars and grammars that we do not know). */
function dateFormatOf(locale: string): Intl.DateTimeFormat | undefined {
  if (dateFormats.has(locale)) return dateFormats.get(locale);
  const options = {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
    calendar: 'gregory',
  } as const;
  const format = new Intl.DateTimeFormat(locale, options);
  const readsBack = Array.from({ length: 12 }, (_, i) => `2027-${String(i + 1).padStart(2, '0')}-12`).every(
    (date) => {
      const reading = readDate(format.format(toUtcMs(date)), { locale, order: dateOrderOf(locale) });
      return reading.state === 'date' && reading.date === date;
    },
  );
  dateFormats.set(locale, readsBack ? format : undefined);
  return readsBack ? format : undefined;
}

const instantFormats = new Map<string, Intl.DateTimeFormat>();

function formatInstant(ms: number, locale: string): string {
  const format =
    instantFormats.get(locale) ??
    new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
  instantFormats.set(locale, format);
  return format.format(ms);
}

/** Half-day times where English is read so ("2:30 PM"); everywhere else `HH:MM` is understood. */
function formatTime(time: string, locale: string): string {
  const isHalfDay =
    locale.startsWith('en') && new Intl.DateTimeFormat(locale, { hour: 'numeric' }).resolvedOptions().hour12;
  if (!isHalfDay) return time;
  const hours = Number(time.slice(0, 2));
  return `${hours % 12 === 0 ? 12 : hours % 12}:${time.slice(3)} ${hours < 12 ? 'AM' : 'PM'}`;
}

/**
 * A value as a person of this locale reads it; for fields that can be typed, `parseFieldInput` gives the same value
 * back. `null` is empty. A value that is not valid for its field is shown as it is.
 */
export function formatField(
  field: string,
  value: FieldValue | undefined,
  { locale, statuses = DEFAULT_STATUSES }: Pick<FieldContext, 'locale' | 'statuses'>,
): string {
  if (value === null || value === undefined) return '';
  const kind = fieldInfo(field)?.kind;
  if (kind === 'date' && isCalendarDate(value)) return dateFormatOf(locale)?.format(toUtcMs(value)) ?? value;
  if (kind === 'time' && isClockTime(value)) return formatTime(value, locale);
  if (kind === 'price' && typeof value === 'string') return formatPrice(value, locale);
  if (kind === 'status') return statuses.find(({ id }) => id === value)?.label ?? String(value);
  if (kind === 'instant' && typeof value === 'number') return formatInstant(value, locale);
  return String(value);
}
