import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { calendarDateParts } from '../calendar-date.ts';
import { peopleOf } from '../names.ts';
import type { Fields } from '../value.ts';
import { decodeCsvBytes } from './decode-bytes.ts';
import { headerMeaning } from './header-target.ts';
import { guessMapping, profileOf, readCsvTable } from './mapping.ts';
import { findDelimiter, parseCsv } from './parse-csv.ts';
import { type ImportOptions, type ImportPlan, type PlannedRow, planImport } from './plan-import.ts';

const folder = new URL('../../../../../fixtures/csv/', import.meta.url);

type Expected = { names: string[]; weddingDate: string | null; status?: string; external?: string };
type Source = {
  expect: { clients: Expected[]; dateOrder?: string };
  file: {
    encoding: string;
    bom: boolean;
    delimiter: string;
    newline: string;
    dataRows: number;
    columns: number;
  };
};

function open(name: string) {
  const bytes = readFileSync(new URL(`${name}.csv`, folder));
  const source = JSON.parse(readFileSync(new URL(`${name}.source.json`, folder), 'utf8')) as Source;
  const { text, encoding } = decodeCsvBytes(bytes);
  const table = readCsvTable(text);
  const mapping = guessMapping(table.headers, table.rows);
  const plan = (options: ImportOptions = {}) =>
    planImport(table.rows, mapping, { locale: 'en-GB', ...options });
  return { source, table, mapping, plan, text, encoding };
}

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

const added = (plan: ImportPlan) => plan.rows.filter(({ action }) => action === 'add');
const row = (plan: ImportPlan, line: number) => plan.rows.find((candidate) => candidate.line === line);
const toExisting = (rows: readonly PlannedRow[]) =>
  rows.map(({ fields, line }) => ({ id: `r${line}`, values: fields }));

describe.each(['honeybook-leads', 'hubspot-contacts', 'spreadsheet-uk-dmy'])('UI-4 %s.csv', (name) => {
  const { source, table, plan, text } = open(name);

  it('is read as its description says', () => {
    expect(table.delimiter).toBe(source.file.delimiter);
    expect(table.headers).toHaveLength(source.file.columns);
    expect(table.rows).toHaveLength(source.file.dataRows);
    expect(table.headerLine).toBe(1);
    expect(text.startsWith('\uFEFF')).toBe(false);
    expect(table.unclosedQuotes).toEqual([]);
  });

  it('gives exactly the expected couples', () => {
    const couples = added(plan()).map(({ fields }, i) => {
      const expected = source.expect.clients[i];
      return {
        names: peopleOf(fields),
        weddingDate: fields.weddingDate ?? null,
        ...(expected?.status !== undefined && { status: fields.status }),
        ...(expected?.external !== undefined && { external: fields['ext:hubspot-csv'] }),
      };
    });
    expect(couples).toEqual(source.expect.clients);
  });

  it('adds nothing when imported again, also after everything that was asked about was added', () => {
    const first = plan();
    const again = plan({ existing: toExisting(added(first)) });
    expect(again.counts.add).toBe(0);
    const all = plan({
      existing: toExisting(first.rows.filter(({ reason }) => reason !== 'no-name-no-contact')),
    });
    expect(all.counts).toMatchObject({ add: 0, decide: 0 });
  });
});

