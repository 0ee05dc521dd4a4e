// Hand-written checks of values: the document's reader and every writer use these (schema.ts says the same in zod,
// a property test holds the two equal).
import { isCalendarDate } from './calendar-date.ts';
import { isClockTime } from './clock-time.ts';
import { isEmail, isPhone } from './contact.ts';
import { fieldInfo } from './fields.ts';
import { isPrice } from './price.ts';
import { isStatusId } from './statuses.ts';
import { normaliseLines, normaliseText } from './text.ts';

/** The wedding date that is not settled yet: a state, not an error. */
export const UNDECIDED_DATE = 'tbd';

/** One line in its stored form, not empty, within the limit. */
export function isStoredText(value: unknown, maxLength: number): value is string {
  return (
    typeof value === 'string' && value !== '' && value.length <= maxLength && normaliseText(value) === value
  );
}

/** Several lines in their stored form, not empty, within the limit. */
export function isStoredLines(value: unknown, maxLength: number): value is string {
  return (
    typeof value === 'string' && value !== '' && value.length <= maxLength && normaliseLines(value) === value
  );
}

/** `YYYY-MM-DD` of a real day, or `tbd`. */
export function isWeddingDate(value: unknown): value is string {
  return value === UNDECIDED_DATE || isCalendarDate(value);
}

/** Whole UTC ms from 1970 on, within what a Date can hold. */
export function isInstant(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 8.64e15;
}

/**
 * Whether a field may hold a value: `null` (cleared) always, else as rule 18 says. False for unknown fields: this
 * version does not write them, though it keeps them. Reading never throws; what is invalid is shown raw and flagged.
 */
export function isValidValue(field: string, value: unknown): boolean {
  const info = fieldInfo(field);
  if (info === undefined) return false;
  if (value === null) return true;
  switch (info.kind) {
    case 'text':
      return isStoredText(value, info.maxLength);
    case 'lines':
      return isStoredLines(value, info.maxLength);
    case 'email':
      return isEmail(value);
    case 'phone':
      return isPhone(value);
    case 'date':
      return isWeddingDate(value);
    case 'time':
      return isClockTime(value);
    case 'status':
      return isStatusId(value);
    case 'price':
      return isPrice(value);
    case 'flag':
      return typeof value === 'boolean';
    case 'instant':
      return isInstant(value);
    case 'custom':
      return (
        typeof value === 'boolean' ||
        (typeof value === 'number' && Number.isFinite(value)) ||
        isStoredLines(value, info.maxLength)
      );
  }
}
