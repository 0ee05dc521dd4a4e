// The JSON bodies of `hello` and `event`: what each end may rely on. Unknown keys and event types are ignored.
import * as z from 'zod/mini';
import '../util/jitless.ts';

const count = z.number().check(z.int(), z.nonnegative());

/** First message of the relay on every v1 socket. */
const helloSchema = z.object({
  protocol: z.literal(1),
  /** Format of the document (DOCUMENT rule 3); a device that knows only lower ones opens it read-only. */
  format: count,
  /** Changes when the document is rebuilt or restored: the device then rebases (DOCUMENT rule 19). */
  lineage: z.string(),
  /** Relay's clock, UTC ms. */
  serverTime: z.number(),
  access: z.enum(['write', 'read']),
  /** Names this socket in logs and support requests. */
  session: z.string(),
  limits: z.object({ frameBytes: count, documentBytes: count }),
  /** Sequence of the newest stored update when the socket was opened. */
  head: count,
});

export type Hello = z.infer<typeof helloSchema>;

/** Any event, known or not: a JSON object with a `type`. */
export type WireEvent = { readonly type: string; readonly [key: string]: unknown };

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

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The body of a `hello`, or undefined when it is not one of this protocol. */
export function parseHello(text: string): Hello | undefined {
  const result = helloSchema.safeParse(parseJson(text));
  return result.success ? result.data : undefined;
}

/** The body of an `event`, or undefined when it is not an object with a `type`. */
export function parseWireEvent(text: string): WireEvent | undefined {
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return typeof (value as { type?: unknown }).type === 'string' ? (value as WireEvent) : undefined;
}

/** A known event with its checked fields, or undefined for one that a newer relay sends. */
export function toRelayEvent(event: WireEvent): RelayEvent | undefined {
  const result = relayEventSchema.safeParse(event);
  return result.success ? result.data : undefined;
}
