import { describe, expect, it } from 'vitest';
import { calendarDateParts } from '../calendar-date.ts';
import { peopleOf } from '../names.ts';
import type { Fields } from '../value.ts';
import { guessMapping, readCsvTable } from './mapping.ts';
import { type ImportOptions, type ImportPlan, type PlannedRow, planImport } from './plan-import.ts';

/** Plans a text as a file of its own. */
function planText(
  text: string,
  options: ImportOptions = {},
): ImportPlan & { at: (line: number) => PlannedRow | undefined } {
  const table = readCsvTable(text);
  const plan = planImport(table.rows, guessMapping(table.headers, table.rows), {
    locale: 'en-GB',
    ...options,
  });
  return { ...plan, at: (line) => plan.rows.find((row) => row.line === line) };
}

describe('German spreadsheet', () => {
  const text =
    'Brautpaar;Hochzeitsdatum;E-Mail;Telefon;Location;Status;Paket;Preis;Schlagworte;Notizen;Gebucht am\r\n' +
    'Anna Müller und Jörg Weiß;12.06.2027;anna@example.com;0171 1234567;Schloss Benrath;gebucht;Gold;2.400,00 €;Film, Drohne;"Zeile 1\nZeile 2";03.02.2026\r\n' +
    'Eva + Kai;5.7.27;;;offen;Anfrage;;k. A.;;;\r\n' +
    ';;;;;;;;;;\r\n' +
    'Lea & Max;31.06.2027;kein@;12;x;vielleicht;;viel;;;ja\r\n';
  const plan = planText(text, { locale: 'de-DE' });

  it('is read with its dates, money, tags and notes', () => {
    expect(plan.at(2)?.fields).toEqual({
      firstName: 'Anna',
      lastName: 'Müller',
      partnerFirstName: 'Jörg',
      partnerLastName: 'Weiß',
      weddingDate: '2027-06-12',
      email: 'anna@example.com',
      phone: '0171 1234567',
      venue: 'Schloss Benrath',
      status: 'booked',
      packageName: 'Gold',
      price: '240000 EUR',
      'tag:film': true,
      'tag:drohne': true,
      'note:csv': 'Zeile 1\nZeile 2',
    });
    expect(plan.at(3)?.fields).toEqual({
      firstName: 'Eva',
      partnerFirstName: 'Kai',
      weddingDate: '2027-07-05',
      status: 'enquiry',
    });
  });

  it('lists what it could not use, and imports the rest of the row', () => {
    expect(plan.at(5)?.errors.map(({ code, header }) => [header, code])).toEqual([
      ['E-Mail', 'invalid-email'],
      ['Telefon', 'invalid-phone'],
      ['Status', 'unknown-status'],
      ['Hochzeitsdatum', 'invalid-date'],
      ['Preis', 'invalid-price'],
    ]);
    expect(plan.at(5)).toMatchObject({
      action: 'add',
      fields: { firstName: 'Lea', status: 'booked', venue: 'x' },
    });
    expect(plan.rows.map(({ line }) => line)).toEqual([2, 3, 5]);
    expect(plan.counts).toEqual({ add: 3, decide: 0, skip: 0, errors: 1 });
  });
});

