import * as fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { propertyRuns, propertySettings } from '../../testing/seed.ts';
import { fromDayNumber } from '../calendar-date.ts';
import { RECORD_FIELDS } from '../fields.ts';
import { normaliseTag } from '../tag.ts';
import { normaliseLines, normaliseText } from '../text.ts';
import { isValidValue } from '../validate.ts';
import type { FieldValue } from '../value.ts';
import { decodeCsvBytes } from './decode-bytes.ts';
import { fromExportCell, quoteCell, toExportCell } from './export-cell.ts';
import { toCsv } from './export-csv.ts';
import { guessMapping, readCsvTable } from './mapping.ts';
import { parseCsv } from './parse-csv.ts';
import { planImport } from './plan-import.ts';

fc.configureGlobal(propertySettings(process.env));
const runs = (count: number) => ({ numRuns: propertyRuns(process.env, count) });

const delimiter = fc.constantFrom(',', ';', '\t');
const cell = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'ab,;\t"\'\n\r =+-@é'), maxLength: 12 }),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
);

function plan(text: string, existing: { id: string; values: Record<string, FieldValue> }[] = []) {
  const table = readCsvTable(text);
  return planImport(table.rows, guessMapping(table.headers, table.rows), { existing, locale: 'en-GB' });
}

describe('cells', () => {
  it('come back after quoting, whatever is in them', () =>
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { minLength: 2, maxLength: 5 }), { minLength: 1, maxLength: 6 }),
        delimiter,
        (rows, d) => {
          const text = rows.map((cells) => cells.map((value) => quoteCell(value, d)).join(d)).join('\r\n');
          expect(parseCsv(text, d).rows.map(({ cells }) => cells)).toEqual(rows);
        },
      ),
      runs(1000),
    ));

  it('are read as papaparse reads them, where the file is well-formed', () =>
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 }),
        delimiter,
        (rows, d) => {
          const text = Papa.unparse(rows, { delimiter: d, newline: '\n' });
          const oracle = Papa.parse<string[]>(text, { delimiter: d, newline: '\n' });
          expect(parseCsv(text, d).rows.map(({ cells }) => cells)).toEqual(oracle.data);
        },
      ),
      runs(1000),
    ));

  it('SEC-5 never begin like a formula in an export, and come back', () =>
    fc.assert(
      fc.property(cell, (text) => {
        expect(toExportCell(text)).not.toMatch(/^[=+\-@\t\r]/);
        expect(fromExportCell(toExportCell(text))).toBe(text);
      }),
      runs(2000),
    ));
});

describe('UI-4 any file', () => {
  it('is planned without a throw, with valid fields only, each line at most once', () =>
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { maxLength: 6 }), { maxLength: 8 }),
        delimiter,
        fc.boolean(),
        (rows, d, hasHeader) => {
          const header = hasHeader ? `Name${d}Email${d}Wedding date${d}Price${d}Tags${d}Notes\n` : '';
          const result = plan(header + rows.map((cells) => cells.join(d)).join('\n'));
          const lines = result.rows.map(({ line }) => line);
          expect(new Set(lines).size).toBe(lines.length);
          for (const { fields } of result.rows) {
            for (const [field, value] of Object.entries(fields))
              expect(isValidValue(field, value), field).toBe(true);
          }
        },
      ),
      runs(600),
    ));

  it('has bytes that decode to some text', () =>
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(typeof decodeCsvBytes(bytes).text).toBe('string');
      }),
    ));
});

const text = (max: number) =>
  fc
    .oneof(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }), cell)
    .map((value) => normaliseText(value).slice(0, max))
    .map(normaliseText)
    .filter((value) => value !== '');
const lines = cell.map((value) => normaliseLines(`${value}\n${value}`)).filter((value) => value !== '');
const name = text(50).filter((value) => /\p{L}/u.test(value));
const tag = text(20)
  .map(normaliseTag)
  .filter((value) => value !== '')
  .map((value) => `tag:${value}`);

/** Records as they may stand in a document: all fields optional, values of rule 18. */
const record = fc
  .record(
    {
      firstName: name,
      lastName: name,
      partnerFirstName: name,
      partnerLastName: name,
      email: fc.emailAddress().map((email) => email.toLowerCase()),
      phone: fc.constantFrom('+44 7700 900123', '(555) 010-0199', '07700 900 222'),
      weddingDate: fc.oneof(
        fc.constant('tbd'),
        fc.integer({ min: 0, max: 80_000 }).map((n) => fromDayNumber(n) ?? 'tbd'),
      ),
      weddingTime: fc.constantFrom('00:00', '14:30'),
      venue: text(100),
      status: fc.constantFrom('enquiry', 'booked', 'lost'),
      packageName: text(100),
      price: fc
        .tuple(fc.nat(99_999_999), fc.constantFrom('USD', 'EUR', 'JPY', 'KWD'))
        .map(([n, c]) => `${n} ${c}`),
      leadSource: text(100),
      createdAt: fc.nat(2_000_000_000_000),
      'note:crm': lines,
      'ext:crm': text(30),
      'x:one': fc.oneof(lines, fc.boolean(), fc.integer(), fc.constantFrom('5', 'true', '"a"', '-1e3')),
    },
    { requiredKeys: ['firstName'] },
  )
  .chain((values) =>
    fc
      .array(tag, { maxLength: 3 })
      .map((tags) => ({ ...values, ...Object.fromEntries(tags.map((t) => [t, true])) })),
  )
  .map((values): Record<string, FieldValue> => {
    const entries = Object.entries(values).filter(([, value]) => value !== undefined);
    return Object.fromEntries(entries.filter(([field, value]) => isValidValue(field, value))) as Record<
      string,
      FieldValue
    >;
  })
  .filter((values) => values.firstName !== undefined);

describe('UI-4 export → import', () => {
  it('gives every record back as it was, and adds nothing to the list it came from', () =>
    fc.assert(
      fc.property(
        fc.uniqueArray(record, { maxLength: 4, selector: (r) => JSON.stringify(r) }),
        delimiter,
        (records, d) => {
          const exported = records.map((values, i) => ({ id: `r${i}`, values }));
          const file = toCsv(exported, { delimiter: d as ',' });
          const result = plan(file);
          expect(result.rows.flatMap(({ errors }) => errors)).toEqual([]);
          expect(result.rows.map(({ fields }) => fields)).toEqual(records);
          const again = plan(file, exported);
          expect(again.counts).toMatchObject({ add: 0, decide: 0 });
          expect(
            again.rows.every(
              ({ adds, differs }) => Object.keys(adds ?? {}).length + (differs?.length ?? 0) === 0,
            ),
          ).toBe(true);
        },
      ),
      runs(400),
    ));

  it('has a column for every named field', () => {
    const header = parseCsv(toCsv([]).slice(1), ',').rows[0]?.cells ?? [];
    expect(header).toHaveLength(RECORD_FIELDS.length + 3);
  });
});
