// Single values of an event's changes, in the forms that systems send them, to fields of ours.

import { calendarDateParts, toCalendarDate, toUtcMs } from './calendar-date.ts';
import type { ChangeTarget } from './change-keys.ts';
import { readClockTime } from './clock-time.ts';
import { normaliseEmail, normalisePhone } from './contact.ts';
import { type DateOrder, type DateReading, readDate, readInstant } from './date-input.ts';
import { fieldInfo } from './fields.ts';
import { namesFromList, namesTwo, splitNames, splitPerson } from './names.ts';
import { isPlaceholder } from './placeholder.ts';
import { priceFromNumber, readPrice, toPrice } from './price.ts';
import { readStatus, type StatusOption } from './statuses.ts';
import { normaliseTag, splitTags } from './tag.ts';
import { normaliseLines, normaliseText } from './text.ts';
import { isValidValue } from './validate.ts';
import type { Fields, FieldValue } from './value.ts';

/** Why a key was not taken over. The event stays in the inbox and can be replayed once this is fixed. */
export type ChangeProblemCode =
  | 'unknown-field'
  | 'invalid-value'
  | 'too-long'
  | 'invalid-email'
  | 'invalid-phone'
  | 'invalid-date'
  | 'ambiguous-date'
  | 'needs-time-zone'
  | 'invalid-time'
  | 'invalid-price'
  | 'needs-currency'
  | 'unknown-status';

/** What is known of the source and its list. */
export interface ChangesContext {
  /** IANA zone in which the source's moments are days; without it they are a problem, not a guess. */
  readonly timeZone?: string;
  /** ISO 4217: for prices without a currency. */
  readonly currency?: string;
  /** For all-number dates such as 12/06/2027; without it they are a problem, not a guess. */
  readonly dateOrder?: DateOrder;
  readonly locale?: string;
  readonly statuses?: readonly StatusOption[];
}

/** What a value comes to: fields (with or without a problem beside them), a problem, or nothing at all. */
export interface ChangeReading {
  readonly fields: Fields;
  readonly problem?: ChangeProblemCode;
}

export type Json = Readonly<Record<string, unknown>>;

const NOTHING: ChangeReading = { fields: {} };
const problem = (code: ChangeProblemCode): ChangeReading => ({ fields: {}, problem: code });

/** The last gate: only valid values become fields. `code` says what else is wrong than the length. */
function toField(field: string, value: FieldValue, code: ChangeProblemCode = 'invalid-value'): ChangeReading {
  if (value !== null && isValidValue(field, value)) return { fields: { [field]: value } };
  const max = fieldInfo(field)?.maxLength ?? 0;
  return problem(typeof value === 'string' && max > 0 && value.length > max ? 'too-long' : code);
}

/** Several fields from one value; the first problem stands for all. */
function toFields(values: Readonly<Record<string, FieldValue | undefined>>): ChangeReading {
  let fields: Fields = {};
  let first: ChangeProblemCode | undefined;
  for (const [field, value] of Object.entries(values)) {
    if (value === undefined) continue;
    const reading = toField(field, value);
    fields = { ...fields, ...reading.fields };
    first ??= reading.problem;
  }
  return first === undefined ? { fields } : { fields, problem: first };
}

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The text of a simple value; "" for what says nothing, undefined for what has no text. */
export function textOf(value: unknown): string | undefined {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : undefined;
}

/** The text of a value that may be wrapped: `{name}`, `{label}`, `{value}`, `{id}`. */
function labelOf(value: unknown): string | undefined {
  if (!isObject(value)) return textOf(value);
  const texts = ['name', 'label', 'title', 'value', 'text', 'id'].map((key) => textOf(value[key]));
  return texts.find((text) => text !== undefined && text !== '');
}

/** Whether a value says nothing: null, empty, a placeholder, or a list or object of such. */
export function isNothing(value: unknown, as: 'value' | 'name' = 'value'): boolean {
  if (value === null || value === undefined) return true;
  if (typeof value === 'string') return isPlaceholder(value, as);
  const parts = Array.isArray(value) ? value : isObject(value) ? Object.values(value) : undefined;
  // Deep nesting is nothing that we read, and must not cost a stack.
  return (
    parts?.every((part) =>
      typeof part === 'object' && part !== null ? isEmptyShell(part) : isNothing(part, as),
    ) ?? false
  );
}

