import { describe, expect, it } from 'vitest';
import { compareCouples, createDuplicateIndex, sameValue } from './duplicates.ts';
import { splitNames } from './names.ts';
import type { Fields } from './value.ts';

const couple = (names: string, rest: Fields = {}): Fields => ({ ...splitNames(names), ...rest });
const maya = couple('Maya Torres & Chris Bell', {
  email: 'maya@example.com',
  phone: '(555) 010-0199',
  weddingDate: '2027-05-22',
});

describe('whether two records are one couple', () => {
  it.each([
    [
      'same e-mail in another case, names crossed',
      couple('Chris Bell & maya torres', { email: 'MAYA@example.com' }),
      'same',
    ],
    ['same e-mail, partner missing', couple('Maya Torres', { email: 'maya@example.com' }), 'same'],
    ['same names and phone', couple('Maya Torres & Chris Bell', { phone: '5550100199' }), 'same'],
    ['same names and date', couple('MAYA TÓRRES & Chris Bell', { weddingDate: '2027-05-22' }), 'same'],
    [
      'same e-mail, another date',
      couple('Maya Torres & Chris Bell', { email: 'maya@example.com', weddingDate: '2027-09-01' }),
      'likely',
    ],
    [
      'same phone and date, the partner’s name alone',
      couple('Chris', { phone: '5550100199', weddingDate: '2027-05-22' }),
      'likely',
    ],
    [
      'same phone and date, another single name',
      couple('Susan Bell', { phone: '5550100199', weddingDate: '2027-05-22' }),
      'none',
    ],
    ['first names and date', couple('Maya & Chris', { weddingDate: '2027-05-22' }), 'likely'],
    [
      'same names, other phone and e-mail',
      couple('Maya Torres & Chris Bell', { email: 'x@y.co', phone: '555 999 8888' }),
      'none',
    ],
    ['same names, another date', couple('Maya Torres & Chris Bell', { weddingDate: '2028-01-01' }), 'none'],
    ['same date only', couple('Anna & Tom', { weddingDate: '2027-05-22' }), 'none'],
    [
      "a planner's e-mail for other people on another day",
      couple('Anna & Tom', { email: 'maya@example.com', weddingDate: '2027-01-01' }),
      'none',
    ],
    ['same e-mail, no name', { email: 'maya@example.com', venue: 'Kew' }, 'likely'],
    ['nothing in common', { venue: 'Kew' }, 'none'],
  ])('%s', (_, other, level) => {
    expect(compareCouples(other as Fields, maya).level).toBe(level);
    expect(compareCouples(maya, other as Fields).level).toBe(level);
  });

  it('the same id in the same system is the same couple', () => {
    const match = compareCouples({ 'ext:crm': '7', firstName: 'A' }, { 'ext:crm': '7', firstName: 'B' });
    expect(match).toMatchObject({ level: 'same', reasons: ['id'] });
    expect(compareCouples({ 'ext:crm': null }, { 'ext:crm': null }).level).toBe('none');
  });

  it('a record of which everything is known already is the same, however little it says', () => {
    expect(compareCouples(couple('Aroha Ngata'), couple('Aroha Ngata', { venue: 'Kew' })).level).toBe('same');
    expect(compareCouples(couple('Aroha Ngata', { venue: 'Kew' }), couple('Aroha Ngata')).level).toBe(
      'likely',
    );
  });

  it('undecided dates neither match nor speak against', () => {
    const a = couple('Anna & Tom', { weddingDate: 'tbd' });
    expect(
      compareCouples(a, couple('Anna & Tom', { weddingDate: 'tbd', email: 'a@b.co' })).reasons,
    ).toContain('names');
    expect(compareCouples(a, couple('Eva & Kai', { weddingDate: 'tbd' })).level).toBe('none');
  });

  it('finds the best match among many, without comparing all', () => {
    const index = createDuplicateIndex<string>();
    for (let i = 0; i < 5000; i++)
      index.add(`o${i}`, couple(`Person${i} Name${i} & Other${i} One${i}`, { email: `p${i}@b.co` }));
    index.add('likely', couple('Maya & Chris', { weddingDate: '2027-05-22' }));
    index.add('same', maya);
    expect(index.find(maya)).toMatchObject({ id: 'same', level: 'same' });
    expect(index.findAll(maya).map(({ id }) => id)).toEqual(['same', 'likely']);
    expect(index.find(couple('Nobody Else'))).toBeUndefined();
  });

  it('compares values as people mean them', () => {
    expect(sameValue('phone', '(555) 010-0199', '5550100199')).toBe(true);
    expect(sameValue('venue', 'Château', 'chateau')).toBe(true);
    expect(sameValue('status', 'booked', 'Booked')).toBe(false);
    expect(sameValue('email', null, null)).toBe(true);
    expect(sameValue('email', null, 'a@b.co')).toBe(false);
  });
});
