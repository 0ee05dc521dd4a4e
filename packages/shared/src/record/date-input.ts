// Reading a calendar date from text: typed by a person, in a cell, or sent by another system.
import { calendarDateParts, type DateParts, toCalendarDate, toDayNumber } from './calendar-date.ts';
import { asciiDigits } from './fold.ts';
import { isDateFiller, monthOfWord } from './month-names.ts';
import { isPlaceholder } from './placeholder.ts';

/** Order of day, month and year in dates that are all numbers. */
export type DateOrder = 'dmy' | 'mdy' | 'ymd';

/**
 * What a text says. `ambiguous` has both readings (12/6/27: 12 June or 6 December). `instant` is a moment whose
 * calendar day depends on a time zone that was not given.
 */
export type DateReading =
  | { readonly state: 'date'; readonly date: string; readonly order?: 'dmy' | 'mdy' }
  | { readonly state: 'ambiguous'; readonly dmy: string; readonly mdy: string }
  | { readonly state: 'instant' }
  | { readonly state: 'undecided' }
  | { readonly state: 'empty' }
  | { readonly state: 'invalid' };

/** How to read. Everything is optional; without an order, numbers that could be either come back as ambiguous. */
export interface DateContext {
  /** Order of all-number dates. With `isStrict`, a date that only fits the other order is invalid. */
  readonly order?: DateOrder | undefined;
  readonly isStrict?: boolean;
  /** For the names of months, beside the usual languages. */
  readonly locale?: string | undefined;
  /** `YYYY-MM-DD`: two-digit years are near it, and a date without a year is the next one from it on. */
  readonly today?: string | undefined;
  /** IANA name: the zone in which a moment in UTC is a calendar day. */
  readonly timeZone?: string | undefined;
}

/** Weddings from long ago are entered for albums and anniversaries; beyond this it is a slip of the finger. */
const YEARS = { first: 1900, last: 2199 };
const ISO_DATE = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})$/;
const COMPACT = /^(\d{4})(\d{2})(\d{2})$/;
const EAST_ASIAN = /^(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]$/;
const NUMBERS = /^(\d{1,2})\s*([-/.])\s*(\d{1,2})(?:\s*\2\s*(\d{4}|\d{2}))?\.?$/;
const TIME = String.raw`\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d{1,9})?)?`;
/** `T14:00:00.000+02:00`, `T1400Z`, ` 14:00`, `, 3:00 PM`, ` at 15:00 Uhr`, ` 00:00:00 GMT+1200 (New Zealand …)`. */
const TRAILING_TIME = new RegExp(
  String.raw`(?:[tT]|,?\s+(?:at|um|a)?\s*)(${TIME}|\d{6}(?=\s*[zZ])|\d{1,2}(?=\s*[aApP]\.?[mM]))\s*([aApP]\.?[mM]\.?|Uhr|h)?\s*([zZ]|GMT|UTC)?\s*([+-]\d{2}:?\d{2})?\s*(?:\(.*\)|\[.*\])?$`,
);

const invalid = { state: 'invalid' } as const;

function toReading(parts: DateParts): DateReading {
  const date = toCalendarDate(parts);
  const isNear = parts.year >= YEARS.first && parts.year <= YEARS.last;
  return date !== undefined && isNear ? { state: 'date', date } : invalid;
}

/** The full year of two digits: the one closest to today in the range of 70 years back to 29 ahead. */
function fullYear(digits: string, today: string | undefined): number {
  const year = Number(digits);
  if (digits.length > 2) return year;
  const now = today === undefined ? 2040 : (calendarDateParts(today)?.year ?? 2040);
  return now - 70 + ((((year - (now - 70)) % 100) + 100) % 100);
}

/** The next such day from today on; 29 February waits for its year. */
function nextOccurrence(month: number, day: number, today: string | undefined): DateReading {
  const now = today === undefined ? undefined : calendarDateParts(today);
  if (now === undefined) return invalid;
  for (let year = now.year; year <= now.year + 8; year++) {
    const parts = { year, month, day };
    if (toCalendarDate(parts) !== undefined && toDayNumber(parts) >= toDayNumber(now))
      return toReading(parts);
  }
  return invalid;
}

/** 12/6/27 and the like: two numbers, and a year or none. */
function readNumbers(match: RegExpExecArray, context: DateContext): DateReading {
  const [, first = '', , second = '', yearText] = match;
  const read = (day: number, month: number): DateReading =>
    yearText === undefined
      ? nextOccurrence(month, day, context.today)
      : toReading({ year: fullYear(yearText, context.today), month, day });
  const dmy = read(Number(first), Number(second));
  const mdy = read(Number(second), Number(first));
  if (dmy.state === 'date' && mdy.state === 'date') {
    if (dmy.date === mdy.date) return { state: 'date', date: dmy.date };
    if (context.order === 'dmy') return { ...dmy, order: 'dmy' };
    if (context.order === 'mdy') return { ...mdy, order: 'mdy' };
    return { state: 'ambiguous', dmy: dmy.date, mdy: mdy.date };
  }
  if (dmy.state === 'date')
    return context.isStrict && context.order === 'mdy' ? invalid : { ...dmy, order: 'dmy' };
  if (mdy.state === 'date')
    return context.isStrict && context.order === 'dmy' ? invalid : { ...mdy, order: 'mdy' };
  return invalid;
}

