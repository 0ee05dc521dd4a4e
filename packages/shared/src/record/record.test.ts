import { describe, expect, it } from 'vitest';
import { readClockTime } from './clock-time.ts';
import { dialable, emailKey, isEmail, normaliseEmail, phoneKey, toE164 } from './contact.ts';
import { foldText } from './fold.ts';
import { compareBy, matchesSearch, searchKey, searchWords } from './search.ts';
import { readStatus } from './statuses.ts';
import { normaliseTag, splitTags, tagsOf } from './tag.ts';

describe('contacts', () => {
  it('normalises e-mail addresses and refuses what is none', () => {
    expect(normaliseEmail(' Zoë <MAYA.Torres@Example.COM> ')).toBe('maya.torres@example.com');
    expect(normaliseEmail('mailto:a@b.co')).toBe('a@b.co');
    for (const bad of ['', 'a', 'a@b', '@b.co', 'a@b..co', 'a b@c.de', 'a@b.co, c@d.ee', 'a@.de', 'a@b.']) {
      expect(isEmail(bad), bad).toBe(false);
      expect(emailKey(bad), bad).toBeUndefined();
    }
    expect(isEmail('用户@例子.广告')).toBe(true);
    expect(emailKey('A@B.co')).toBe(emailKey('a@b.CO '));
  });

  it('knows one number in its writings', () => {
    expect(phoneKey('+44 7700 900123')).toBe(phoneKey('07700 900123'));
    expect(phoneKey('0044 (0)7700 900123')).toBe(phoneKey('07700900123'));
    expect(phoneKey('5550100199')).toBe(phoneKey('(555) 010-0199'));
    expect(phoneKey('+1 555 010 0199 ext. 4')).toBe(phoneKey('555-010-0199'));
    expect(phoneKey('٠٧٧٠٠ ٩٠٠١٢٣')).toBe(phoneKey('07700 900123'));
    expect(phoneKey('07700 900123 / 07700 900999')).toBe(phoneKey('07700 900123'));
    expect(phoneKey('12345')).toBeUndefined();
    expect(phoneKey(null)).toBeUndefined();
  });

  it('dials E.164 where the number says its country, else the digits', () => {
    expect(toE164('+44 (0)7700 900-123')).toBe('+447700900123');
    expect(toE164('07700 900123')).toBeUndefined();
    expect(dialable('0044 7700 900123')).toBe('+447700900123');
    expect(dialable('(555) 010-0199')).toBe('5550100199');
  });
});

describe('times, tags, statuses', () => {
  it.each([
    ['14:30', '14:30'],
    ['2:30 pm', '14:30'],
    ['2pm', '14:00'],
    ['12am', '00:00'],
    ['12 p.m.', '12:00'],
    ['14h30', '14:30'],
    ['14.30 Uhr', '14:30'],
    ['9 Uhr', '09:00'],
    ['1430', '14:30'],
    ['noon', '12:00'],
    ['14:30:00', '14:30'],
    ['14', undefined],
    ['25:00', undefined],
    ['13pm', undefined],
    ['10:60', undefined],
    ['soon', undefined],
  ])('reads the time %s', (text, time) => {
    expect(readClockTime(text)).toBe(time);
  });

  it('normalises tags so that two writings are one', () => {
    expect(normaliseTag('  #Second  Shooter ')).toBe('second shooter');
    expect(splitTags('Film, film; VIP | tbd,, #')).toEqual(['film', 'vip']);
    expect(normaliseTag('#')).toBe('');
    expect(tagsOf({ 'tag:b': true, 'tag:a': true, 'tag:c': false, venue: 'x' })).toEqual(['a', 'b']);
  });

  it('understands what others call a status', () => {
    expect(
      ['Booked', 'confirmed', 'Closed_Won', 'gebucht', 'BESTÄTIGT', 'Customer'].map((s) => readStatus(s)),
    ).toEqual(Array(6).fill('booked'));
    expect(['Inquiry', 'lead', 'Anfrage', 'NEW'].map((s) => readStatus(s))).toEqual(Array(4).fill('enquiry'));
    expect(['closed lost', 'Cancelled'].map((s) => readStatus(s))).toEqual(['lost', 'lost']);
    expect(readStatus('whatever')).toBeUndefined();
  });

  it("goes by the list's own statuses first, and never means one that the list lacks", () => {
    const own = [
      { id: 'enquiry', label: 'Neu' },
      { id: 's-1', label: 'Customer' },
    ];
    expect(readStatus('customer', own)).toBe('s-1');
    expect(readStatus('neu', own)).toBe('enquiry');
    expect(readStatus('booked', own)).toBeUndefined();
  });
});

describe('search and sort', () => {
  it('finds without accents, case, order or phone format', () => {
    const values = {
      firstName: 'Zoë',
      lastName: 'Łukasiewicz',
      partnerFirstName: 'Đức',
      phone: '(555) 010-0199',
      'tag:film': true,
      'tag:old': false,
      'x:hair': 'Up-do',
      weddingDate: '2027-06-12',
    };
    const finds = (query: string) => matchesSearch(searchKey(values), searchWords(query));
    for (const query of ['zoe', 'LUKASIEWICZ zoë', 'duc', '5550100199', 'film', 'up-do', '2027-06', '']) {
      expect(finds(query), query).toBe(true);
    }
    expect(finds('old')).toBe(false);
    expect(finds('zoe tom')).toBe(false);
    expect(searchKey(values)).toBe(searchKey(values));
  });

  it('folds apostrophes and width', () => {
    expect(foldText('D’Arcy ｆｕｌｌ')).toBe("d'arcy full");
  });

  it('sorts by the meaning of a field, with what has no value last both ways', () => {
    const order = (field: string, list: Record<string, string>[], direction?: 'descending') =>
      [...list]
        .sort(compareBy(field, { locale: 'en', ...(direction && { direction }) }))
        .map((v) => v[field] ?? v.firstName);
    const dates = [
      { weddingDate: 'tbd' },
      {},
      { weddingDate: '2027-06-12' },
      { weddingDate: '2026-01-01' },
    ] as never;
    expect(order('weddingDate', dates)).toEqual(['2026-01-01', '2027-06-12', 'tbd', undefined]);
    expect(order('weddingDate', dates, 'descending')).toEqual(['2027-06-12', '2026-01-01', 'tbd', undefined]);
    const venues = [{ venue: 'Hall 10' }, { venue: 'Éden' }, { venue: 'Hall 2' }, { venue: 'eden 2' }];
    expect(order('venue', venues)).toEqual(['Éden', 'eden 2', 'Hall 2', 'Hall 10']);
    const swedish = [{ venue: 'Åre' }, { venue: 'Zinkgruvan' }, { venue: 'Arvika' }, {}] as Record<
      string,
      string
    >[];
    const inSwedish = [...swedish].sort(compareBy('venue', { locale: 'sv-SE' })).map(({ venue }) => venue);
    expect(inSwedish).toEqual(['Arvika', 'Zinkgruvan', 'Åre', undefined]);
    const prices = [{ price: '100000 JPY' }, { price: '320000 USD' }, { price: 'x' }];
    expect(order('price', prices)).toEqual(['320000 USD', '100000 JPY', 'x']);
    const statuses = [{ status: 'own' }, { status: 'lost' }, { status: 'enquiry' }];
    expect(order('status', statuses)).toEqual(['enquiry', 'lost', 'own']);
    const couples = [{ firstName: 'Zoë' }, {}, { firstName: 'anna' }] as never;
    expect(order('couple', couples)).toEqual(['anna', 'Zoë', undefined]);
  });
});
