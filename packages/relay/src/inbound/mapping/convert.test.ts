import type { Converter } from '@wedsync/shared';
import { describe, expect, it } from 'vitest';
import { convert } from './convert.ts';

describe('converters of the mapping table', () => {
  it.each<[Converter, unknown, unknown]>([
    ['auto', '05/06/2027', '05/06/2027'],
    ['couple', 'Ana & Ben', 'Ana & Ben'],
    ['text', 42, '42'],
    ['text', { a: 1 }, undefined],
    ['day-dmy', '05/06/2027', '2027-06-05'],
    ['day-mdy', '05/06/2027', '2027-05-06'],
    ['day-ymd', '2027-06-05T10:00:00Z', '2027-06-05'],
    // What cannot be read is handed on: the field's own check says so with the value.
    ['day-dmy', 'some day', 'some day'],
    ['day-dmy', 20270605, 20270605],
    ['day-ymd', null, null],
    ['unix', '1812240000', 1_812_240_000],
    ['unix', 1_812_240_000, 1_812_240_000],
    ['unix', 'tomorrow', undefined],
    ['first-line', '  Old Mill \r\nsecond floor', 'Old Mill '],
    ['first-line', 7, 7],
  ])('%s of %j', (by, value, converted) => {
    expect(convert(value, by, 'EUR')).toEqual(converted);
  });

  it.each<[unknown, string | undefined, unknown]>([
    [320_000, 'GBP', '3200.00 GBP'],
    ['320000', 'GBP', '3200.00 GBP'],
    [320_000, 'JPY', '320000 JPY'],
    [-50, 'USD', '-0.50 USD'],
    [320_000, undefined, 320_000],
    ['3,200', 'GBP', '3,200'],
    [true, 'GBP', true],
  ])('minor units %j in %s', (value, currency, converted) => {
    expect(convert(value, 'minor-units', currency)).toEqual(converted);
  });
});