const isEmptyShell = (value: object): boolean => Object.keys(value).length === 0;

/** One person's full name, from a text or an object with its parts. */
function personName(value: unknown): string | undefined {
  if (!isObject(value)) return textOf(value);
  const parts = [
    textOf(value.firstName ?? value.first ?? value.given),
    textOf(value.lastName ?? value.last ?? value.family),
  ].filter((part) => part !== undefined && part !== '');
  return parts.length > 0 ? parts.join(' ') : labelOf(value);
}

/** `["Zoë van den Berg", "Tom Fletcher"]`, `[{firstName, lastName}, …]`, "Zoë & Tom". */
function readNames(value: unknown): ChangeReading {
  const names = (Array.isArray(value) ? value : [value]).map(personName);
  const texts = names.filter((name) => name !== undefined);
  if (texts.length < names.length) return problem('invalid-value');
  const reading = toFields(Array.isArray(value) ? namesFromList(texts) : splitNames(texts[0] ?? ''));
  const people = texts.filter((name) => !isPlaceholder(name, 'name')).length;
  // A third name has no field: the first two are taken, and it is said so.
  return people > 2 ? { problem: 'invalid-value', ...reading } : reading;
}

function readPartner(value: unknown): ChangeReading {
  const name = personName(value);
  if (name === undefined) return problem('invalid-value');
  const { first, last } = splitPerson(name);
  return toFields({ partnerFirstName: first, partnerLastName: last });
}

/** Seconds or milliseconds since 1970 from a number: seconds reach 12 digits in the year 5138. */
const toMs = (value: number): number => (Math.abs(value) < 1e11 ? value * 1000 : value);

function readDay(value: unknown, context: ChangesContext): DateReading {
  const { timeZone, dateOrder, locale } = context;
  if (isObject(value)) {
    if (typeof value.year === 'number') {
      const date = toCalendarDate({ year: value.year, month: Number(value.month), day: Number(value.day) });
      return date === undefined ? { state: 'invalid' } : { state: 'date', date };
    }
    const zone = typeof value.timeZone === 'string' ? value.timeZone : timeZone;
    const inner = value.date ?? value.dateTime ?? value.start ?? value.value;
    return isObject(inner)
      ? { state: 'invalid' }
      : readDay(inner, { ...context, ...(zone && { timeZone: zone }) });
  }
  if (typeof value === 'number') {
    const compact = readDate(String(value)); // 20270612
    return compact.state === 'date' ? compact : readInstant(toMs(value), timeZone);
  }
  if (typeof value !== 'string') return { state: 'invalid' };
  if (/^(?:\d{10}|\d{13})$/.test(value.trim())) return readInstant(toMs(Number(value)), timeZone);
  return readDate(value, { order: dateOrder, locale, timeZone });
}

function readWeddingDate(value: unknown, context: ChangesContext): ChangeReading {
  const reading = readDay(value, context);
  switch (reading.state) {
    case 'date':
      return toField('weddingDate', reading.date);
    case 'ambiguous':
      return problem('ambiguous-date');
    case 'instant':
      return problem('needs-time-zone');
    case 'invalid':
      return problem('invalid-date');
    case 'undecided':
    case 'empty':
      return NOTHING;
  }
}

/** 3200 with a currency beside it, "€3,200", `{amount, currency}` in major units, `{minorUnits, currency}`. */
function readMoney(value: unknown, context: ChangesContext, sibling: string | undefined): ChangeReading {
  const wrapped: Json = isObject(value) ? value : { amount: value };
  const named = textOf(wrapped.currency ?? wrapped.currencyCode) || sibling;
  const currency = (named || context.currency)?.trim().toUpperCase();
  const amount = wrapped.amount ?? wrapped.value ?? wrapped.total;
  if (typeof amount === 'string' && typeof wrapped.minorUnits !== 'number') {
    // A currency that is named counts for an amount without one; a sign in the text says more.
    const reading = readPrice(amount, { preferred: currency, locale: context.locale });
    return reading.ok ? toField('price', reading.value) : problem(reading.code);
  }
  if (currency === undefined) return problem('needs-currency');
  const price =
    typeof wrapped.minorUnits === 'number'
      ? toPrice({ minor: wrapped.minorUnits, currency })
      : typeof amount === 'number'
        ? priceFromNumber(amount, currency)
        : undefined;
  return price === undefined ? problem('invalid-price') : toField('price', price);
}

