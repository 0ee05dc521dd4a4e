import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ChangesResult, changesToFields } from './changes.ts';
import { peopleOf } from './names.ts';
import { isValidValue } from './validate.ts';

const fixture = (name: string) => {
  const url = new URL(`../../../../fixtures/webhooks/standard-webhooks/${name}.json`, import.meta.url);
  const { _meaning, request } = JSON.parse(readFileSync(url, 'utf8'));
  return { meaning: _meaning, changes: request.body.data.changes as unknown };
};

const fieldsOf = (changes: unknown, context = {}) => changesToFields(changes, context).fields;
const codes = ({ problems }: ChangesResult) => problems.map(({ key, code }) => `${key}: ${code}`);

describe('the standard envelope', () => {
  it('client.created', () => {
    const { meaning, changes } = fixture('client.created');
    const result = changesToFields(changes);
    expect(peopleOf(result.fields)).toEqual(meaning.names);
    expect(result).toEqual({
      fields: {
        firstName: 'Zoë',
        lastName: 'van den Berg',
        partnerFirstName: 'Tom',
        partnerLastName: 'Fletcher',
        email: 'zoe.vandenberg@example.com',
        phone: '+447700900123',
        weddingDate: meaning.weddingDate,
        venue: 'Lyde Court, Hereford',
        status: 'enquiry',
      },
      previous: {},
      ignored: [],
      problems: [],
    });
  });

  it('client.updated: notes are apart from the fields', () => {
    const { meaning, changes } = fixture('client.updated');
    expect(changesToFields(changes)).toEqual({
      fields: { status: meaning.status },
      notes: 'Deposit paid.\nSecond shooter: yes',
      previous: {},
      ignored: [],
      problems: [],
    });
  });

  it('DOC-R9 wedding.date_changed: the previous value is told', () => {
    const { meaning, changes } = fixture('wedding.date_changed');
    expect(changesToFields(changes)).toMatchObject({
      fields: { weddingDate: meaning.weddingDate },
      previous: { weddingDate: '2027-06-12' },
      problems: [],
    });
    expect(
      changesToFields({ venue: 'Kew', previous: { venue: 'Lyde  Court', price: '$5' } }).previous,
    ).toEqual({
      venue: 'Lyde Court',
      price: '500 USD',
    });
    expect(changesToFields({ status: 'booked', oldValue: 'Inquiry' }).previous).toEqual({
      status: 'enquiry',
    });
    expect(changesToFields({ venue: 'a', email: 'a@b.co', previous: 'b' }).previous).toEqual({});
    expect(changesToFields({ weddingDate: '2027-06-12', previous: 'soon' }).previous).toEqual({});
  });
});

describe('HOOK-3 nothing never clears a field', () => {
  it('absent, null, empty and placeholder values are ignored', () => {
    const changes = {
      names: [null, 'TBD'],
      firstName: '',
      email: null,
      phone: '#ERROR!',
      weddingDate: 'TBD',
      venue: ' - ',
      status: undefined,
      price: { amount: null, currency: '' },
      tags: [],
      notes: 'n/a',
      lastName: 'null',
    };
    const result = changesToFields(changes);
    expect(result.fields).toEqual({});
    expect(result.notes).toBeUndefined();
    expect([...result.ignored].sort()).toEqual(Object.keys(changes).sort());
    expect(result.problems).toEqual([]);
  });

  it('people called Null and Na are people', () => {
    expect(fieldsOf({ names: ['Jennifer Null', 'Na'] })).toEqual({
      firstName: 'Jennifer',
      lastName: 'Null',
      partnerFirstName: 'Na',
    });
    expect(fieldsOf({ lastName: 'Null', firstName: 'Na' })).toEqual({ firstName: 'Na', lastName: 'Null' });
  });
});

describe('names', () => {
  it.each([
    [{ names: 'Freya Lund & Jonas Meyer' }, ['Freya Lund', 'Jonas Meyer']],
    [{ names: ['Anna & Tom'] }, ['Anna', 'Tom']],
    [{ names: [{ firstName: 'Anna', lastName: 'Lund' }, { name: 'Tom Meyer' }] }, ['Anna Lund', 'Tom Meyer']],
    [{ client_full_name: 'Maya Torres', partner_name: 'Chris Bell' }, ['Maya Torres', 'Chris Bell']],
    [
      { firstName: 'José Ángel', lastName: 'Núñez, Jr.', partner: { first: 'Marie', last: 'D’Arcy' } },
      ['José Ángel Núñez, Jr.', 'Marie D’Arcy'],
    ],
    [{ firstName: 'Priya & Sam' }, ['Priya', 'Sam']],
    [{ firstName: 'Zoë', name: 'Zoe B & Tom' }, ['Zoë B', 'Tom']],
    [{ 'First Name': 'Nguyễn', 'partner-first-name': 'محمد' }, ['Nguyễn', 'محمد']],
  ])('%j', (changes, people) => {
    const result = changesToFields(changes);
    expect(peopleOf(result.fields)).toEqual(people);
    expect(result.problems).toEqual([]);
  });

  it('takes two of three names and says so', () => {
    const result = changesToFields({ names: ['A', 'B', 'C'] });
    expect(peopleOf(result.fields)).toEqual(['A', 'B']);
    expect(codes(result)).toEqual(['names: invalid-value']);
    expect(codes(changesToFields({ names: [['A']], partner: ['x'] }))).toEqual([
      'names: invalid-value',
      'partner: invalid-value',
    ]);
  });
});

