import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns, propertySettings } from '../testing/seed.ts';
import {
  addDays,
  calendarDateParts,
  daysUntil,
  fromDayNumber,
  toDayNumber,
  weekdayOf,
} from './calendar-date.ts';
import { isEmail, normaliseEmail, normalisePhone, phoneKey } from './contact.ts';
import { currencyDigits } from './currency.ts';
import { readDate } from './date-input.ts';
import { formatField, parseFieldInput } from './field-input.ts';
import { RECORD_FIELDS } from './fields.ts';
import { foldText } from './fold.ts';
import { coupleName, splitNames } from './names.ts';
import { isPlaceholder } from './placeholder.ts';
import { formatPrice, parsePrice, priceFromNumber, readPrice, toPrice } from './price.ts';
import { fieldSchema, fieldsSchema } from './schema.ts';
import { normaliseTag } from './tag.ts';
import { normaliseLines, normaliseText } from './text.ts';
import { isValidValue } from './validate.ts';

fc.configureGlobal(propertySettings(process.env));
const runs = (count: number) => ({ numRuns: propertyRuns(process.env, count) });

const LOCALES = [
  'en-GB',
  'en-US',
  'en-AU',
  'de',
  'de-CH',
  'fr',
  'es',
  'it',
  'nl',
  'sv',
  'da',
  'pl',
  'pt-BR',
  'ja',
  'ar-EG',
  'fa',
  'hi',
  'vi',
  'he',
];
const locale = fc.constantFrom(...LOCALES);
const anyText = fc.string({ unit: 'binary', maxLength: 60 });
/** A date of the years that people enter, by its day number. */
const date = fc.integer({ min: -25_567, max: 84_005 }).map((n) => fromDayNumber(n) ?? '');
const fieldName = fc.constantFrom(
  ...RECORD_FIELDS.map(({ name }) => name as string),
  'tag:film',
  'ext:crm',
  'note:crm',
  'x:a',
  'other',
);

describe('DOC-R18 values', () => {
  const nearValue = fc.oneof(
    fc.constantFrom(
      '2027-02-29',
      '2028-02-29',
      '2027-06-31',
      '0000-01-01',
      'tbd',
      'TBD',
      '24:00',
      '23:59',
      '7:00',
    ),
    fc.constantFrom(
      '320000 USD',
      '01 USD',
      '1 usd',
      '999999999999999 JPY',
      '1000000000000000 JPY',
      '5 ABC',
      'booked',
    ),
    fc.constantFrom(
      'a@b.co',
      'a@b',
      'A@b.co',
      'a@b..c',
      'a@.b.c',
      'a@b.',
      'a..b@c.d',
      'a@b@c.d',
      '12',
      '123',
      '+1 23',
      'a_b',
      '-a',
    ),
    fc.constantFrom(
      'a'.repeat(64),
      'a'.repeat(65),
      'a'.repeat(200),
      'a'.repeat(201),
      '1'.repeat(65),
      ' a',
      'a\nb',
      'a\u00a0b',
      'e\u0301',
    ),
    fc.emailAddress(),
    anyText,
    anyText.map(normaliseText),
    fc.string({ unit: fc.constantFrom(...'a@. -1_\n'), maxLength: 12 }),
    fc.double(),
    fc.integer(),
    fc.boolean(),
    fc.constantFrom(null, undefined, {}, [], Number.NaN, Number.POSITIVE_INFINITY, 8.64e15, 8.64e15 + 2, -0),
  );

  it('the hand-written checks and the schemas say the same', () =>
    fc.assert(
      fc.property(fieldName, nearValue, (field, value) => {
        expect(fieldSchema(field).safeParse(value).success).toBe(isValidValue(field, value));
      }),
      runs(6000),
    ));

  it('a record is valid when each of its fields is', () =>
    fc.assert(
      fc.property(
        fc.dictionary(fieldName, fc.oneof(fc.constant(null), fc.constant('2027-06-12'), fc.boolean())),
        (fields) => {
          const ok = Object.entries(fields).every(([field, value]) => isValidValue(field, value));
          expect(fieldsSchema.safeParse(fields).success).toBe(ok);
        },
      ),
    ));

  it('typed input is refused with a code or becomes a valid value, whatever the text', () =>
    fc.assert(
      fc.property(fieldName, fc.oneof(anyText, nearValue.map(String)), locale, (field, text, where) => {
        const result = parseFieldInput(field, text, { locale: where, today: '2026-11-22', currency: 'EUR' });
        if (result.ok) expect(isValidValue(field, result.value)).toBe(true);
      }),
      runs(3000),
    ));

  it('what is shown reads back to the same value', () =>
    fc.assert(
      fc.property(date, fc.nat(1439), fc.nat(9_999_999), locale, (day, minute, minor, where) => {
        const time = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
        const values = {
          weddingDate: day,
          weddingTime: time,
          price: `${minor} EUR`,
          status: 'booked',
          phone: '+44 7700 900123',
        };
        for (const [field, value] of Object.entries(values)) {
          const shown = formatField(field, value, { locale: where });
          expect(parseFieldInput(field, shown, { locale: where, today: '2026-11-22' }), shown).toEqual({
            ok: true,
            value,
          });
        }
      }),
      runs(1000),
    ));
});

