// What a person sets for a source: which of its values go into which of our fields, and how they are read.
import * as z from 'zod/mini';
import '../util/jitless.ts';

/** What may send changes; `generic` is anything that sends JSON. */
export const PROVIDERS = [
  'standard',
  'generic',
  'zapier',
  'make',
  'hubspot',
  'pipedrive',
  'calendly',
  'google-calendar',
  'typeform',
  'jotform',
  'acuity',
  'airtable',
  'vsco-workspace',
  'stripe',
] as const;

/** How a value is read before it becomes a field; `auto` is right unless the source writes something unusual. */
export const CONVERTERS = [
  'auto',
  'text',
  'day-dmy',
  'day-mdy',
  'day-ymd',
  'unix',
  'couple',
  'minor-units',
  'first-line',
] as const;
export type Converter = (typeof CONVERTERS)[number];

const path = z.string().check(z.minLength(1), z.maxLength(300));

export const mappingRowSchema = z.object({
  /** `data.contact.email`, `answers["Wedding date"]`, `items[0].name`. */
  from: path,
  /** A field of ours, `x:<custom>`, `notes`, `tags`, or `ignore`. */
  to: z.string().check(z.minLength(1), z.maxLength(80)),
  convert: z.optional(z.enum(CONVERTERS)),
  /** What the source's words become: `{"Closed won": "booked"}`. */
  words: z.optional(z.record(z.string().check(z.maxLength(200)), z.string().check(z.maxLength(200)))),
});
export type MappingRow = z.infer<typeof mappingRowSchema>;

export const sourceSettingsSchema = z.object({
  mapping: z.optional(z.array(mappingRowSchema).check(z.maxLength(100))),
  /** JSONata: from the payload to an object of our fields. What it answers wins over the table. */
  expression: z.optional(z.string().check(z.maxLength(10_000))),
  /** Where a couple's id stands, for sources that have no place of their own for it. */
  externalIdPath: z.optional(path),
  /** IANA zone in which the source's moments are days. */
  timeZone: z.optional(z.string().check(z.maxLength(64))),
  /** ISO 4217, for prices without one. */
  currency: z.optional(z.string().check(z.regex(/^[A-Z]{3}$/))),
  dateOrder: z.optional(z.enum(['dmy', 'mdy', 'ymd'])),
  /** Where to read in the provider: a calendar's id, a base and table. */
  calendarId: z.optional(z.string().check(z.maxLength(300))),
  baseId: z.optional(z.string().check(z.regex(/^app[A-Za-z0-9]{3,30}$/))),
  tableId: z.optional(z.string().check(z.maxLength(100))),
  /** Whether the first import rests. */
  isImportPaused: z.optional(z.boolean()),
});
export type SourceSettings = z.infer<typeof sourceSettingsSchema>;
