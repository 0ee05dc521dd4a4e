import { describe, expect, it } from 'vitest';
import { coupleName, namesFromList, splitNames } from './names.ts';
import { isPlaceholder, isSpreadsheetError } from './placeholder.ts';
import { normaliseLines, normaliseText } from './text.ts';

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
