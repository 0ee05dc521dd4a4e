// Bodies of the HTTP API, as schemas: the relay answers by them (and derives its OpenAPI page), the app reads by
// them. Objects ignore unknown keys, so either end may be newer.
import * as z from 'zod/mini';
import '../util/jitless.ts';
import { PROVIDERS, sourceSettingsSchema } from './source-settings.ts';

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

const providerSecret = z.string().check(z.minLength(8), z.maxLength(500));

export const createSourceRequestSchema = z.object({
  name: text(200),
  provider: z.enum(PROVIDERS),
  /** Settle window of DOCUMENT rule 9, in hours. */
  settleHours: z.optional(z.number().check(z.minimum(0), z.maximum(24 * 365))),
  /** Whether the weaker form with the signature inside the body is accepted too. */
  bodySignature: z.optional(z.boolean()),
  /** A secret that the provider made; without one we make it. */
  secret: z.optional(providerSecret),
  settings: z.optional(sourceSettingsSchema),
});
export const rotateSourceRequestSchema = z.optional(z.object({ secret: z.optional(providerSecret) }));
export type CreateSourceRequest = z.infer<typeof createSourceRequestSchema>;

export const SOURCE_STATES = ['active', 'paused'] as const;

export const DELIVERY_STATES = [
  'waiting',
  'applied',
  'ignored',
  'duplicate',
  'quarantined',
  'failed',
] as const;

/** The first import of a source that is read from its provider. */
const sourceImportSchema = z.object({
  state: z.enum(['running', 'paused', 'done']),
  /** How many things were read. */
  read: z.number(),
  endedAt: z.optional(ms),
  /** For a week after its end: how many of them are in which state. */
  outcomes: z.optional(z.partialRecord(z.enum(DELIVERY_STATES), z.number())),
});

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
  settings: z.optional(sourceSettingsSchema),
  bodySignature: z.optional(z.boolean()),
  /** Whether it can be read from its provider, and whether an account is connected for that. */
  canConnect: z.optional(z.boolean()),
  isConnected: z.optional(z.boolean()),
  /** Why reading does not work, as a sentence. */
  problem: z.optional(z.string()),
  import: z.optional(sourceImportSchema),
  /** Mapped places that its events do not have any more. */
  vanished: z.optional(z.array(z.string())),
});
export type Source = z.infer<typeof sourceSchema>;

export const sourcesResponseSchema = z.object({ sources: z.array(sourceSchema) });

/** Answer to creating or rotating: the only time that the secret is shown. */
export const sourceWithSecretSchema = z.extend(sourceSchema, { secret: z.string() });
export type SourceWithSecret = z.infer<typeof sourceWithSecretSchema>;

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
  /** Where deliveries of several sources stand together. */
  sourceId: z.optional(z.string()),
});
export type Delivery = z.infer<typeof deliverySchema>;

/** Newest first, at most 100. */
export const deliveriesResponseSchema = z.object({ deliveries: z.array(deliverySchema) });

/** What a delivery said, as text with what looks like a secret taken out. */
export const deliveryBodyResponseSchema = z.object({ event: z.string(), receivedAt: ms, body: z.string() });

/** Which deliveries to apply again: received in [from, to), UTC ms. */
export const replayRangeRequestSchema = z.object({
  from: z.number(),
  to: z.optional(z.number()),
  /** Also what was applied already: after a change of the mapping. */
  isAll: z.optional(z.boolean()),
});
export const replayedResponseSchema = z.object({ count: z.number() });

/** Credentials for reading from a provider; their names are the provider's affair. */
export const connectRequestSchema = z.object({
  credentials: z.record(z.string().check(z.maxLength(40)), z.string().check(z.maxLength(4000))),
});

/** What the settings would make of the newest deliveries. */
export const previewRequestSchema = z.object({ settings: sourceSettingsSchema });
export const previewResponseSchema = z.object({
  previews: z.array(
    z.object({
      id: z.string(),
      event: z.string(),
      receivedAt: ms,
      values: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
      problems: z.array(z.string()),
      reason: z.optional(z.string()),
    }),
  ),
  /** Places of the newest payloads with a value each, to choose from. */
  places: z.array(z.object({ path: z.string(), sample: z.string() })),
});
export type SourcePreview = z.infer<typeof previewResponseSchema>;

/** A row of the audit log: who did what, when, why, to which fields. Never a value. */
export const auditRowSchema = z.object({
  id: z.number(),
  at: ms,
  actor: z.string(),
  action: z.string(),
  outcome: z.string(),
  reason: z.nullable(z.string()),
  recordId: z.nullable(z.string()),
  fields: z.array(z.string()),
  sourceId: z.nullable(z.string()),
  deliveryId: z.nullable(z.number()),
  count: z.number(),
});
export const auditResponseSchema = z.object({ rows: z.array(auditRowSchema) });

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
