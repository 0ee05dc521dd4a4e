// Converters of the mapping table: from what a source writes to what `changesToFields` reads.
import type { Converter } from '@wedsync/shared';
import { currencyDigits, readDate } from '@wedsync/shared';

const NUMBER = /^-?\d+(?:\.\d+)?$/;

function dayIn(value: unknown, order: 'dmy' | 'mdy' | 'ymd'): unknown {
  if (typeof value !== 'string') return value;
  const reading = readDate(value, { order });
  return reading.state === 'date' ? reading.date : value;
}

/** 320000 pence are 3200.00 pounds. */
function fromMinorUnits(value: unknown, currency: string | undefined): unknown {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string' || !NUMBER.test(text) || currency === undefined) return value;
  const digits = currencyDigits(currency) ?? 2;
  return `${(Number(text) / 10 ** digits).toFixed(digits)} ${currency}`;
}

/** Undefined means that the value says nothing. */
export function convert(value: unknown, by: Converter, currency: string | undefined): unknown {
  switch (by) {
    case 'auto':
    case 'couple':
      return value;
    case 'text':
      return typeof value === 'object' ? undefined : String(value);
    case 'day-dmy':
      return dayIn(value, 'dmy');
    case 'day-mdy':
      return dayIn(value, 'mdy');
    case 'day-ymd':
      return typeof value === 'string' ? dayIn(value.slice(0, 10), 'ymd') : value;
    case 'unix':
      return NUMBER.test(String(value)) ? Number(value) : undefined;
    case 'minor-units':
      return fromMinorUnits(value, currency);
    case 'first-line':
      return typeof value === 'string' ? value.trim().split(/\r?\n/)[0] : value;
  }
}
