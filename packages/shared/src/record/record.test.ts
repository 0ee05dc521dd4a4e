import { describe, expect, it } from 'vitest';
import { readClockTime } from './clock-time.ts';
import { dialable, emailKey, isEmail, normaliseEmail, phoneKey, toE164 } from './contact.ts';
import { formatField, parseFieldInput } from './field-input.ts';
import { FIELD_FAMILIES, fieldInfo, fieldLabel, RECORD_FIELDS } from './fields.ts';
import { foldText } from './fold.ts';
import { coupleName, namesFromList, splitNames } from './names.ts';
import { isPlaceholder, isSpreadsheetError } from './placeholder.ts';
import { compareBy, matchesSearch, searchKey, searchWords } from './search.ts';
import { readStatus } from './statuses.ts';
import { normaliseTag, splitTags, tagsOf } from './tag.ts';
import { normaliseLines, normaliseText } from './text.ts';
import { isValidValue } from './validate.ts';

const gb = { locale: 'en-GB', today: '2026-11-22' };

describe('DOC-R18 names', () => {
  it.each([
    ['Zoë van den Berg & Tom Fletcher', ['Zoë', 'van den Berg', 'Tom', 'Fletcher']],
    ['Anna + Béla', ['Anna', undefined, 'Béla', undefined]],
    ['Hannah Weiss and Jakob Lindqvist', ['Hannah', 'Weiss', 'Jakob', 'Lindqvist']],
    ['Anna UND Tom Meyer', ['Anna', undefined, 'Tom', 'Meyer']],
    ['Sandy Anderson', ['Sandy', 'Anderson', undefined, undefined]],
    ['Rosalind Underhill', ['Rosalind', 'Underhill', undefined, undefined]],
    ['A&B', ['A', undefined, 'B', undefined]],
    ['TBC & Tom Fletcher', ['Tom', 'Fletcher', undefined, undefined]],
    ['Anna & ?', ['Anna', undefined, undefined, undefined]],
    ['TBC', [undefined, undefined, undefined, undefined]],
    ['', [undefined, undefined, undefined, undefined]],
  ])('splits %s', (text, [firstName, lastName, partnerFirstName, partnerLastName]) => {
    const { ...names } = splitNames(text);
    expect(names).toEqual(
      Object.fromEntries(
        Object.entries({ firstName, lastName, partnerFirstName, partnerLastName }).filter(
          ([, v]) => v !== undefined,
        ),
      ),
    );
  });

  it('takes names of every kind: Vietnamese, Arabic, one word, emoji, double-barrelled, missing partner', () => {
    expect(splitNames('Nguye\u0302\u0303n Thị Minh Khai & Trần Văn Đức')).toEqual({
      firstName: 'Nguyễn',
      lastName: 'Thị Minh Khai',
      partnerFirstName: 'Trần',
      partnerLastName: 'Văn Đức',
    });
    expect(coupleName(splitNames('محمد الأحمد & ليلى'))).toBe('محمد الأحمد & ليلى');
    expect(splitNames('Cher')).toEqual({ firstName: 'Cher' });
    expect(splitNames('💍 Anna Lund & 👰🏽‍♀️')).toEqual({
      firstName: '💍 Anna',
      lastName: 'Lund',
      partnerFirstName: '👰🏽‍♀️',
    });
    expect(splitNames("Anne-Sophie Leutheusser-Schnarrenberger & Siobhán O'Brien")).toMatchObject({
      lastName: 'Leutheusser-Schnarrenberger',
      partnerLastName: "O'Brien",
    });
  });

  it('keeps people whose names are words: Na, Null, Nan, but not what machines write for nothing', () => {
    expect(splitNames('Jennifer Null')).toEqual({ firstName: 'Jennifer', lastName: 'Null' });
    expect(splitNames('Na & Null')).toEqual({ firstName: 'Na', partnerFirstName: 'Null' });
    expect(splitNames('null & NULL')).toEqual({});
  });

  it('reads lists of names', () => {
    expect(coupleName(namesFromList(['Zoë van den Berg', 'Tom Fletcher']))).toBe(
      'Zoë van den Berg & Tom Fletcher',
    );
    expect(namesFromList(['Anna & Tom'])).toEqual({ firstName: 'Anna', partnerFirstName: 'Tom' });
    expect(namesFromList(['TBD', 'Tom'])).toEqual({ firstName: 'Tom' });
    expect(namesFromList([])).toEqual({});
  });

  it('shows the couple whatever is missing', () => {
    expect(coupleName({ lastName: 'Osei', partnerFirstName: 'Dan' })).toBe('Osei & Dan');
    expect(coupleName({ partnerLastName: 'Hughes' })).toBe('Hughes');
    expect(coupleName({ firstName: null, email: 'a@b.co' })).toBe('');
  });
});

describe('placeholders', () => {
  it.each([
    '',
    ' ',
    'TBD',
    'tbc.',
    'N/A',
    'n.a.',
    'null',
    'Undefined',
    '#ERROR!',
    '#N/A',
    '#DIV/0!',
    '-',
    '–',
    '???',
    '...',
  ])('HOOK-3 %j is no value', (text) => {
    expect(isPlaceholder(text)).toBe(true);
  });

  it.each([
    'k. A.',
    'keine Angabe',
    'unbekannt',
    '(blank)',
    'To be decided',
    'à définir',
    '[object Object]',
    '0000-00-00',
  ])('HOOK-3 %j is no value either', (text) => {
    expect(isPlaceholder(text)).toBe(true);
  });

  it.each(['0', 'x', '💍', 'Nantes', '#1 Club', 'Tba Street', 'no', 'Offenbach'])('%j is a value', (text) => {
    expect(isPlaceholder(text)).toBe(false);
  });

  it('knows the errors of formulas', () => {
    expect(['#ERROR!', '#REF!', '#N/A', '#NAME?'].every(isSpreadsheetError)).toBe(true);
    expect(['#1', '#weddings', 'TBD'].some(isSpreadsheetError)).toBe(false);
  });
});

describe('SEC-5 text', () => {
  it('loses controls and direction overrides, keeps markup as text, joiners and marks', () => {
    expect(normaliseText(' a\u0000b\u202Ec\u200B \t d\n')).toBe('abc d');
    expect(normaliseText('<b>Zoe\u0308</b>')).toBe('<b>Zoë</b>');
    expect(normaliseText('👩\u200D❤\uFE0F\u200D👩')).toBe('👩\u200D❤\uFE0F\u200D👩');
    expect(normaliseText('\uD83D')).toBe('\uFFFD');
  });

  it('keeps the lines of notes', () => {
    expect(normaliseLines('a \r\nb\rc\u2028\n\n')).toBe('a\nb\nc');
  });
});

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