describe('HOOK-6 dates', () => {
  it.each([
    ['2027-06-12', '2027-06-12'],
    ['2027-06-12T00:00:00.000Z', '2027-06-12'],
    ['2027-03-28T12:00:00+02:00', '2027-03-28'],
    ['June 12, 2027', '2027-06-12'],
    ['28/03/2027', '2027-03-28'],
    [20270612, '2027-06-12'],
    [Date.UTC(2027, 5, 12), '2027-06-12'],
    [Date.UTC(2027, 5, 12) / 1000, '2027-06-12'],
    [String(Date.UTC(2027, 5, 12)), '2027-06-12'],
    [{ date: '2027-06-12' }, '2027-06-12'],
    [{ year: 2027, month: 6, day: 12 }, '2027-06-12'],
    [{ dateTime: '2027-06-11T22:00:00Z', timeZone: 'Europe/Berlin' }, '2027-06-12'],
  ])('%j is %s', (weddingDate, expected) => {
    expect(changesToFields({ weddingDate })).toMatchObject({
      fields: { weddingDate: expected },
      problems: [],
    });
  });

  it.each([
    ['06/07/2027', 'ambiguous-date'],
    ['2027-06-11T22:00:00Z', 'needs-time-zone'],
    [Date.UTC(2027, 5, 12) + 1, 'needs-time-zone'],
    ['2027-02-30', 'invalid-date'],
    ['next summer', 'invalid-date'],
    [true, 'invalid-date'],
    [{ year: 2027, month: 13, day: 1 }, 'invalid-date'],
    [{ date: { date: 1 } }, 'invalid-date'],
  ])('%j is a problem, not a guess: %s', (weddingDate, code) => {
    expect(changesToFields({ weddingDate })).toMatchObject({
      fields: {},
      problems: [{ key: 'weddingDate', code }],
    });
  });

  it('goes by what is known of the source', () => {
    expect(fieldsOf({ weddingDate: '06/07/2027' }, { dateOrder: 'dmy' })).toEqual({
      weddingDate: '2027-07-06',
    });
    const zone = { timeZone: 'Pacific/Auckland' };
    expect(fieldsOf({ weddingDate: '2027-06-11T12:00:00Z' }, zone)).toEqual({ weddingDate: '2027-06-12' });
    expect(fieldsOf({ createdAt: '2026-11-22T20:59:59.120Z' })).toEqual({ createdAt: 1795381199120 });
    expect(fieldsOf({ createdAt: 1795381199 })).toEqual({ createdAt: 1795381199000 });
    expect(fieldsOf({ createdAt: '2026-11-22' })).toEqual({ createdAt: Date.UTC(2026, 10, 22) });
    expect(codes(changesToFields({ createdAt: 'then' }))).toEqual(['createdAt: invalid-date']);
  });
});

