// Calendar dates: a day of the year as text, `YYYY-MM-DD`, with no time and no time zone anywhere near it.

const FORM = /^(\d{4})-(\d{2})-(\d{2})$/;

/** Year, month 1–12, day 1–31. */
export interface DateParts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** Days in a month (1–12) of the Gregorian calendar. */
export function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** The date's text, or undefined when there is no such day (30 February, month 13, year 0 or 10,000). */
export function toCalendarDate({ year, month, day }: DateParts): string | undefined {
  const isWhole = Number.isInteger(year) && Number.isInteger(month) && Number.isInteger(day);
  if (!isWhole || year < 1 || year > 9999 || month < 1 || month > 12) return undefined;
  if (day < 1 || day > daysInMonth(year, month)) return undefined;
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
}

const pad = (value: number, width: number): string => String(value).padStart(width, '0');

/** Year, month and day of a date; undefined when the text is not a real day in the form `YYYY-MM-DD`. */
export function calendarDateParts(date: string): DateParts | undefined {
  const match = FORM.exec(date);
  if (match === null) return undefined;
  const parts = { year: Number(match[1]), month: Number(match[2]), day: Number(match[3]) };
  return toCalendarDate(parts) === date ? parts : undefined;
}

/** Whether `value` is a real day in the form `YYYY-MM-DD`. */
export function isCalendarDate(value: unknown): value is string {
  return typeof value === 'string' && calendarDateParts(value) !== undefined;
}

/** Days since 1970-01-01, by the algorithm of days-from-civil: whole numbers only, no Date object. */
export function toDayNumber({ year, month, day }: DateParts): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** The date of a day number; undefined outside the years 1 to 9999. */
export function fromDayNumber(dayNumber: number): string | undefined {
  const shifted = dayNumber + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shiftedMonth + (shiftedMonth < 10 ? 3 : -9);
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  return toCalendarDate({ year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day });
}

/** Days from `today` until `date`, both `YYYY-MM-DD`: 0 today, negative when past, undefined if one is no date. */
export function daysUntil(date: string, today: string): number | undefined {
  const to = calendarDateParts(date);
  const from = calendarDateParts(today);
  return to && from ? toDayNumber(to) - toDayNumber(from) : undefined;
}

/** The date `days` later (earlier when negative); undefined for what is not a date or leaves the years 1–9999. */
export function addDays(date: string, days: number): string | undefined {
  const parts = calendarDateParts(date);
  return parts && fromDayNumber(toDayNumber(parts) + days);
}

/** Day of the week: 0 Sunday … 6 Saturday; undefined for what is not a date. */
export function weekdayOf(date: string): number | undefined {
  const parts = calendarDateParts(date);
  return parts && (((toDayNumber(parts) + 4) % 7) + 7) % 7;
}

/** The UTC midnight of a date in ms, only for `Intl` formatters that are set to `timeZone: 'UTC'`. */
export function toUtcMs(date: string): number | undefined {
  const parts = calendarDateParts(date);
  return parts && toDayNumber(parts) * 86_400_000;
}