/** "Sat, 12th June 2027", "June 12 27", "12. Juni", "2027. jún. 12.": one word is a month, the numbers are the rest. */
function readWords(text: string, context: DateContext): DateReading {
  const tokens =
    text.match(/\d+(?:\s?(?:st|nd|rd|th|er|º|ª)(?![\p{L}]))?|['’]\d{2}(?!\d)|[\p{L}\p{M}]+/gu) ?? [];
  let month: number | undefined;
  let isAlsoWeekday = false; // "mar" is March, and Tuesday in French and Spanish: then another month follows
  const numbers: string[] = [];
  for (const token of tokens) {
    const asMonth = /\d/.test(token) ? undefined : monthOfWord(token, context.locale);
    if (/\d/.test(token)) numbers.push(token.replace(/\D/g, ''));
    else if (asMonth !== undefined && (month === undefined || isAlsoWeekday)) {
      month = asMonth;
      isAlsoWeekday = !isAlsoWeekday && isDateFiller(token, context.locale);
    } else if (!isDateFiller(token, context.locale)) return invalid;
  }
  if (month === undefined || numbers.length === 0 || numbers.length > 2) return invalid;
  const [first = '', second] = numbers;
  if (second === undefined)
    return first.length > 2 ? invalid : nextOccurrence(month, Number(first), context.today);
  const isYearFirst = first.length === 4;
  const [dayText, yearText] = isYearFirst ? [second, first] : [first, second];
  if (dayText.length > 2 || (yearText.length !== 2 && yearText.length !== 4)) return invalid;
  return toReading({ year: fullYear(yearText, context.today), month, day: Number(dayText) });
}

function readDay(text: string, context: DateContext): DateReading {
  const iso = ISO_DATE.exec(text);
  if (iso !== null) return toReading({ year: Number(iso[1]), month: Number(iso[3]), day: Number(iso[4]) });
  const fixed = COMPACT.exec(text) ?? EAST_ASIAN.exec(text);
  if (fixed !== null)
    return toReading({ year: Number(fixed[1]), month: Number(fixed[2]), day: Number(fixed[3]) });
  const numbers = NUMBERS.exec(text);
  return numbers === null ? readWords(text, context) : readNumbers(numbers, context);
}

/** The day of a moment in a zone. Zones come from settings; an unknown one is refused there, and is no day here. */
function dayInZone(ms: number, timeZone: string): DateReading {
  try {
    const format = new Intl.DateTimeFormat('en-CA', {
      timeZone,
      calendar: 'gregory',
      numberingSystem: 'latn',
    });
    const parts = new Map(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
    const [year = 0, month = 0, day = 0] = [parts.get('year'), parts.get('month'), parts.get('day')];
    return toReading({ year, month, day });
  } catch {
    return { state: 'instant' };
  }
}

const DAY_MS = 86_400_000;

/**
 * The calendar day of a moment given in ms since 1970. Midnight UTC is how systems write a plain date as a moment:
 * it is that day everywhere. Any other moment is a day only in a given time zone.
 */
export function readInstant(ms: number, timeZone?: string): DateReading {
  if (!Number.isFinite(ms)) return invalid;
  if (ms % DAY_MS === 0) return dayInZone(ms, 'UTC');
  return timeZone === undefined ? { state: 'instant' } : dayInZone(ms, timeZone);
}

/** Splits off a time of day. With an offset of its own, the written day is the day there. */
function readWithTime(text: string, match: RegExpExecArray, context: DateContext): DateReading {
  const day = readDay(text.slice(0, match.index).trim().replace(/,$/, ''), context);
  const isUtc = match[3] !== undefined && (match[4] === undefined || /^[+-]00:?00$/.test(match[4]));
  if (!isUtc || day.state !== 'date' || match[2] !== undefined) return day;
  const [hours = 0, minutes = 0, seconds = 0] = (match[1] ?? '').match(/\d{1,2}/g)?.map(Number) ?? [];
  const parts = calendarDateParts(day.date);
  if (parts === undefined) return invalid;
  return readInstant(
    toDayNumber(parts) * DAY_MS + ((hours * 60 + minutes) * 60 + seconds) * 1000,
    context.timeZone,
  );
}

/** Reads any of the forms above. Never throws; whatever is not clearly one day says so in its state. */
export function readDate(input: string, context: DateContext = {}): DateReading {
  const text = asciiDigits(input)
    .replace(/[\u200e\u200f\u061c]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
  if (text === '') return { state: 'empty' };
  if (/^\?+$/.test(text)) return { state: 'undecided' };
  if (isPlaceholder(text)) return /^[\p{P}\p{S}]+$/u.test(text) ? { state: 'empty' } : { state: 'undecided' };
  if (text.length > 100) return invalid;
  const whole = readDay(text, context);
  if (whole.state !== 'invalid') return whole;
  const time = TRAILING_TIME.exec(text);
  return time === null || time.index === 0 ? invalid : readWithTime(text, time, context);
}

const orders = new Map<string, DateOrder>();

/** How a locale orders all-number dates, by Intl: en-US mdy, en-GB and de dmy, ja ymd. */
export function dateOrderOf(locale: string): DateOrder {
  const known = orders.get(locale);
  if (known !== undefined) return known;
  const parts = new Intl.DateTimeFormat(locale, { calendar: 'gregory', timeZone: 'UTC' }).formatToParts(0);
  const first = parts.find(({ type }) => type === 'day' || type === 'month' || type === 'year')?.type;
  const order = first === 'day' ? 'dmy' : first === 'month' ? 'mdy' : 'ymd';
  orders.set(locale, order);
  return order;
}