describe('prices, statuses, tags, the rest', () => {
  it.each([
    [{ price: 3200, currency: 'usd' }, '320000 USD'],
    [{ price: 3200.5, currency: 'EUR' }, '320050 EUR'],
    [{ price: '€2.400,00' }, '240000 EUR'],
    [{ price: '2400 EUR' }, '240000 EUR'],
    [{ price: { amount: 2400, currency: 'GBP' } }, '240000 GBP'],
    [{ price: { amount: '2,400', currencyCode: 'GBP' } }, '240000 GBP'],
    [{ price: { minorUnits: 320000, currency: 'USD' } }, '320000 USD'],
    [{ project_value: '3200.00', currency: 'USD' }, '320000 USD'],
    [{ price: 300000, currency: 'JPY' }, '300000 JPY'],
  ])('%j', (changes, price) => {
    expect(changesToFields(changes)).toMatchObject({ fields: { price }, problems: [] });
  });

  it('a price without a currency is a problem unless the list has one', () => {
    expect(codes(changesToFields({ price: 3200 }))).toEqual(['price: needs-currency']);
    expect(codes(changesToFields({ price: '3200' }))).toEqual(['price: needs-currency']);
    expect(codes(changesToFields({ price: { minorUnits: 5 } }))).toEqual(['price: needs-currency']);
    expect(fieldsOf({ price: 3200 }, { currency: 'CHF' })).toEqual({ price: '320000 CHF' });
    for (const price of [-1, 1.005, 'lots', true, {}]) {
      expect(changesToFields({ price, currency: 'EUR' }).fields, String(price)).toEqual({});
    }
  });

  it('reads statuses by id, label or what others call them', () => {
    expect(fieldsOf({ status: 'Booked' })).toEqual({ status: 'booked' });
    expect(fieldsOf({ stage: { label: 'Closed Won' } })).toEqual({ status: 'booked' });
    expect(codes(changesToFields({ status: 'shiny' }))).toEqual(['status: unknown-status']);
    expect(fieldsOf({ status: 'Shiny' }, { statuses: [{ id: 's-1', label: 'Shiny' }] })).toEqual({
      status: 's-1',
    });
  });

  it('sets tags, and takes off only what is named', () => {
    expect(fieldsOf({ tags: ['Film', { name: 'VIP' }, '', 'film'] })).toEqual({
      'tag:film': true,
      'tag:vip': true,
    });
    expect(fieldsOf({ tags: 'Film; Second Shooter' })).toEqual({
      'tag:film': true,
      'tag:second shooter': true,
    });
    expect(fieldsOf({ tags: { add: ['a'], remove: ['b'] } })).toEqual({ 'tag:a': true, 'tag:b': false });
    expect(fieldsOf({ 'tag:film': false, 'x:hair': 'up' })).toEqual({ 'tag:film': false, 'x:hair': 'up' });
    expect(fieldsOf({ customFields: { hair: 'up', guests: 80 } })).toEqual({
      'x:hair': 'up',
      'x:guests': 80,
    });
  });

  it('SEC-5 keeps markup as text and takes no script as a photo', () => {
    expect(fieldsOf({ venue: { name: '<b>Kew</b>' } })).toEqual({ venue: '<b>Kew</b>' });
    expect(codes(changesToFields({ photo: 'javascript:alert(1)' }))).toEqual(['photo: invalid-value']);
    expect(fieldsOf({ photo: 'https://example.com/a.jpg' })).toEqual({ photo: 'https://example.com/a.jpg' });
  });

  it('lists what it does not know or cannot use, and takes the rest', () => {
    const result = changesToFields({
      venue: 'Kew',
      email: 'nope',
      phone: true,
      weddingTime: 'late',
      packageName: 'x'.repeat(201),
      favouriteColour: 'green',
      clientId: 'c1',
      notes: 'a'.repeat(20_001),
      message: ['x'],
      custom: 'x',
      tags: 5,
      weddingtime: '2pm',
    });
    expect(result.fields).toEqual({ venue: 'Kew', weddingTime: '14:00', 'tag:5': true });
    expect(codes(result)).toEqual([
      'email: invalid-email',
      'phone: invalid-value',
      'weddingTime: invalid-time',
      'packageName: too-long',
      'favouriteColour: unknown-field',
      'notes: too-long',
      'message: invalid-value',
      'custom: invalid-value',
    ]);
    expect(result.ignored).toEqual(['clientId']);
  });

  it('joins several notes', () => {
    expect(changesToFields({ message: 'Hi', notes: 'there' }).notes).toBe('Hi\nthere');
  });
});

describe('HOOK-1 any JSON', () => {
  it('never throws; every key is accounted for; every field is valid and no field is cleared', () => {
    const key = fc.oneof(
      fc.constantFrom(
        'names',
        'firstName',
        'weddingDate',
        'price',
        'tags',
        'status',
        'notes',
        'previous',
        'custom',
        'email',
        'partner',
        '__proto__',
        'constructor',
        'createdAt',
        'currency',
        'x:a',
        'tag:b',
        'photo',
      ),
      fc.string({ maxLength: 8 }),
    );
    const value = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom(
        'TBD',
        '2027-06-12',
        'Anna & Tom',
        '€5',
        0,
        -1,
        1e308,
        [[[]]],
        { date: null },
        { __proto__: null },
      ),
    );
    const changes = fc
      .array(fc.tuple(key, value), { maxLength: 6 })
      .map(
        (pairs) =>
          JSON.parse(
            `{${pairs.map(([k, v]) => `${JSON.stringify(k)}:${JSON.stringify(v)}`).join()}}`,
          ) as Record<string, unknown>,
      );
    const check = fc.property(fc.oneof(changes, fc.jsonValue()), (input) => {
      const result = changesToFields(input, { currency: 'EUR', timeZone: 'UTC' });
      for (const [field, v] of Object.entries(result.fields)) {
        expect(v).not.toBeNull();
        expect(isValidValue(field, v), field).toBe(true);
      }
      for (const [field, v] of Object.entries(result.previous))
        expect(isValidValue(field, v), field).toBe(true);
      expect(Object.getPrototypeOf(result.fields)).toBe(Object.prototype);
    });
    return fc.assert(check, { numRuns: 1500, seed: 20_261_122 });
  });

  it.each([null, undefined])('%s changes nothing', (changes) => {
    expect(changesToFields(changes)).toEqual({ fields: {}, previous: {}, ignored: [], problems: [] });
  });

  it.each([['x'], [5], [[]]])('%j is a problem', (changes) => {
    expect(codes(changesToFields(changes))).toEqual([': invalid-value']);
  });
});
