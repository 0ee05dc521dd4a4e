import { describe, expect, it } from 'vitest';
import { decodeCsvBytes } from './decode-bytes.ts';
import { headerMeaning } from './header-target.ts';
import { guessMapping, profileOf, readCsvTable } from './mapping.ts';
import { findDelimiter, parseCsv } from './parse-csv.ts';
import { planImport } from './plan-import.ts';

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
    ['Main Shoot Location', 'venue'],
    ['Where are you getting married?', 'venue'],
    ['Primary Contact', 'name'],
    ['Secondary Contact', 'partnerName'],
    ['Tell us more', 'notes'],
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
