// From `data.changes` of an event to valid field values (DESIGN section 5): names, dates, prices and tags in their
// several forms. Absent, empty and placeholder values never clear a field.
import { type ChangeTarget, changeTarget } from './change-keys.ts';
import {
  type ChangeProblemCode,
  type ChangesContext,
  isNothing,
  isObject,
  type Json,
  readChange,
  readFamily,
  textOf,
} from './change-values.ts';
import { FIELD_FAMILIES, fieldInfo } from './fields.ts';
import { normaliseLines } from './text.ts';
import type { Fields, FieldValue } from './value.ts';

/** A key as it was sent, and what is wrong with its value. Holds no data. */
export interface ChangeProblem {
  readonly key: string;
  readonly code: ChangeProblemCode;
}

export interface ChangesResult {
  /** Valid values, none of them `null`. */
  readonly fields: Fields;
  /** Text for `note:<source>`; it never touches the shared note. */
  readonly notes?: string;
  /** What the source says the fields were before (DOCUMENT rule 9c); only what could be read. */
  readonly previous: Fields;
  /** Keys that say nothing: null, empty, placeholders, technical ones. */
  readonly ignored: readonly string[];
  readonly problems: readonly ChangeProblem[];
}

/** Whole names go first: the parts of names say more exactly who is who, and win. */
const WHOLE_NAMES: ReadonlySet<ChangeTarget | undefined> = new Set(['names', 'partner']);

const isNameTarget = (target: ChangeTarget): boolean =>
  WHOLE_NAMES.has(target) || (target.endsWith('Name') && target !== 'packageName');

/** Notes of several keys, one after the other; undefined when they are too long together. */
function joinNotes(earlier: string | undefined, value: unknown): string | undefined {
  const text = textOf(value);
  const note = normaliseLines([earlier ?? '', text ?? ''].join('\n'));
  return text === undefined || note.length > FIELD_FAMILIES.note.maxLength ? undefined : note;
}

const PREVIOUS_DATE = /date$/i;

/** What was there before: an object of fields, or one value for the one field that changed. */
function readPrevious(changes: Json, fields: Fields, context: ChangesContext): Fields {
  const entry = Object.entries(changes).find(([key]) => changeTarget(key) === 'previous');
  if (entry === undefined || isNothing(entry[1])) return {};
  const [key, value] = entry;
  if (isObject(value) && Object.keys(value).some((name) => changeTarget(name) !== undefined)) {
    const rest = Object.entries(value).filter(([name]) => changeTarget(name) !== 'previous');
    return changesToFields(Object.fromEntries(rest), context).fields;
  }
  const names = Object.keys(fields);
  const isDate = PREVIOUS_DATE.test(key) || fields.weddingDate !== undefined;
  const field = isDate ? 'weddingDate' : names.length === 1 ? names[0] : undefined;
  return field === undefined ? {} : changesToFields({ [field]: value }, context).fields;
}

/**
 * Reads an event's changes. Never throws, whatever was sent; every key ends up in `fields`, `notes`, `previous`,
 * `ignored` or `problems`. An explicit null is ignored like any other empty value.
 */
export function changesToFields(changes: unknown, context: ChangesContext = {}): ChangesResult {
  const ignored: string[] = [];
  const problems: ChangeProblem[] = [];
  const fields: Record<string, FieldValue> = {};
  let notes: string | undefined;
  if (!isObject(changes)) {
    if (changes !== null && changes !== undefined) problems.push({ key: '', code: 'invalid-value' });
    return { fields, previous: {}, ignored, problems };
  }
  const entries = Object.entries(changes).map(([key, value]) => ({ key, value, target: changeTarget(key) }));
  const isWhole = ({ target }: { target: ChangeTarget | undefined }) => WHOLE_NAMES.has(target);
  const ordered = [...entries.filter(isWhole), ...entries.filter((entry) => !isWhole(entry))];
  const currency = textOf(entries.find(({ target }) => target === 'currency')?.value) || undefined;

  for (const { key, value, target } of ordered) {
    const isFamily = target === undefined && /^(?:x|tag):/.test(key) && fieldInfo(key) !== undefined;
    if (target === 'currency' || target === 'previous') continue;
    if (target === undefined && !isFamily) problems.push({ key, code: 'unknown-field' });
    else if (target === 'technical' || isNothing(value, target && isNameTarget(target) ? 'name' : 'value')) {
      ignored.push(key);
    } else if (target === 'notes') {
      const joined = joinNotes(notes, value);
      if (joined === undefined)
        problems.push({ key, code: textOf(value) === undefined ? 'invalid-value' : 'too-long' });
      else notes = joined;
    } else {
      const reading =
        target === undefined ? readFamily(key, value) : readChange(target, value, context, currency);
      Object.assign(fields, reading.fields);
      if (reading.problem !== undefined) problems.push({ key, code: reading.problem });
      else if (Object.keys(reading.fields).length === 0) ignored.push(key);
    }
  }
  const previous = readPrevious(changes, fields, context);
  return { fields, previous, ignored, problems, ...(notes !== undefined && { notes }) };
}
