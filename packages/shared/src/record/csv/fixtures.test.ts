import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { peopleOf } from '../names.ts';
import { decodeCsvBytes } from './decode-bytes.ts';
import { guessMapping, readCsvTable } from './mapping.ts';
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
