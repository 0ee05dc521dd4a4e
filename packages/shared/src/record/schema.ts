// Values as zod schemas, for the rims (HTTP bodies, stored tables, OpenAPI). The same verdicts as validate.ts.
import * as z from 'zod/mini';
import '../util/jitless.ts';
import { daysInMonth } from './calendar-date.ts';
import { EMAIL_MAX, normaliseEmail, normalisePhone, PHONE_MAX } from './contact.ts';
import { isCurrency } from './currency.ts';
import { type FieldKind, fieldInfo } from './fields.ts';
import { asciiDigits } from './fold.ts';
import { normaliseLines, normaliseText } from './text.ts';
import type { Fields } from './value.ts';

const storedAs = (normalise: (text: string) => string) =>
  z.refine<string>((text) => normalise(text) === text, 'not in its stored form');

const line = (max: number) =>
  z.string().check(
    z.minLength(1),
    z.maxLength(max),
    z.refine<string>((t) => !/[\n\r\t]/.test(t)),
    storedAs(normaliseText),
  );
const lines = (max: number) => z.string().check(z.minLength(1), z.maxLength(max), storedAs(normaliseLines));

/** A real day of the Gregorian calendar, `YYYY-MM-DD`. */
export const calendarDateSchema = z.string().check(
  z.regex(/^(?!0000)\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/),
  z.refine(
    (text) => Number(text.slice(8)) <= daysInMonth(Number(text.slice(0, 4)), Number(text.slice(5, 7))),
  ),
);

const schemas: Record<FieldKind, (max: number) => z.ZodMiniType> = {
  text: line,
  lines,
  email: () =>
    z.string().check(
      z.maxLength(EMAIL_MAX),
      z.regex(/^[^\s@]+@[^\s@]+\.[^\s@]+$/u),
      z.refine((text) => !/[<>()[\],;:"\\]/.test(text) && !/@\.|@.*\.\.|\.$/.test(text)),
      storedAs(normaliseEmail),
    ),
  phone: () =>
    z.string().check(
      z.maxLength(PHONE_MAX),
      z.refine((text) => (asciiDigits(text).match(/\d/g) ?? []).length >= 3),
      storedAs(normalisePhone),
    ),
  date: () => z.union([z.literal('tbd'), calendarDateSchema]),
  time: () =>
    z.string().check(
      z.regex(/^\d\d:\d\d$/),
      z.refine((t) => t < '24' && t.slice(3) < '60'),
    ),
  status: (max) => z.string().check(z.maxLength(max), z.regex(/^[a-z0-9][a-z0-9_-]*$/)),
  price: () =>
    z.string().check(
      z.regex(/^(?:0|[1-9]\d*) [A-Z]{3}$/),
      z.refine((text) => text.length <= 19 && isCurrency(text.slice(-3))),
    ),
  flag: () => z.boolean(),
  instant: () => z.number().check(z.int(), z.minimum(0), z.maximum(8.64e15)),
  custom: (max) => z.union([z.boolean(), z.number(), lines(max)]),
};

/** The schema of one field's values, `null` included; never matches for unknown fields. */
export function fieldSchema(field: string): z.ZodMiniType {
  const info = fieldInfo(field);
  return info === undefined ? z.never() : z.nullable(schemas[info.kind](info.maxLength));
}

const cache = new Map<string, z.ZodMiniType>();

function cachedSchema(field: string): z.ZodMiniType {
  const known = cache.get(field);
  if (known !== undefined) return known;
  const schema = fieldSchema(field);
  // Tags are without number: only the named fields are worth keeping.
  if (!field.includes(':')) cache.set(field, schema);
  return schema;
}

/** Fields of a record as a JSON object; one issue per field that does not hold, at its name. */
export const fieldsSchema: z.ZodMiniType<Fields> = z
  .record(z.string(), z.union([z.null(), z.boolean(), z.number(), z.string()]))
  .check((context) => {
    for (const [field, value] of Object.entries(context.value)) {
      if (cachedSchema(field).safeParse(value).success) continue;
      context.issues.push({ code: 'custom', message: 'not a valid value', input: value, path: [field] });
    }
  });