describe('HOOK-6 dates', () => {
  it('day numbers count days one by one and agree with Date in UTC', () =>
    fc.assert(
      fc.property(fc.integer({ min: -719_162, max: 2_932_896 }), (n) => {
        const day = fromDayNumber(n) ?? '';
        const parts = calendarDateParts(day);
        expect(parts && toDayNumber(parts)).toBe(n);
        expect(new Date(n * 86_400_000).toISOString().slice(0, 10)).toBe(day);
        expect(weekdayOf(day)).toBe(new Date(n * 86_400_000).getUTCDay());
      }),
      runs(2000),
    ));

  it('adding days and counting them are inverse', () =>
    fc.assert(
      fc.property(date, fc.integer({ min: -5000, max: 5000 }), (day, n) => {
        expect(daysUntil(addDays(day, n) ?? '', day)).toBe(n);
      }),
    ));

  it('all writings of a day are that day', () =>
    fc.assert(
      fc.property(date, (day) => {
        const { year, month, day: d } = calendarDateParts(day) ?? { year: 0, month: 0, day: 0 };
        const long = new Date(`${day}T00:00:00Z`).toLocaleDateString('en-GB', {
          dateStyle: 'full',
          timeZone: 'UTC',
        });
        const forms: [string, 'dmy' | 'mdy'][] = [
          [day, 'dmy'],
          [`${day}T00:00:00.000Z`, 'dmy'],
          [`${day}T09:30:00+13:45`, 'dmy'],
          [`${d}/${month}/${year}`, 'dmy'],
          [`${d}.${month}.${year}`, 'dmy'],
          [`${month}/${d}/${year}`, 'mdy'],
          [`${month}-${d}-${year} 14:00`, 'mdy'],
          [long, 'mdy'],
        ];
        for (const [text, order] of forms)
          expect(readDate(text, { order }), text).toMatchObject({ state: 'date', date: day });
      }),
    ));

  it('reading never throws, and what it calls a date is one', () =>
    fc.assert(
      fc.property(
        fc.oneof(
          anyText,
          fc.string({ unit: fc.constantFrom(...'0123456789/.-: TZjunmarGMT+,'), maxLength: 30 }),
        ),
        (text) => {
          const reading = readDate(text, { order: 'dmy', today: '2026-11-22', timeZone: 'Pacific/Auckland' });
          if (reading.state === 'date') expect(calendarDateParts(reading.date)).toBeDefined();
        },
      ),
      runs(3000),
    ));
});

