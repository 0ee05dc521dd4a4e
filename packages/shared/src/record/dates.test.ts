import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { addDays, daysUntil, fromDayNumber, isCalendarDate, weekdayOf } from './calendar-date.ts';
import { type DateContext, dateOrderOf, readDate, readInstant } from './date-input.ts';

const today = '2026-11-22';
const gb: DateContext = { locale: 'en-GB', order: 'dmy', today };

describe('calendar dates', () => {
  it('are real days only', () => {
    for (const date of ['2028-02-29', '2000-02-29', '0001-01-01', '9999-12-31'])
      expect(isCalendarDate(date)).toBe(true);
    for (const date of [
      '2027-02-29',
      '1900-02-29',
      '2027-04-31',
      '2027-00-10',
      '0000-01-01',
      '2027-1-1',
      20270101,
    ]) {
      expect(isCalendarDate(date), String(date)).toBe(false);
    }
  });

  it('count days, add days and know their weekday, over leap days', () => {
    expect(daysUntil('2027-06-12', '2027-05-20')).toBe(23);
    expect(daysUntil('2028-03-01', '2028-02-28')).toBe(2);
    expect(daysUntil(today, today)).toBe(0);
    expect(daysUntil('tbd', today)).toBeUndefined();
    expect(addDays('2027-12-31', 1)).toBe('2028-01-01');
    expect(addDays('9999-12-31', 1)).toBeUndefined();
    expect(addDays('x', 1)).toBeUndefined();
    expect(weekdayOf('2027-06-12')).toBe(6);
    expect(weekdayOf('1969-12-28')).toBe(0);
    expect(fromDayNumber(0)).toBe('1970-01-01');
  });
});

describe('UI dates as people type them', () => {
  it.each([
    ['12 jun 27', '2027-06-12'],
    ['12/6/27', '2027-06-12'],
    ['12.6.2027', '2027-06-12'],
    ['2027-06-12', '2027-06-12'],
    ['20270612', '2027-06-12'],
    ['June 12th, 2027', '2027-06-12'],
    ["12 Jun '27", '2027-06-12'],
    ['Sat 12 June 2027', '2027-06-12'],
    ['Saturday the 12th of June 2027', '2027-06-12'],
    ['12. Juni 2027', '2027-06-12'],
    ['Sa., 12. Juni 2027', '2027-06-12'],
    ['3. März 27', '2027-03-03'],
    ['3 Maerz 27', undefined],
    ['1er juin 2027', '2027-06-01'],
    ['14 août 2027', '2027-08-14'],
    ['mar. 12 janv. 2027', '2027-01-12'],
    ['12 de junio de 2027', '2027-06-12'],
    ['5 ene 28', '2028-01-05'],
    ['2027年6月12日', '2027-06-12'],
    ['١٢/٦/٢٠٢٧', '2027-06-12'],
    ['12 jun', '2027-06-12'],
    ['22 nov', '2026-11-22'],
    ['21/11', '2027-11-21'],
    ['29 feb', '2028-02-29'],
    ['28/03/2027', '2027-03-28'],
    ['03/28/2027', '2027-03-28'],
    ['1/1/85', '1985-01-01'],
    ['29 Feb 2028', '2028-02-29'],
    ['Jun 12, 2027 3:00 PM', '2027-06-12'],
    ['29 Feb 2027', undefined],
    ['31/4/2027', undefined],
    ['13/13/2027', undefined],
    ['June 2027', undefined],
    ['12', undefined],
    ['12 13 jun 2027', undefined],
    ['12 jun 27 or 13 jun', undefined],
    ['next summer', undefined],
    ['12/6/1027', undefined],
    ['x'.repeat(200), undefined],
  ])('%s', (text, date) => {
    expect(readDate(text, gb)).toMatchObject(
      date === undefined ? { state: 'invalid' } : { state: 'date', date },
    );
  });

  it.each(['tbd', 'TBC', '?', 'to be decided', 'noch offen', 'à définir'])('%s is undecided', (text) => {
    expect(readDate(text, gb)).toEqual({ state: 'undecided' });
  });

  it('goes by the locale, and asks where that does not settle it', () => {
    expect(dateOrderOf('en-US')).toBe('mdy');
    expect(dateOrderOf('de')).toBe('dmy');
    expect(dateOrderOf('ja')).toBe('ymd');
    expect(readDate('12/6/27', { order: 'mdy', today })).toMatchObject({ date: '2027-12-06' });
    const both = { state: 'ambiguous', dmy: '2027-06-12', mdy: '2027-12-06' };
    expect(readDate('12/6/27', { order: 'ymd', today })).toEqual(both);
    expect(readDate('12/6/27', { today })).toEqual(both);
    expect(readDate('6/6/27', { today })).toEqual({ state: 'date', date: '2027-06-06' });
  });

  it('takes no date against a proven order', () => {
    expect(readDate('03/28/2027', { order: 'dmy', isStrict: true })).toEqual({ state: 'invalid' });
    expect(readDate('28/03/2027', { order: 'mdy', isStrict: true })).toEqual({ state: 'invalid' });
  });

  it('understands months in the reader’s own language', () => {
    expect(readDate('12 czerwca 2027', { locale: 'pl' })).toMatchObject({ date: '2027-06-12' });
    expect(readDate('12 tháng 6, 2027', { locale: 'vi' }).state).not.toBe('date');
  });
});

