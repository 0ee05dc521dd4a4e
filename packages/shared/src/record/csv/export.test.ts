import { describe, expect, it } from 'vitest';
import { fromExportCell, quoteCell, toExportCell } from './export-cell.ts';
import { toCsv } from './export-csv.ts';
import { guessMapping, readCsvTable } from './mapping.ts';
import { parseCsv } from './parse-csv.ts';
import { planImport } from './plan-import.ts';

const values = {
  firstName: 'Zoë',
  lastName: 'van den Berg',
  partnerFirstName: 'Tom',
  email: 'zoe@example.com',
  phone: '+44 7700 900123',
  weddingDate: 'tbd',
  weddingTime: '14:30',
  venue: '=HYPERLINK("http://evil","x")',
  status: 'own-status',
  price: '5 KWD',
  'tag:-film': true,
  'tag:old': false,
  'x:hair': '5',
  'x:count': 5,
  'x:flag': true,
  'note:crm': "'=1\nline 2",
  'ext:crm': '77',
  leadSource: 'TBD',
  createdAt: 1795381200123,
};

describe('SEC-5 export', () => {
  it('keeps formulas as text', () => {
    const text = toCsv([{ id: 'r1', values, notes: '@note' }]);
    const cells = parseCsv(text.slice(1), ',').rows[1]?.cells ?? [];
    for (const cell of cells) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
    expect(cells).toContain('\'=HYPERLINK("http://evil","x")');
    expect(cells).toContain("'+44 7700 900123");
    expect(cells).toContain("'@note");
  });

  it.each(['=1', '+1', '-1', '@a', '\tx', "'=1", "''=1", "'", "'t Hooft", '＝1', 'plain', ''])(
    'cell %j comes back',
    (text) => {
      expect(toExportCell(text)).not.toMatch(/^[=+\-@\t\r＝＋－＠]/);
      expect(fromExportCell(toExportCell(text))).toBe(text);
    },
  );

  it('leaves names with an apostrophe alone', () => {
    expect(toExportCell("'t Hooft")).toBe("'t Hooft");
  });

  it('quotes what must be quoted', () => {
    expect(quoteCell('a"b', ',')).toBe('"a""b"');
    expect(quoteCell('a;b', ',')).toBe('a;b');
    expect(quoteCell(' a', ',')).toBe('" a"');
  });
});

describe('UI-4 export and import', () => {
  const importText = (text: string, existing: { id: string; values: Record<string, never> }[] = []) => {
    const table = readCsvTable(text);
    return planImport(table.rows, guessMapping(table.headers, table.rows), { locale: 'de', existing });
  };

  it.each([',', ';', '\t'] as const)('is lossless with %j', (delimiter) => {
    const text = toCsv([{ id: 'r1', values, notes: 'Shared note' }], { delimiter });
    const [row] = importText(text).rows;
    const { 'tag:old': _, ...kept } = values;
    expect(row?.errors).toEqual([]);
    expect(row?.action).toBe('add');
    expect(row?.fields).toEqual({ ...kept, 'note:wedsync-csv': 'Shared note' });
  });

  it('knows its own records by id, also those without a name', () => {
    const text = toCsv([
      { id: 'r1', values: { email: 'a@b.co' } },
      { id: 'r2', values: { firstName: 'Anna' } },
    ]);
    const fresh = importText(text);
    expect(fresh.rows.map(({ action }) => action)).toEqual(['add', 'add']);
    const again = importText(text, [
      { id: 'r1', values: {} },
      { id: 'r2', values: {} },
    ]);
    expect(again.rows.map(({ reason, duplicateOf }) => [reason, duplicateOf])).toEqual([
      ['in-list', { kind: 'record', recordId: 'r1' }],
      ['in-list', { kind: 'record', recordId: 'r2' }],
    ]);
  });

  it('keeps a note of an earlier import beside the shared note', () => {
    const text = toCsv([
      { id: 'r1', values: { firstName: 'Anna', 'note:wedsync-csv': 'old' }, notes: 'new' },
    ]);
    expect(importText(text).rows[0]?.fields['note:wedsync-csv']).toBe('old\n\nnew');
  });

  it('can go without the byte order mark, and writes a header even for nothing', () => {
    expect(toCsv([], { hasByteOrderMark: false })).toMatch(/^WedSync ID,First name,.*,Tags,Notes\r\n$/);
    expect(toCsv([]).charCodeAt(0)).toBe(0xfeff);
  });
});
