// One row of cells to the fields of a record.
import { addDays, toUtcMs } from '../calendar-date.ts';
import { readClockTime } from '../clock-time.ts';
import { isEmail, isPhone, normaliseEmail, normalisePhone } from '../contact.ts';
import { readDate } from '../date-input.ts';
import { parsePrice, readPrice } from '../price.ts';
import { isStatusId, readStatus } from '../statuses.ts';
import { normaliseLines, normaliseText } from '../text.ts';
import { UNDECIDED_DATE } from '../validate.ts';
import type { FieldValue } from '../value.ts';
import type { CsvTarget } from './header-target.ts';
import type { CsvRow } from './parse-csv.ts';
import { readNames } from './row-names.ts';
import { type RowContext, type RowFields, RowReader } from './row-reader.ts';

/** Days from 1899-12-30 on, as spreadsheets count: what a date cell without a format looks like. */
const EXCEL_SERIAL = /^[2-7]\d{4}(?:\.0+)?$/;

/** The day of a date cell, or undefined with an error noted (none for "TBD"). */
function readDay(row: RowReader, target: CsvTarget, context: RowContext): string | undefined {
  const text = row.text(target).trim();
  if (text === '') return undefined;
  if (EXCEL_SERIAL.test(text)) return addDays('1899-12-30', Number.parseInt(text, 10));
  const order = context.dateOrder;
  const reading = readDate(text, { locale: context.locale, ...(order && { order, isStrict: true }) });
  switch (reading.state) {
    case 'date':
      return reading.date;
    case 'ambiguous':
      row.fail('ambiguous-date', target);
      return undefined;
    case 'instant':
      row.fail('needs-time-zone', target);
      return undefined;
    case 'invalid':
      row.fail('invalid-date', target);
      return undefined;
    case 'undecided':
    case 'empty':
      return undefined;
  }
}

/** The first good address of a cell; people write two into one. */
function readEmail(row: RowReader, target: 'email' | 'partnerEmail'): string | undefined {
  const text = row.text(target);
  if (text === '') return undefined;
  const found = [text, ...text.split(/[;,\s/|]+/)].map(normaliseEmail).find(isEmail);
  if (found === undefined) row.fail('invalid-email', target);
  return found;
}

function readPhone(row: RowReader, target: 'phone' | 'partnerPhone'): string | undefined {
  const phone = normalisePhone(row.text(target));
  if (phone === '') return undefined;
  if (isPhone(phone)) return phone;
  row.fail('invalid-phone', target);
  return undefined;
}

/** Contacts of both people: a record has one of each, the other one is kept in a note. */
function readContacts(row: RowReader): void {
  const emails = [readEmail(row, 'email'), readEmail(row, 'partnerEmail')].filter(
    (email) => email !== undefined,
  );
  const phones = [readPhone(row, 'phone'), readPhone(row, 'partnerPhone')].filter(
    (phone) => phone !== undefined,
  );
  if (emails[0] !== undefined) row.set('email', emails[0], 'email');
  if (phones[0] !== undefined) row.set('phone', phones[0], 'phone');
  if (emails[1] !== undefined && emails[1] !== emails[0])
    row.notes.push({ header: 'Second e-mail', text: emails[1] });
  if (phones[1] !== undefined && phones[1] !== phones[0])
    row.notes.push({ header: 'Second phone', text: phones[1] });
}

function readStatusAndBooking(row: RowReader, context: RowContext): void {
  const text = row.text('status');
  const own = row.isExport && isStatusId(text) ? text : undefined;
  const status = own ?? (text === '' ? undefined : readStatus(text, context.statuses));
  // "Other" in a CRM's list of stages says that none fits.
  if (text !== '' && status === undefined && !/^(?:other|andere[rs]?)$/i.test(text.trim()))
    row.fail('unknown-status', 'status');
  const isTicked = /^(?:yes|ja|x|true|wahr|✓|✔)$/i.test(row.text('bookedDate').trim());
  const isBooked = isTicked || readDay(row, 'bookedDate', context) !== undefined;
  const isOpen = status === undefined || status === 'enquiry' || status === 'proposal';
  const hasBookings = context.mapping.some(({ target }) => target === 'bookedDate');
  const derived =
    isBooked && isOpen ? 'booked' : (status ?? (hasBookings && text === '' ? 'enquiry' : undefined));
  if (derived !== undefined) row.set('status', derived, 'status');
}