describe('HOOK-6 the order of day and month', () => {
  const file = (...dates: string[]) =>
    `Name,Wedding date\n${dates.map((date, i) => `Couple${i} Name,${date}`).join('\n')}\n`;
  const dates = (plan: ImportPlan) => plan.rows.map(({ fields }) => fields.weddingDate);

  it('is proved month first by one date of the file', () => {
    const plan = planText(file('06/07/2027', '05/28/2027'));
    expect(plan.dateOrder).toEqual({
      state: 'proved',
      order: 'mdy',
      evidence: [{ line: 3, text: '05/28/2027' }],
    });
    expect(dates(plan)).toEqual(['2027-06-07', '2027-05-28']);
  });

  it('is asked when nothing proves it, and taken as answered', () => {
    const plan = planText(file('06/07/2027', '03/04/2027', '06/06/2027'));
    expect(plan.dateOrder).toMatchObject({ state: 'ask', isContradictory: false });
    expect(dates(plan)).toEqual([undefined, undefined, '2027-06-06']);
    expect(plan.at(2)?.errors).toEqual([
      { code: 'ambiguous-date', header: 'Wedding date', text: '06/07/2027' },
    ]);
    expect(dates(planText(file('06/07/2027'), { dateOrder: 'dmy' }))).toEqual(['2027-07-06']);
    expect(dates(planText(file('06/07/2027'), { dateOrder: 'mdy' }))).toEqual(['2027-06-07']);
  });

  it('is asked when the dates contradict each other; with an answer the others are errors', () => {
    const text = file('28/03/2027', '05/28/2027');
    expect(planText(text).dateOrder).toMatchObject({ state: 'ask', isContradictory: true });
    const answered = planText(text, { dateOrder: 'dmy' });
    expect(dates(answered)).toEqual(['2027-03-28', undefined]);
    expect(answered.at(3)?.errors[0]?.code).toBe('invalid-date');
  });

  it('is proved by another date column, by dots, and not needed without ambiguous dates', () => {
    expect(planText('Name,Wedding date,Create Date\nA B,06/07/2027,13/01/2026\n').dateOrder).toMatchObject({
      order: 'dmy',
    });
    expect(
      planText('Name,Wedding date,Last Modified Date\nA B,06/07/2027,01/13/2026\n').dateOrder,
    ).toMatchObject({ order: 'mdy' });
    expect(dates(planText(file('06.07.2027')))).toEqual(['2027-07-06']);
    expect(planText(file('2027-06-07', '7 June 2027', 'Jul 7, 2027', 'TBC')).dateOrder).toEqual({
      state: 'not-needed',
    });
  });

  it('reads the numbers that spreadsheets keep dates in, and times beside dates', () => {
    expect(dates(planText(file('46549', '2027-06-12 00:00', '12 June 2027 14:00')))).toEqual([
      '2027-06-11',
      '2027-06-12',
      '2027-06-12',
    ]);
    expect(calendarDateParts('2027-06-11')).toBeDefined();
  });

  it('says so when a moment has no day of its own', () => {
    expect(planText(file('2027-06-11T22:00:00Z')).at(2)?.errors[0]?.code).toBe('needs-time-zone');
  });
});

describe('hand-made sheets', () => {
  it('skips sums, headings of months and repeated headers, not people', () => {
    const header = 'Couple,Wedding date,Email,Price';
    const plan = planText(
      `${header}\nJune 2027,,,\nJune Carter & Tom,2027-06-12,a@b.co,£5\n2028,,,\n${header}\nTotal,,,£5\nSumme:,,,£5\nTotally Anna,,,\n`,
    );
    expect(plan.rows.map(({ line, action, fields }) => [line, action, peopleOf(fields).join(' & ')])).toEqual(
      [
        [2, 'skip', ''],
        [3, 'add', 'June Carter & Tom'],
        [4, 'skip', ''],
        [6, 'skip', ''],
        [7, 'skip', ''],
        [8, 'add', 'Totally Anna'],
      ],
    );
  });
});

describe('prices in columns', () => {
  const prices = (lines: string, options: ImportOptions = {}) =>
    planText(`Name,Email,Price\n${lines}`, options).rows.map(({ fields }) => fields.price);
  const lines = 'A B,a@b.co,"$3,200"\nC D,c@d.co,2400\nE F,e@f.co,"$1,000"\nG H,g@h.co,€5\n';

  it('amounts without a currency have that of the column, else of the list, else of the reader', () => {
    expect(prices(lines)).toEqual(['320000 USD', '240000 USD', '100000 USD', '500 EUR']);
    expect(prices(lines, { currency: 'AUD' })).toEqual(['320000 AUD', '240000 AUD', '100000 AUD', '500 EUR']);
    expect(prices('A B,a@b.co,2400\n', { currency: 'CHF' })).toEqual(['240000 CHF']);
    expect(prices('A B,a@b.co,2400\n')).toEqual(['240000 GBP']);
  });
});