describe('prices', () => {
  const currency = fc.constantFrom(
    'USD',
    'EUR',
    'GBP',
    'CHF',
    'JPY',
    'KWD',
    'SEK',
    'AUD',
    'INR',
    'VND',
    'BRL',
  );
  const price = fc.tuple(fc.nat(999_999_999), currency).map(([minor, code]) => ({ minor, currency: code }));

  it('come back from storage and from any locale', () =>
    fc.assert(
      fc.property(price, locale, (amount, where) => {
        const value = toPrice(amount) ?? '';
        expect(parsePrice(value)).toEqual(amount);
        expect(readPrice(formatPrice(value, where), { locale: where })).toEqual({ ok: true, value });
      }),
      runs(1500),
    ));

  it('come back from a number in major units', () =>
    fc.assert(
      fc.property(price, ({ minor, currency: code }) => {
        expect(priceFromNumber(minor / 10 ** currencyDigits(code), code)).toBe(`${minor} ${code}`);
      }),
    ));

  it('are never misread from garbage: a price or a code', () =>
    fc.assert(
      fc.property(
        fc.oneof(anyText, fc.string({ unit: fc.constantFrom(..."0123456789.,' €$-k"), maxLength: 15 })),
        (text) => {
          const reading = readPrice(text, { locale: 'en-GB' });
          if (reading.ok) expect(parsePrice(reading.value)).toBeDefined();
        },
      ),
      runs(2000),
    ));
});

describe('names and text', () => {
  const word = fc
    .string({ unit: fc.constantFrom(...'abcdeéüßñĐễŁ-’', 'م', 'ل', '李'), minLength: 2, maxLength: 10 })
    .map(normaliseText)
    .filter((text) => /^\p{L}.*$/u.test(text) && !isPlaceholder(text, 'name') && !/^(and|und)$/i.test(text));

  it('a couple that is shown splits into the same names', () =>
    fc.assert(
      fc.property(
        word,
        fc.option(word, { nil: undefined }),
        word,
        fc.option(word, { nil: undefined }),
        (a, b, c, d) => {
          const names = {
            firstName: a,
            ...(b !== undefined && { lastName: b }),
            partnerFirstName: c,
            ...(d !== undefined && { partnerLastName: d }),
          };
          expect(splitNames(coupleName(names))).toEqual(names);
          expect(splitNames(coupleName(names).replace(' & ', ' und '))).toEqual(names);
        },
      ),
    ));

  it('splitting never throws and gives valid names or none', () =>
    fc.assert(
      fc.property(
        fc.oneof(anyText, fc.string({ unit: fc.constantFrom(...'ab&+ and\u00a0💍-'), maxLength: 30 })),
        (text) => {
          for (const [field, value] of Object.entries(splitNames(text)))
            expect(isValidValue(field, value), field).toBe(true);
        },
      ),
      runs(2000),
    ));

  it.each([
    ['normaliseText', normaliseText],
    ['normaliseLines', normaliseLines],
    ['normaliseTag', normaliseTag],
    ['normaliseEmail', normaliseEmail],
    ['normalisePhone', normalisePhone],
    ['foldText', foldText],
  ])('%s is idempotent', (_, normalise) =>
    fc.assert(
      fc.property(fc.oneof(anyText, fc.string({ unit: 'grapheme', maxLength: 100 })), (text) => {
        const once = normalise(text);
        expect(normalise(once)).toBe(once);
      }),
      runs(2000),
    ),
  );

  it('a normalised tag is a valid field', () =>
    fc.assert(
      fc.property(anyText, (text) => {
        const tag = normaliseTag(text);
        if (tag !== '') expect(isValidValue(`tag:${tag}`, true)).toBe(true);
      }),
    ));

  it('e-mail checks and phone keys take any text', () =>
    fc.assert(
      fc.property(anyText, (text) => {
        if (isEmail(text)) expect(normaliseEmail(text)).toBe(text);
        expect(phoneKey(text) ?? '123456789').toMatch(/^\d{7,9}$/);
      }),
    ));
});
