// Bodies of the HTTP API, as schemas: the relay answers by them (and derives its OpenAPI page), the app reads by
// them. Objects ignore unknown keys, so either end may be newer.
import * as z from 'zod/mini';
import '../util/jitless.ts';

const text = (max: number) => z.string().check(z.minLength(1), z.maxLength(max));
const ms = z.number();

export const errorBodySchema = z.object({
  error: z.object({ code: z.string(), message: z.string(), retryable: z.boolean() }),
});

/** `GET /api/config`, public. `supabaseUrl` is the relay's own origin for the embedded default. */
export const configResponseSchema = z.object({
  supabaseUrl: z.string(),
  publishableKey: z.string(),
  embedded: z.boolean(),
  demo: z.optional(z.object({ email: z.string(), password: z.string() })),
  version: z.string(),
  serverTime: ms,
});
export type ConfigResponse = z.infer<typeof configResponseSchema>;

export const ROLES = ['owner', 'editor', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

/** A list as its members see it. `records` counts living couples as of the last projection. */
export const listSummarySchema = z.object({
  id: z.string(),
  name: z.string(),
  role: z.enum(ROLES),
  records: z.number(),
});
export type ListSummary = z.infer<typeof listSummarySchema>;

export const listsResponseSchema = z.object({ lists: z.array(listSummarySchema) });
export const createListRequestSchema = z.object({ name: text(200) });

export const createSourceRequestSchema = z.object({
  name: text(200),
  provider: z.literal('standard'),
  /** Settle window of DOCUMENT rule 9, in hours. */
  settleHours: z.optional(z.number().check(z.minimum(0), z.maximum(24 * 365))),
  /** Whether the weaker form with the signature inside the body is accepted too. */
  bodySignature: z.optional(z.boolean()),
});
export type CreateSourceRequest = z.infer<typeof createSourceRequestSchema>;

export const SOURCE_STATES = ['active', 'paused'] as const;

/** A webhook source. `url` is absolute. */
export const sourceSchema = z.object({
  id: z.string(),
  name: z.string(),
  provider: z.string(),
  state: z.enum(SOURCE_STATES),
  url: z.string(),
  settleHours: z.number(),
  createdAt: ms,
  lastEventAt: z.optional(ms),
});
export type Source = z.infer<typeof sourceSchema>;

export const sourcesResponseSchema = z.object({ sources: z.array(sourceSchema) });

/** Answer to creating or rotating: the only time that the secret is shown. */
export const sourceWithSecretSchema = z.extend(sourceSchema, { secret: z.string() });
export type SourceWithSecret = z.infer<typeof sourceWithSecretSchema>;

export const DELIVERY_STATES = [
  'waiting',
  'applied',
  'ignored',
  'duplicate',
  'quarantined',
  'failed',
] as const;

/** One received event. `reason` is a sentence for people; `fields` the names of what it touched. */
export const deliverySchema = z.object({
  id: z.string(),
  receivedAt: ms,
  event: z.string(),
  state: z.enum(DELIVERY_STATES),
  reason: z.optional(z.string()),
  recordId: z.optional(z.string()),
  fields: z.array(z.string()),
  /** How often the same event came again; each of them changed nothing. */
  duplicates: z.optional(z.number()),
});
export type Delivery = z.infer<typeof deliverySchema>;

/** Newest first, at most 100. */
export const deliveriesResponseSchema = z.object({ deliveries: z.array(deliverySchema) });

/** A signed request that can be pasted into a terminal; its signature is good for five minutes. */
export const sampleResponseSchema = z.object({ command: z.string(), event: z.string(), expiresAt: ms });

/** One value that a field had. `by` names a person or a source; `replacedAt` is missing for what still stands. */
export const historyEntrySchema = z.object({
  field: z.string(),
  value: z.union([z.string(), z.number(), z.boolean(), z.null()]),
  at: ms,
  by: z.object({
    kind: z.enum(['person', 'source', 'service']),
    id: z.string(),
    name: z.optional(z.string()),
  }),
  storedAt: z.optional(ms),
  replacedAt: z.optional(ms),
});
export type HistoryEntry = z.infer<typeof historyEntrySchema>;

/** Newest first. */
export const historyResponseSchema = z.object({ history: z.array(historyEntrySchema) });