describe('names in columns', () => {
  const names = (header: string, line: string) => planText(`${header}\n${line}\n`).rows[0]?.fields as Fields;

  it.each([
    ['First name,Last name,Partner', 'Maya,Torres,Chris Bell', ['Maya Torres', 'Chris Bell']],
    ['First name,Last name,Email', 'Priya & Sam,Raman,a@b.co', ['Priya Raman', 'Sam']],
    ['Name,Partner name,Email', 'Zoë & Tom,Tom Fletcher,a@b.co', ['Zoë', 'Tom Fletcher']],
    ['Bride,Groom', 'Anna Lund,TBC', ['Anna Lund']],
    ['Bride,Groom,Email', ',Tom Meyer,a@b.co', ['Tom Meyer']],
    [
      'Client,Project name,Email',
      'Maya Torres,Wedding: Chris & Maya | Lyde Court,a@b.co',
      ['Maya Torres', 'Chris'],
    ],
    ['Client,Project name,Email', "Siobhán O'Brien,O'Brien Elopement,a@b.co", ["Siobhán O'Brien"]],
    ['Client,Project name,Email', 'Susan Bell,Maya & Chris Wedding,a@b.co', ['Susan Bell']],
    ['Client,Project name,Email', ',The Maya & Chris Bell Wedding 2027,a@b.co', ['Maya', 'Chris Bell']],
    ['Name,Email', 'Nguyễn Thị Minh Khai & محمد,a@b.co', ['Nguyễn Thị Minh Khai', 'محمد']],
    ['Name,Email', 'Jennifer Null,a@b.co', ['Jennifer Null']],
    ['Name,Email', '💍 Anna & Béla 👰,a@b.co', ['💍 Anna', 'Béla 👰']],
  ])('%s: %s', (header, line, people) => {
    expect(peopleOf(names(header, line))).toEqual(people);
  });

  it('keeps the second e-mail and phone in the note', () => {
    const fields = names(
      'Name,Email,Partner email,Phone,Phone 2',
      'Anna & Tom,a@b.co,t@b.co,0171 1234567,0171 7654321',
    );
    expect(fields).toMatchObject({ email: 'a@b.co', phone: '0171 1234567' });
    expect(fields['note:csv']).toBe('Second e-mail: t@b.co\nSecond phone: 0171 7654321');
    expect(names('Name,Email', 'Anna & Tom,"a@b.co; t@b.co"').email).toBe('a@b.co');
  });

  it('reports cells beyond the header, and texts that are too long', () => {
    const plan = planText(`Name,Venue\nAnna Lund,Kew,"London, UK"\nTom Meyer,${'x'.repeat(501)}\n`);
    expect(plan.at(2)?.errors).toEqual([]);
    const narrow = planImport(
      [{ line: 2, cells: ['Anna', 'b', 'c'] }],
      [{ column: 0, header: 'Name', target: 'name' }],
    );
    expect(narrow.rows[0]?.errors).toEqual([{ code: 'extra-cells', header: '', text: 'b c' }]);
    expect(plan.at(3)?.errors[0]).toMatchObject({ code: 'too-long', header: 'Venue' });
  });
});

describe('doubles in the list', () => {
  const text =
    'Name,Email,Phone,Wedding date,Venue\nMaya Torres & Chris Bell,maya@example.com,,2027-05-22,Kew\n';
  const existing = (values: Fields) => [{ id: 'r1', values }];

  it('fills in what is missing and names what differs', () => {
    const known = { firstName: 'Maya', lastName: 'Torres', email: 'MAYA@example.com', venue: 'Lyde Court' };
    expect(planText(text, { existing: existing(known) }).at(2)).toMatchObject({
      action: 'skip',
      reason: 'in-list',
      duplicateOf: { kind: 'record', recordId: 'r1' },
      adds: { partnerFirstName: 'Chris', partnerLastName: 'Bell', weddingDate: '2027-05-22' },
      differs: ['venue'],
    });
  });

  it('asks about a couple with another date, and adds a namesake', () => {
    const moved = {
      firstName: 'Maya',
      lastName: 'Torres',
      email: 'maya@example.com',
      weddingDate: '2027-09-01',
    };
    expect(planText(text, { existing: existing(moved) }).at(2)).toMatchObject({
      action: 'decide',
      reason: 'possibly-in-list',
    });
    const namesake = {
      firstName: 'Maya',
      lastName: 'Torres',
      partnerFirstName: 'Omar',
      weddingDate: '2027-09-01',
    };
    expect(planText(text, { existing: existing(namesake) }).at(2)).toMatchObject({ action: 'add' });
  });

  it('gives new couples the status that was chosen, and only those', () => {
    const plan = planText(text, { defaultStatus: 'enquiry' });
    expect(plan.at(2)?.fields.status).toBe('enquiry');
    const known = planText(text, { defaultStatus: 'enquiry', existing: existing(plan.at(2)?.fields ?? {}) });
    expect(known.at(2)).toMatchObject({ reason: 'in-list' });
    expect(known.at(2)?.fields).not.toHaveProperty('status');
  });
});