function tagList(value: unknown): string[] {
  if (!Array.isArray(value)) return splitTags(labelOf(value) ?? '');
  return value.map((item) => normaliseTag(labelOf(item) ?? '')).filter((tag) => !isPlaceholder(tag));
}

/** Tags that are listed are set; others stay. `{add, remove}` takes some off. */
function readTags(value: unknown): ChangeReading {
  const isDifference = isObject(value) && (value.add !== undefined || value.remove !== undefined);
  const added = tagList(isDifference ? value.add : value).map((tag) => [`tag:${tag}`, true] as const);
  const removed = isDifference ? tagList(value.remove).map((tag) => [`tag:${tag}`, false] as const) : [];
  const fields = Object.fromEntries([...removed, ...added]);
  return Object.keys(fields).length > 0 ? toFields(fields) : problem('invalid-value');
}

/** A moment with its zone exactly, a plain date as its midnight UTC. */
function readCreatedAt(value: unknown, context: ChangesContext): ChangeReading {
  const text = typeof value === 'string' ? value.trim() : '';
  const exact = /^\d{4}-\d\d-\d\dT.*(?:Z|[+-]\d\d:?\d\d)$/i.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(exact)) return toField('createdAt', exact, 'invalid-date');
  const isEpoch = typeof value === 'number' && calendarDateParts(String(value)) === undefined;
  if (isEpoch) return toField('createdAt', Math.round(toMs(value)), 'invalid-date');
  const day = readDay(value, context);
  return toField('createdAt', day.state === 'date' ? (toUtcMs(day.date) ?? null) : null, 'invalid-date');
}

/** `{hair: "up"}` becomes `x:hair`. */
function readCustom(value: unknown): ChangeReading {
  if (!isObject(value)) return problem('invalid-value');
  const readings = Object.entries(value).map(([id, item]) => readFamily(`x:${id}`, item));
  const wrong = readings.find((reading) => reading.problem !== undefined)?.problem;
  const fields = Object.assign({}, ...readings.map((reading) => reading.fields));
  return wrong === undefined ? { fields } : { fields, problem: wrong };
}

/** A field that is sent by its own name, `x:<id>` or `tag:<name>`. */
export function readFamily(field: string, value: unknown): ChangeReading {
  if (isNothing(value)) return NOTHING;
  if (typeof value === 'string') return toField(field, normaliseLines(value));
  return typeof value === 'boolean' || typeof value === 'number'
    ? toField(field, value)
    : problem('invalid-value');
}

/** Values that are one text, plain or wrapped. */
function readText(target: ChangeTarget, value: unknown, context: ChangesContext): ChangeReading {
  const text = labelOf(value);
  if (text === undefined) return problem('invalid-value');
  switch (target) {
    case 'firstName':
      // "Priya & Sam" names both.
      return namesTwo(text) ? toFields(splitNames(text)) : toField(target, normaliseText(text));
    case 'email':
      return toField(target, normaliseEmail(text), 'invalid-email');
    case 'phone':
      return toField(target, normalisePhone(text), 'invalid-phone');
    case 'weddingTime':
      return toField(target, readClockTime(text) ?? null, 'invalid-time');
    case 'status':
      return toField(target, readStatus(text, context.statuses) ?? null, 'unknown-status');
    case 'photo':
      return toField(target, /^https:\/\//.test(text) ? normaliseText(text) : null);
    default:
      return toField(target, normaliseText(text));
  }
}

/** Reads one value; notes, previous values and technical keys are not for here. */
export function readChange(
  target: ChangeTarget,
  value: unknown,
  context: ChangesContext,
  currency: string | undefined,
): ChangeReading {
  switch (target) {
    case 'names':
      return readNames(value);
    case 'partner':
      return readPartner(value);
    case 'weddingDate':
      return readWeddingDate(value, context);
    case 'price':
      return readMoney(value, context, currency);
    case 'tags':
      return readTags(value);
    case 'createdAt':
      return readCreatedAt(value, context);
    case 'custom':
      return readCustom(value);
    default:
      return readText(target, value, context);
  }
}