describe('UI-4 rows that need a look', () => {
  it('HoneyBook: a double, a possible double, a row without name and e-mail', () => {
    const plan = open('honeybook-leads').plan();
    expect(row(plan, 5)).toMatchObject({
      action: 'skip',
      reason: 'duplicate-in-file',
      duplicateOf: { kind: 'line', line: 2 },
      match: { reasons: ['email', 'phone', 'names', 'date'] },
    });
    expect(row(plan, 7)).toMatchObject({
      action: 'decide',
      reason: 'possible-duplicate-in-file',
      duplicateOf: { kind: 'line', line: 9 },
      match: { reasons: ['phone', 'names', 'date'] },
    });
    expect(row(plan, 9)?.action).toBe('add');
    expect(row(plan, 8)).toMatchObject({ action: 'skip', reason: 'no-name-no-contact' });
    expect(plan.dateOrder).toEqual({ state: 'not-needed' });
  });

  it('HoneyBook: no placeholder is stored, the error cell is listed, line breaks stay', () => {
    const plan = open('honeybook-leads').plan();
    expect(JSON.stringify(plan.rows.map(({ fields }) => fields))).not.toMatch(/TBD|#ERROR/);
    expect(row(plan, 6)?.errors).toEqual([
      { code: 'spreadsheet-error', header: 'Phone Number', text: '#ERROR!' },
    ]);
    expect(row(plan, 3)?.fields['note:honeybook-csv']).toBe(
      'Found you through\n"Rock My Wedding",\nloved the film look',
    );
    expect(row(plan, 2)?.fields).toMatchObject({ price: '320000 USD', createdAt: Date.UTC(2026, 10, 2) });
    expect(row(plan, 4)?.fields).not.toHaveProperty('price');
  });

  it('HubSpot: one row needs a decision, and is known by its id once it was added', () => {
    const plan = open('hubspot-contacts').plan();
    const asked = plan.rows.filter(({ action }) => action === 'decide');
    expect(asked.map(({ fields, reason }) => [fields['ext:hubspot-csv'], reason])).toEqual([
      ['1246979', 'no-name'],
    ]);
    const again = open('hubspot-contacts').plan({ existing: toExisting(asked) });
    expect(row(again, 4)).toMatchObject({ action: 'skip', reason: 'in-list' });
  });

  it('own spreadsheet: day first is proved, a double, a row without a name', () => {
    const plan = open('spreadsheet-uk-dmy').plan();
    expect(plan.dateOrder).toMatchObject({ state: 'proved', order: 'dmy' });
    const proof = plan.dateOrder.state === 'proved' ? plan.dateOrder.evidence.map(({ text }) => text) : [];
    expect(proof).toEqual(expect.arrayContaining(['28/03/2027', '31/10/2027']));
    expect(row(plan, 5)).toMatchObject({ action: 'skip', duplicateOf: { kind: 'line', line: 2 } });
    expect(row(plan, 6)).toMatchObject({ action: 'decide', reason: 'no-name' });
    expect(row(plan, 3)?.fields).toMatchObject({
      venue: 'Château Réaux; France',
      'note:csv': 'Timeline:\n14:00 ceremony\n16:00 speeches; then dinner',
    });
  });
});

describe('bytes', () => {
  const bytes = (...parts: (string | number[])[]) =>
    Uint8Array.from(
      parts.flatMap((part) => (typeof part === 'string' ? [...Buffer.from(part, 'latin1')] : part)),
    );

  it('knows encodings by their mark, by validity, else Windows-1252', () => {
    expect(decodeCsvBytes(bytes([0xef, 0xbb, 0xbf], 'Zo', [0xc3, 0xab]))).toEqual({
      text: 'Zoë',
      encoding: 'utf-8',
    });
    expect(decodeCsvBytes(bytes('Zo', [0xc3, 0xab]))).toEqual({ text: 'Zoë', encoding: 'utf-8' });
    expect(decodeCsvBytes(bytes('Zo', [0xeb], ' ', [0x80], '800'))).toEqual({
      text: 'Zoë €800',
      encoding: 'windows-1252',
    });
    const utf16 = Uint8Array.from([0xff, 0xfe, ...Buffer.from('Zoë\tX', 'utf16le')]);
    expect(decodeCsvBytes(utf16)).toEqual({ text: 'Zoë\tX', encoding: 'utf-16le' });
    expect(decodeCsvBytes(utf16.subarray(2))).toEqual({ text: 'Zoë\tX', encoding: 'utf-16le' });
    expect(decodeCsvBytes(Uint8Array.of(0xfe, 0xff, 0, 65)).text).toBe('A');
    expect(decodeCsvBytes(Uint8Array.of(0, 65, 0, 66))).toEqual({ text: 'AB', encoding: 'utf-16be' });
    expect(decodeCsvBytes(new Uint8Array())).toEqual({ text: '', encoding: 'utf-8' });
  });
});

describe('cells', () => {
  const cells = (text: string, delimiter = ',') => parseCsv(text, delimiter).rows.map((entry) => entry.cells);

  it('reads quotes, line breaks and delimiters inside them, all line ends', () => {
    expect(cells('a,"b ""x"", c\r\nd",e\r\n1,2,3\r4,,\n')).toEqual([
      ['a', 'b "x", c\r\nd', 'e'],
      ['1', '2', '3'],
      ['4', '', ''],
    ]);
    expect(cells('a,')).toEqual([['a', '']]);
    expect(cells('')).toEqual([]);
  });

  it('takes stray quotes as characters and says where', () => {
    expect(cells('5" frame,b\n')).toEqual([['5" frame', 'b']]);
    expect(cells('"a"b,c')).toEqual([['ab', 'c']]);
    expect(parseCsv('a,b\n"open,c\nd,e', ',')).toMatchObject({
      rows: [{ cells: ['a', 'b'] }, { cells: ['"open', 'c'] }, { cells: ['d', 'e'] }],
      unclosedQuotes: [2],
    });
  });

  it('finds the delimiter, also declared by sep=, which is no row', () => {
    expect(findDelimiter('a;b\n1,5;2\n').delimiter).toBe(';');
    expect(findDelimiter('a\tb\n1\t2').delimiter).toBe('\t');
    expect(findDelimiter('a|b\n1|2').delimiter).toBe('|');
    expect(findDelimiter('just one column\n').delimiter).toBe(',');
    expect(findDelimiter('\uFEFFsep=;\r\nName;Email\r\n')).toEqual({
      delimiter: ';',
      body: 'Name;Email\r\n',
    });
    expect(findDelimiter('"sep=|"\nName|Email')).toEqual({ delimiter: '|', body: 'Name|Email' });
    const table = readCsvTable('sep=;\nName;E-Mail\nAnna & Tom;a@b.co\n');
    expect(table).toMatchObject({ headers: ['Name', 'E-Mail'], headerLine: 1 });
    expect(table.rows).toEqual([{ line: 2, cells: ['Anna & Tom', 'a@b.co'] }]);
  });

  it('finds the header under a title, and manages without one', () => {
    const titled = readCsvTable(
      'My weddings 2027,,\n,,\nCouple,Wedding date,Email\nA & B,2027-06-12,a@b.co\n',
    );
    expect(titled).toMatchObject({ headerLine: 3, headers: ['Couple', 'Wedding date', 'Email'] });
    expect(titled.rows.map(({ line }) => line)).toEqual([4]);
    const bare = readCsvTable('Anna Lund & Tom,a@b.co,12/06/2027\nEva Meyer & Kai,c@d.co,28/07/2027\n');
    expect(bare).toMatchObject({ headerLine: 0, headers: ['Column 1', 'Column 2', 'Column 3'] });
    expect(guessMapping(bare.headers, bare.rows).map(({ target }) => target)).toEqual([
      'name',
      'email',
      'weddingDate',
    ]);
  });

  it('is a table without rows when the file is empty', () => {
    for (const text of ['', '\n\n', '\uFEFF', 'Name,Email\n']) {
      const table = readCsvTable(text);
      expect(table.rows).toEqual([]);
      expect(planImport(table.rows, guessMapping(table.headers)).counts).toEqual({
        add: 0,
        decide: 0,
        skip: 0,
        errors: 0,
      });
    }
  });
});

describe('headers', () => {
  it.each([
    ['Bride & Groom', 'name'],
    ['Client Name', 'name'],
    ['Vor- und Nachname', 'name'],
    ['Brautpaar', 'name'],
    ['First Name', 'firstName'],
    ["Bride's First Name", 'firstName'],
    ['Vorname', 'firstName'],
    ['Nachname', 'lastName'],
    ['Groom', 'partnerName'],
    ['Partner 2', 'partnerName'],
    ['Partner 1', 'name'],
    ['Vorname Bräutigam', 'partnerFirstName'],
    ['Partner Last Name', 'partnerLastName'],
    ['E-Mail-Adresse', 'email'],
    ['Your email *', 'email'],
    ["Partner's Email", 'partnerEmail'],
    ['Phone 2', 'partnerPhone'],
    ['Handynummer', 'phone'],
    ['Date of wedding', 'weddingDate'],
    ['Hochzeitsdatum', 'weddingDate'],
    ['Event Date (DD/MM/YYYY)', 'weddingDate'],
    ['weddingDate', 'weddingDate'],
    ['Datum', 'weddingDate'],
    ['Ceremony time', 'weddingTime'],
    ['Uhrzeit', 'weddingTime'],
    ['Location', 'venue'],
    ['Trauort', 'venue'],
    ['Lead Status', 'status'],
    ['Paket', 'packageName'],
    ['Gesamtpreis', 'price'],
    ['Package Price', 'price'],
    ['Schlagworte', 'tags'],
    ['How did you hear about us?', 'leadSource'],
    ['Anfrage vom', 'createdAt'],
    ['Gebucht am', 'bookedDate'],
    ['Bemerkungen', 'notes'],
    ['Job Name', 'projectName'],
    ['Datensatz-ID', 'externalId'],
    ['Balance due', 'ignore'],
    ['Last Modified Date', 'ignore'],
    ['Postcode', 'ignore'],
    ['x:hair', 'x:hair'],
  ])('%s is %s', (header, target) => {
    expect(headerMeaning(header)?.target).toBe(target);
  });

  it('says nothing about words it does not know', () => {
    for (const header of ['', '???', 'Second shooter', 'Farbe', 'x:a b'])
      expect(headerMeaning(header)).toBeUndefined();
  });

  it('uses each target once, the clearer header first', () => {
    const targets = guessMapping([
      'Date',
      'Wedding Date',
      'Email',
      'Email 2',
      'Lead Status',
      'Lifecycle Stage',
      'Notes',
      'Comments',
    ]);
    expect(targets.map(({ target }) => target)).toEqual([
      'ignore',
      'weddingDate',
      'email',
      'partnerEmail',
      'ignore',
      'status',
      'notes',
      'notes',
    ]);
  });

  it('goes by the cells where the header says nothing', () => {
    const table = readCsvTable(
      'Wer,Wie,Wann\nAnna Lund & Tom Meyer,a@b.co,12.06.2027\nEva & Kai,e@b.co,TBD\n',
    );
    expect(guessMapping(table.headers, table.rows).map(({ target }) => target)).toEqual([
      'name',
      'email',
      'weddingDate',
    ]);
  });

  it('tells where a file comes from', () => {
    expect(profileOf(['Full Name', 'Project Date', 'Booked Date'])).toBe('honeybook');
    expect(profileOf(['Datensatz-ID', 'Vorname', 'Lifecycle-Phase'])).toBe('hubspot');
    expect(profileOf(['WedSync ID', 'First name'])).toBe('wedsync');
    expect(profileOf(['Name', 'Email'])).toBe('csv');
  });
});

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
