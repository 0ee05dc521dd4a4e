// The events of the relay that this version knows, as schemas. Unknown keys and types are ignored.
import * as z from 'zod/mini';
import '../util/jitless.ts';
import type { WireEvent } from './json.ts';

const relayEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('token-accepted'), expiresAt: z.number() }),
  z.object({ type: z.literal('access-changed'), access: z.enum(['write', 'read', 'none']) }),
  z.object({ type: z.literal('lineage-changed'), lineage: z.string() }),
  z.object({
    type: z.literal('record.changed'),
    recordId: z.string(),
    fields: z.array(z.string()),
    /** `person:<id>` or `source:<id>`. */
    by: z.optional(z.string()),
    sourceName: z.optional(z.string()),
    at: z.optional(z.number()),
  }),
  z.object({ type: z.literal('conflict.opened'), recordId: z.string(), field: z.string() }),
  z.object({ type: z.literal('conflict.resolved'), recordId: z.string(), field: z.string() }),
  z.object({ type: z.literal('source.failing'), sourceId: z.string(), name: z.string(), cause: z.string() }),
  z.object({ type: z.literal('source.recovered'), sourceId: z.string(), name: z.string() }),
  /** The state of a check changed: what is shown of the health should be read again. */
  z.object({ type: z.literal('health.changed') }),
  /** Something needs a person's attention, or, with `closedAt`, does not any more. */
  z.object({
    type: z.literal('health.incident'),
    id: z.string(),
    /** Null for what concerns the whole relay. */
    listId: z.nullable(z.string()),
    title: z.string(),
    cause: z.string(),
    fix: z.string(),
    openedAt: z.number(),
    closedAt: z.nullable(z.number()),
  }),
  z.object({ type: z.literal('storage.degraded'), since: z.number() }),
  z.object({ type: z.literal('storage.recovered') }),
]);

/** The events that this version knows. */
export type RelayEvent = z.infer<typeof relayEventSchema>;

/** A known event with its checked fields, or undefined for one that a newer relay sends. */
export function toRelayEvent(event: WireEvent): RelayEvent | undefined {
  const result = relayEventSchema.safeParse(event);
  return result.success ? result.data : undefined;
}
