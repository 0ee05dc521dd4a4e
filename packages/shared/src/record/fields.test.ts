import { describe, expect, it } from 'vitest';
import { formatField, parseFieldInput } from './field-input.ts';
import { FIELD_FAMILIES, fieldInfo, fieldLabel, RECORD_FIELDS } from './fields.ts';
import { isValidValue } from './validate.ts';

const gb = { locale: 'en-GB', today: '2026-11-22' };

describe('fields', () => {
  it('have a unique name, a label, and a limit where they need one', () => {
    expect(new Set(RECORD_FIELDS.map(({ name }) => name)).size).toBe(RECORD_FIELDS.length);
    for (const { name, kind, label, maxLength } of RECORD_FIELDS) {
      expect(fieldLabel(name)).toBe(label);
      expect(maxLength > 0).toBe(['text', 'email', 'phone', 'status'].includes(kind as string));
    }
    expect(fieldLabel('tag:film')).toBe('film');
  });

  it('are told apart by prefix; foreign names are unknown', () => {
    expect(fieldInfo('tag:second shooter')?.kind).toBe('flag');
    expect(fieldInfo('ext:src_1')?.kind).toBe('text');
    expect(fieldInfo('note:hubspot-csv')?.kind).toBe(FIELD_FAMILIES.note.kind);
    expect(fieldInfo('x:abc')?.kind).toBe('custom');
    for (const name of ['tag:', 'ext:', 'x:a b', 'toString', '__proto__', 'weddingdate', 'note:a/b']) {
      expect(fieldInfo(name), name).toBeUndefined();
    }
  });

  it('hold what rule 18 says and nothing else', () => {
    const good: [string, unknown][] = [
      ['firstName', 'Zoë'],
      ['weddingDate', 'tbd'],
      ['weddingDate', '2028-02-29'],
      ['weddingTime', '00:00'],
      ['price', '0 JPY'],
      ['price', '320000 USD'],
      ['status', 'my-own_1'],
      ['tag:film', false],
      ['createdAt', 0],
      ['x:n', 1.5],
      ['note:crm', 'a\nb'],
      ['venue', null],
    ];
    for (const [field, value] of good) expect(isValidValue(field, value), field).toBe(true);
    const bad: [string, unknown][] = [
      ['firstName', ''],
      ['firstName', 'a\nb'],
      ['firstName', 'Zoe\u0308'],
      ['firstName', 'a'.repeat(201)],
      ['firstName', 1],
      ['email', 'A@b.co'],
      ['weddingDate', 'TBD'],
      ['weddingDate', '2027-02-29'],
      ['weddingDate', '2027-6-1'],
      ['weddingTime', '24:00'],
      ['price', '01 USD'],
      ['price', '-1 USD'],
      ['price', '1 XXQ'],
      ['price', '1234567890123456 USD'],
      ['status', 'Booked'],
      ['tag:film', 'yes'],
      ['createdAt', 1.5],
      ['createdAt', -1],
      ['x:n', Number.NaN],
      ['unknown', 'x'],
      ['unknown', null],
      ['venue', undefined],
    ];
    for (const [field, value] of bad) expect(isValidValue(field, value), `${field} ${value}`).toBe(false);
  });
});

describe('typed input', () => {
  it.each([
    ['venue', '  Lyde   Court ', 'Lyde Court'],
    ['venue', 'TBD', 'TBD'],
    ['venue', ' ', null],
    ['email', 'Zoe@Example.com', 'zoe@example.com'],
    ['phone', '(555) 010-0199', '(555) 010-0199'],
    ['weddingDate', '12 jun 27', '2027-06-12'],
    ['weddingDate', '12/6/27', '2027-06-12'],
    ['weddingDate', 'to be decided', 'tbd'],
    ['weddingDate', '-', null],
    ['weddingTime', '2 pm', '14:00'],
    ['price', '2,400 EUR', '240000 EUR'],
    ['price', '2400', '240000 GBP'],
    ['status', 'Booked', 'booked'],
    ['note:crm', 'a\nb', 'a\nb'],
    ['x:hair', ' up ', 'up'],
  ])('UI: %s from %j', (field, text, value) => {
    expect(parseFieldInput(field, text, gb)).toEqual({ ok: true, value });
  });

  it.each([
    ['firstName', 'a'.repeat(201), 'too-long'],
    ['email', 'nope', 'invalid-email'],
    ['phone', 'ask mum', 'invalid-phone'],
    ['phone', '1'.repeat(65), 'too-long'],
    ['weddingDate', '31 feb', 'invalid-date'],
    ['weddingTime', 'late', 'invalid-time'],
    ['price', 'a lot', 'invalid-price'],
    ['status', 'maybe', 'unknown-status'],
    ['tag:film', 'yes', 'not-editable'],
    ['createdAt', '2027', 'not-editable'],
    ['nope', 'x', 'not-editable'],
  ])('%s refuses %j with %s', (field, text, code) => {
    expect(parseFieldInput(field, text, gb)).toEqual({ ok: false, code });
  });

  it('asks when day and month cannot be told apart', () => {
    expect(parseFieldInput('weddingDate', '12/6/27', { ...gb, locale: 'en-CA' })).toEqual({
      ok: false,
      code: 'ambiguous-date',
    });
  });

  it("reads prices in the list's own currency", () => {
    expect(parseFieldInput('price', '$3,200', { ...gb, currency: 'AUD' })).toEqual({
      ok: true,
      value: '320000 AUD',
    });
    expect(parseFieldInput('price', '3200', { ...gb, currency: 'CHF' })).toEqual({
      ok: true,
      value: '320000 CHF',
    });
    expect(parseFieldInput('price', '3200', { locale: 'xx' })).toEqual({ ok: false, code: 'needs-currency' });
  });

  it('shows values as people read them, and invalid ones raw', () => {
    expect(formatField('weddingDate', '2027-06-12', gb)).toBe('12 Jun 2027');
    expect(formatField('weddingDate', '2027-13-12', gb)).toBe('2027-13-12');
    expect(formatField('price', '320000 USD', { locale: 'en-US' })).toBe('$3,200');
    expect(formatField('price', 'cheap', gb)).toBe('cheap');
    expect(formatField('status', 'booked', gb)).toBe('Booked');
    expect(formatField('status', 'own', gb)).toBe('own');
    expect(formatField('weddingTime', '14:30', { locale: 'en-US' })).toBe('2:30 PM');
    expect(formatField('weddingTime', '14:30', gb)).toBe('14:30');
    expect(formatField('createdAt', Date.UTC(2026, 10, 22, 12), gb)).toContain('22 Nov 2026');
    expect(formatField('venue', null, gb)).toBe('');
    expect(formatField('x:n', 5, gb)).toBe('5');
  });
});
