import { describe, expect, it } from 'vitest';
import { applyMapping, effectiveRows, pathsSeen } from './apply-mapping.ts';
import { customField, guessTarget } from './guess-target.ts';
import { joinPath, leavesOf, parsePath, readPath } from './path.ts';

describe('mapping of a source', () => {
  it('paths reach own values by name, index and quoted key, and what they list is read again', () => {
    const payload = { a: [{ 'b c': 1, 'x.y': null }], '"': 2, d: { e: 'f' } };
    expect(readPath(payload, 'a[0]["b c"]')).toEqual({ isThere: true, value: 1 });
    expect(readPath(payload, 'a[0].b c').value).toBe(1);
    for (const { path, value } of leavesOf(payload))
      expect(readPath(payload, path)).toEqual({ isThere: true, value });
    expect(leavesOf(payload)).toHaveLength(4);
    for (const path of [
      'a[1]',
      'constructor',
      'a.length.x',
      '__proto__',
      'd.e.length',
      '',
      'a..b',
      '[',
      'a["',
    ])
      expect(readPath(payload, path).isThere).toBe(false);
    expect(parsePath(joinPath('', 'a.b'))).toEqual(['a.b']);
  });

  it('rows convert, translate words, and the first that says something wins', () => {
    const payload = { s: ' Closed WON', d: '03/04/2027', cents: 320050, n: 'a', m: '', t: 'x' };
    const rows = [
      { from: 's', to: 'status', words: { 'closed won': 'booked' } },
      { from: 'd', to: 'weddingDate', convert: 'day-mdy' },
      { from: 'cents', to: 'price', convert: 'minor-units' },
      { from: 'm', to: 'venue' },
      { from: 'n', to: 'venue' },
      { from: 't', to: 'venue' },
      { from: 'n', to: 'notes' },
      { from: 't', to: 'notes' },
    ] as const;
    expect(applyMapping(payload, rows, 'GBP')).toEqual({
      status: 'booked',
      weddingDate: '2027-03-04',
      price: '3200.50 GBP',
      venue: 'a',
      notes: 'a\nx',
    });
    expect(
      applyMapping({ yen: 5000 }, [{ from: 'yen', to: 'price', convert: 'minor-units' }], 'JPY'),
    ).toEqual({
      price: '5000 JPY',
    });
  });

  it('a row of a person replaces the default for its path and for its field', () => {
    const defaults = [
      { from: 'a', to: 'email' },
      { from: 'b', to: 'phone' },
      { from: 'c', to: 'venue' },
    ];
    const own = [
      { from: 'a', to: 'ignore' },
      { from: 'd', to: 'phone' },
    ];
    expect(effectiveRows(own, defaults)).toEqual([...own, { from: 'c', to: 'venue' }]);
    expect(pathsSeen({ d: null }, own)).toEqual({ seen: ['d'], missing: ['a'] });
  });

  it('guesses by what a thing is called', () => {
    expect(guessTarget('What is your wedding date?')).toBe('weddingDate');
    expect(guessTarget("Partner's name")).toBe('partner');
    expect(guessTarget('client_full_name')).toBe('names');
    expect(guessTarget('id')).toBe('ignore');
    expect(customField('How many guests?')).toBe('x:how-many-guests');
    expect(customField('💍')).toBeUndefined();
  });
});
