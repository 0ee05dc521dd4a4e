import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { phoneKey } from './contact.ts';
import { type DateOrder, readDate } from './date-input.ts';
import { splitNames } from './names.ts';
import { readPrice } from './price.ts';
import { fieldSchema } from './schema.ts';
import { normaliseTag } from './tag.ts';
import { isValidValue } from './validate.ts';

const vectors = JSON.parse(
  readFileSync(new URL('../../../../fixtures/vectors/values.json', import.meta.url), 'utf8'),
) as {
  values: { field: string; value: unknown; valid: boolean }[];
  dates: { text: string; order: DateOrder | null; reads: string }[];
  prices: { text: string; locale: string; preferred: string | null; value: string | null }[];
  names: { text: string; names: (string | null)[] }[];
  tags: { text: string; tag: string }[];
  phoneKeys: { text: string; key: string | null }[];
};

describe('DOC-R18 vectors', () => {
  it.each(vectors.values)('$field $value: valid $valid', ({ field, value, valid }) => {
    expect(isValidValue(field, value)).toBe(valid);
    expect(fieldSchema(field).safeParse(value).success).toBe(valid);
  });

  it.each(vectors.dates)('date $text ($order) reads $reads', ({ text, order, reads }) => {
    const reading = readDate(text, { order: order ?? undefined, today: '2026-11-22' });
    expect(reading.state === 'date' ? reading.date : reading.state).toBe(reads);
  });

  it.each(vectors.prices)('price $text ($locale) is $value', ({ text, locale, preferred, value }) => {
    const reading = readPrice(text, { locale, preferred: preferred ?? undefined });
    expect(reading.ok ? reading.value : null).toBe(value);
  });

  it.each(vectors.names)('names of $text', ({ text, names }) => {
    const { firstName, lastName, partnerFirstName, partnerLastName } = splitNames(text);
    const parts = [firstName, lastName, partnerFirstName, partnerLastName];
    expect(parts.map((part) => part ?? null)).toEqual(names);
  });

  it.each(vectors.tags)('tag $text is $tag', ({ text, tag }) => {
    expect(normaliseTag(text)).toBe(tag);
  });

  it.each(vectors.phoneKeys)('phone $text has the key $key', ({ text, key }) => {
    expect(phoneKey(text) ?? null).toBe(key);
  });
});
