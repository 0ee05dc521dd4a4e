import { describe, expect, it } from 'vitest';
import { changesToFields } from './changes.ts';
import { guessMapping, readCsvTable } from './csv/mapping.ts';
import { planImport } from './csv/plan-import.ts';
import { createMatchIndex } from './match-index.ts';
import type { Fields } from './value.ts';

function indexOf(records: Readonly<Record<string, Fields>>) {
  const index = createMatchIndex();
  for (const [id, values] of Object.entries(records)) index.place(id, values);
  return index;
}

const ines = { firstName: 'Inès', lastName: 'Marlow', partnerFirstName: 'Kai', partnerLastName: 'Brandt' };

describe('HOOK-7 couples that may be the same', () => {
  it.each<[string, Fields, Fields, readonly string[]]>([
    ['one e-mail in two writings', { email: 'ines@example.com' }, { email: 'INES@example.com' }, ['email']],
    ['one phone in two writings', { phone: '+44 20 7946 0018' }, { phone: '(020) 7946-0018' }, ['phone']],
    [
      'names in the other order, without accents, on one date',
      { ...ines, weddingDate: '2027-08-07' },
      {
        firstName: 'Kai',
        lastName: 'Brandt',
        partnerFirstName: 'Ines',
        partnerLastName: 'Marlow',
        weddingDate: '2027-08-07',
      },
      ['names-date'],
    ],
    [
      'all of it',
      { ...ines, weddingDate: '2027-08-07', email: 'i@example.com' },
      { ...ines, weddingDate: '2027-08-07', email: 'i@example.com' },
      ['email', 'names-date'],
    ],
  ])('%s', (_, a, b, kinds) => {
    expect(indexOf({ a, b }).pairs()).toEqual([{ ids: ['a', 'b'], kinds }]);
  });

  it.each<[string, Fields, Fields]>([
    ['names on two dates', { ...ines, weddingDate: '2027-08-07' }, { ...ines, weddingDate: '2027-08-14' }],
    ['names without a date', ines, { ...ines, weddingDate: 'tbd' }],
    [
      'one first name on one date',
      { firstName: 'Anna', weddingDate: '2027-08-07' },
      { firstName: 'Anna', weddingDate: '2027-08-07' },
    ],
    ['what is no address', { email: 'none' }, { email: 'none' }],
    ['half a phone number', { phone: '12345' }, { phone: '12345' }],
    ['nothing at all', {}, {}],
  ])('are not found by %s', (_, a, b) => {
    expect(indexOf({ a, b }).pairs()).toEqual([]);
  });

  it('are found among what a CRM, a form and a spreadsheet say', () => {
    const table = readCsvTable(
      'Couple,Wedding date,Phone\nInes Marlow & Kai Brandt,2027-08-07,020 7946 0018\nEva & Max,2027-08-07,\n',
    );
    const plan = planImport(table.rows, guessMapping(table.headers, table.rows), { locale: 'en-GB' });
    const [row, other] = plan.rows.map(({ fields }) => fields);
    const { fields: crm } = changesToFields({
      ...ines,
      email: 'ines@example.com',
      weddingDate: '2027-08-07',
    });
    const { fields: form } = changesToFields({ email: 'Ines@Example.com', phone: '+442079460018' });
    expect(indexOf({ crm, form, row: row ?? {}, other: other ?? {} }).pairs()).toEqual([
      { ids: ['crm', 'form'], kinds: ['email'] },
      { ids: ['crm', 'row'], kinds: ['names-date'] },
      { ids: ['form', 'row'], kinds: ['phone'] },
    ]);
  });

  it('are found by the international form where the last digits do not tell', () => {
    const index = createMatchIndex((text) => (text.includes('22') ? '+4722334455' : undefined));
    index.place('a', { phone: '22 33 44 55' });
    index.place('b', { phone: '+47 22 33 44 55' });
    index.place('c', { phone: 'none' });
    expect(index.pairs()).toEqual([{ ids: ['a', 'b'], kinds: ['phone'] }]);
  });

  it('follows every change of a record', () => {
    const index = indexOf({ a: { email: 'one@example.com' }, b: { email: 'two@example.com' } });
    expect(index.of('a')).toEqual([]);
    index.place('b', { email: 'one@example.com' });
    expect(index.of('a')).toEqual([{ ids: ['a', 'b'], kinds: ['email'] }]);
    index.place('b', undefined);
    expect(index.of('a')).toEqual([]);
    expect(index.pairs()).toEqual([]);
  });

  it('puts the one that was added first in front, whichever was heard of first', () => {
    const email = 'one@example.com';
    const index = indexOf({ a: { email }, b: { email, createdAt: 5 }, c: { email, createdAt: 2 } });
    expect(index.pairs().map(({ ids }) => ids.join(' '))).toEqual(['b a', 'c a', 'c b']);
  });

  it('takes an address that many couples share for an agency', () => {
    const many = Array.from({ length: 13 }, (_, n) => [`r${n}`, { email: 'hello@planner.example' }] as const);
    expect(indexOf(Object.fromEntries(many)).pairs()).toEqual([]);
  });
});