function readMoney(row: RowReader, context: RowContext): void {
  const text = row.text('price');
  if (text === '') return;
  const reading = readPrice(text, { locale: context.locale, preferred: context.currency });
  if (!reading.ok) row.fail(reading.code, 'price');
  // HoneyBook writes $0.00 for projects without a price.
  else if (context.profile !== 'honeybook' || parsePrice(reading.value)?.minor !== 0)
    row.set('price', reading.value, 'price');
}

function readCreated(row: RowReader, context: RowContext): void {
  const text = row.text('createdAt').trim();
  const exact = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text) ? Date.parse(text) : Number.NaN;
  const day = Number.isNaN(exact) ? readDay(row, 'createdAt', context) : undefined;
  const ms = Number.isNaN(exact) ? (day === undefined ? undefined : toUtcMs(day)) : exact;
  if (ms !== undefined && ms >= 0) row.set('createdAt', ms, 'createdAt');
}

/** One note of the import: the text alone when one column has notes, else each under its header. */
function noteText(notes: readonly { header: string; text: string }[], isOnly: boolean): string {
  if (isOnly && notes.length === 1) return normaliseLines(notes[0]?.text ?? '');
  return normaliseLines(
    notes.map(({ header, text }) => `${normaliseText(header)}: ${text.trim()}`).join('\n'),
  );
}

/** Texts that go into a field of the same name as they are. */
const PLAIN = ['venue', 'packageName', 'leadSource'] as const;

/** The fields of one row. Placeholders and empty cells are absent; nothing here ever clears a field. */
export function readRow(cells: CsvRow, context: RowContext): RowFields {
  const row = new RowReader(cells, context);
  const source = `${context.profile}-csv`.replace('csv-csv', 'csv');
  for (const [field, value] of Object.entries(readNames(row))) row.set(field, value, 'name');
  readContacts(row);
  readStatusAndBooking(row, context);
  const date = readDay(row, 'weddingDate', context);
  if (date !== undefined) row.set('weddingDate', date, 'weddingDate');
  else if (row.isExport && row.text('weddingDate') === UNDECIDED_DATE)
    row.fields.weddingDate = UNDECIDED_DATE;
  const time = row.text('weddingTime');
  if (time !== '') {
    const read = readClockTime(time);
    if (read === undefined) row.fail('invalid-time', 'weddingTime');
    else row.set('weddingTime', read, 'weddingTime');
  }
  for (const field of PLAIN)
    if (row.text(field) !== '') row.set(field, normaliseText(row.text(field)), field);
  const photo = normaliseText(row.text('photo'));
  if (photo !== '') row.set('photo', row.isExport || /^https:\/\//.test(photo) ? photo : '', 'photo');
  readMoney(row, context);
  readCreated(row, context);
  if (row.text('externalId') !== '')
    row.set(`ext:${source}`, normaliseText(row.text('externalId')), 'externalId');
  for (const target of row.targets()) {
    if (target.startsWith('x:')) row.set(target, readCustom(row.text(target), row.isExport), target);
    else if (target.startsWith('ext:')) row.set(target, normaliseText(row.text(target)), target);
    else if (target.startsWith('note:')) row.set(target, normaliseLines(row.text(target)), target);
  }
  const isOnlyNotes = context.mapping.filter(({ target }) => target === 'notes').length === 1;
  if (row.notes.length > 0) {
    // A file of ours may have this very field as a column, too.
    const earlier = row.fields[`note:${source}`];
    const note = noteText(row.notes, isOnlyNotes);
    row.set(`note:${source}`, typeof earlier === 'string' ? `${earlier}\n\n${note}` : note, 'notes');
  }
  const recordId = row.text('recordId');
  const isId = /^[A-Za-z0-9_-]{1,64}$/.test(recordId);
  return { fields: row.fields, errors: row.errors, ...(isId && { recordId }) };
}

/** Custom fields of our own export say their type: what is no text there is written as JSON. */
function readCustom(text: string, isExport: boolean): FieldValue {
  if (isExport && /^(?:true|false|"[\s\S]*"|-?\d[\d.eE+-]*)$/.test(text)) {
    try {
      const value: unknown = JSON.parse(text);
      if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
    } catch {
      return normaliseLines(text);
    }
  }
  return normaliseLines(text);
}
