// A row of `client_list_cache` as other programs read it, checked on the way in.
import * as z from 'zod/mini';
import '../util/jitless.ts';

const text = z.nullable(z.string());

/** Unknown columns are ignored: the table may be newer than the program. */
export const clientRowSchema = z.object({
  list_id: z.string(),
  record_id: z.string(),
  /** The list's owner. */
  supplier_id: z.string(),
  first_name: text,
  last_name: text,
  partner_first_name: text,
  partner_last_name: text,
  email: text,
  phone: text,
  /** A calendar day, `2027-06-12`; no time, no zone. */
  wedding_date: text,
  wedding_time: text,
  venue: text,
  status: text,
  package_name: text,
  /** Cents or the like of `price_currency`. */
  price_minor: z.nullable(z.number()),
  price_currency: text,
  photo: text,
  lead_source: text,
  tags: z.array(z.string()),
  fields: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  /** Grows with every change of the list; the same change has the same version everywhere. */
  version: z.number(),
  conflict: z.boolean(),
  /** Set while the couple is in the trash or gone. */
  deleted_at: text,
  updated_at: z.string(),
});
export type ClientRow = z.infer<typeof clientRowSchema>;

/** Realtime leaves out what did not fit into its message (values above 1 MB): such a row is read again instead. */
export function parseClientRow(value: unknown): ClientRow | undefined {
  const parsed = clientRowSchema.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}