describe('HOOK-6 moments', () => {
  it.each([
    ['2027-03-28T12:00:00+02:00', '2027-03-28'],
    ['2027-06-12T23:30:00-10:00', '2027-06-12'],
    ['2027-06-12T00:30:00+14:00', '2027-06-12'],
    ['2027-06-12T00:00:00.000Z', '2027-06-12'],
    ['2027-06-12T00:00:00Z', '2027-06-12'],
    ['2027-06-12T14:00', '2027-06-12'],
    ['2027-06-12 00:00:00', '2027-06-12'],
    ['Sat, 12 Jun 2027 00:00:00 GMT', '2027-06-12'],
    ['Sat Jun 12 2027 00:00:00 GMT+1200 (New Zealand Standard Time)', '2027-06-12'],
  ])('%s is the written day', (text, date) => {
    expect(readDate(text)).toMatchObject({ state: 'date', date });
  });

  it('a moment in UTC is a day only in a known zone', () => {
    const text = '2027-06-11T22:00:00Z';
    expect(readDate(text)).toEqual({ state: 'instant' });
    expect(readDate(text, { timeZone: 'Europe/Berlin' })).toMatchObject({ date: '2027-06-12' });
    expect(readDate(text, { timeZone: 'America/Los_Angeles' })).toMatchObject({ date: '2027-06-11' });
    expect(readDate(text, { timeZone: 'Not/AZone' })).toEqual({ state: 'instant' });
  });

  it('reads epoch times', () => {
    expect(readInstant(Date.UTC(2027, 5, 12))).toMatchObject({ date: '2027-06-12' });
    expect(readInstant(Date.UTC(2027, 5, 12) - 1)).toEqual({ state: 'instant' });
    expect(readInstant(Date.UTC(2027, 5, 11, 12), 'Pacific/Auckland')).toMatchObject({ date: '2027-06-12' });
    expect(readInstant(Number.NaN)).toEqual({ state: 'invalid' });
  });
});

/** Everything that could lean on the machine's zone, run once in each: the answers must be the same text. */
const PROBE = `
  const { readDate, readInstant } = await import('${new URL('./date-input.ts', import.meta.url).href}');
  const { addDays, daysUntil, weekdayOf } = await import('${new URL('./calendar-date.ts', import.meta.url).href}');
  const { formatField, parseFieldInput } = await import('${new URL('./field-input.ts', import.meta.url).href}');
  const texts = ['12 jun 27', '28/03/2027', '2028-02-29', '2027-10-31', 'Mar 28, 2027', '2027-03-28T12:00:00+02:00',
    '2027-06-12T00:00:00Z', '2027-09-26 14:00', '2026-12-31', '1 Jan 2027'];
  const out = texts.map((text) => readDate(text, { locale: 'en-GB', order: 'dmy', today: '2026-11-22' }));
  for (const { date } of [...out]) {
    const shown = ['en-GB', 'en-US', 'de', 'fr', 'es', 'ar', 'ja', 'fa'].map((locale) => {
      const text = formatField('weddingDate', date, { locale });
      return [text, parseFieldInput('weddingDate', text, { locale, today: '2026-11-22' })];
    });
    out.push([shown, addDays(date, 1), daysUntil(date, '2026-11-22'), weekdayOf(date), readInstant(Date.parse(date))]);
    if (shown.some(([, back]) => back.value !== date)) out.push('LOST ' + JSON.stringify(shown));
  }
  process.stdout.write(JSON.stringify(out));
`;

describe('HOOK-6 the same day in every time zone of the machine', () => {
  const run = async (TZ: string) => {
    const env = { ...process.env, TZ };
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', PROBE], {
      env,
    });
    return stdout;
  };

  it('UTC, Los Angeles, Auckland and Kiritimati read, show and count alike', async () => {
    const [inUtc = '', ...others] = await Promise.all(
      ['UTC', 'America/Los_Angeles', 'Pacific/Auckland', 'Pacific/Kiritimati'].map(run),
    );
    expect(inUtc).toContain('2028-02-29');
    expect(inUtc).not.toContain('LOST');
    for (const other of others) expect(other).toBe(inUtc);
  }, 60_000);
});
