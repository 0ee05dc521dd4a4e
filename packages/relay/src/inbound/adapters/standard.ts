// The standard envelope: `{type | event, data: {clientId, changes}, timestamp}` with four events (DESIGN section 5).
import { changesToFields, type Fields } from '@wedsync/shared';
import * as z from 'zod';
import { applyMapping } from '../mapping/apply-mapping.ts';
import { storableText } from '../reasons.ts';
import { verifyEnvelope } from '../verify/verify.ts';
import type { Adapted, Adapter, Delivery, Provider } from './adapter.ts';
import { readEventTime } from './instant.ts';
import { isObject, type Json, readJson } from './json.ts';
import { isUsableId, refuse } from './occurrence.ts';

const EVENTS = ['client.created', 'client.updated', 'client.deleted', 'wedding.date_changed'] as const;
type EventName = (typeof EVENTS)[number];

/** What an event name may be shown as. */
const MAX_EVENT_NAME = 100;

const envelopeSchema = z.looseObject({
  type: z.unknown().optional(),
  event: z.unknown().optional(),
  timestamp: z.unknown().optional(),
  data: z.looseObject({
    clientId: z.union([z.string(), z.number()]).optional(),
    changes: z.record(z.string(), z.unknown()).nullish(),
    previous: z.unknown().optional(),
  }),
});
type Envelope = z.infer<typeof envelopeSchema>;

function nameOf(value: unknown): string {
  const { type, event } = (value ?? {}) as Record<string, unknown>;
  const name = typeof type === 'string' && type !== '' ? type : event;
  return typeof name === 'string' ? storableText(name.slice(0, MAX_EVENT_NAME)) : '';
}

function isEventName(name: string): name is EventName {
  return (EVENTS as readonly string[]).includes(name);
}

/** What was there before: fields by name, or the one value that changed. */
function previousOf(previous: unknown, fields: Fields): Fields {
  if (typeof previous === 'object' && previous !== null) return changesToFields(previous).fields;
  if (previous === undefined || previous === null) return {};
  const names = Object.keys(fields);
  const only = fields.weddingDate !== undefined ? 'weddingDate' : names.length === 1 ? names[0] : undefined;
  return only === undefined ? {} : changesToFields({ [only]: previous }).fields;
}

function readEvent(event: EventName, externalId: string, envelope: Envelope, delivery: Delivery): Adapted {
  const { changes, previous } = envelope.data;
  const occurredAtMs = Math.min(
    readEventTime(envelope.timestamp) ?? delivery.receivedAtMs,
    delivery.receivedAtMs,
  );
  const about = { event, externalId };
  if (event === 'client.deleted')
    return { ok: true, ...about, kind: 'delete', occurredAtMs, fields: {}, previous: {}, problems: [] };
  if (changes === undefined || changes === null)
    if (event !== 'client.created') return refuse('no-changes', about);

  const { mapping = [], timeZone, currency, dateOrder } = delivery.settings ?? {};
  const context = {
    ...(timeZone && { timeZone }),
    ...(currency && { currency }),
    ...(dateOrder && { dateOrder }),
  };
  // Rows of a person say what keys mean that we do not know.
  const own = new Set(mapping.map(({ from }) => from));
  const known = Object.entries(changes ?? {}).filter(([key]) => !own.has(key));
  const mapped = applyMapping(changes ?? {}, mapping, currency);
  const read = changesToFields({ ...Object.fromEntries(known), ...mapped, ...delivery.expressed }, context);
  const problems = read.problems.map(({ key, code }) => `${key.slice(0, MAX_EVENT_NAME)} (${code})`);
  const said: Fields = {
    ...read.fields,
    ...(read.notes === undefined ? {} : { [`note:${delivery.sourceId}`]: read.notes }),
  };
  const isEmpty = Object.keys(said).length === 0;
  if (isEmpty && problems.length > 0) return refuse('unreadable-values', { ...about, problems });
  if (event === 'wedding.date_changed' && said.weddingDate === undefined)
    return refuse('unreadable-values', { ...about, problems });
  const fields = event === 'client.created' ? { createdAt: occurredAtMs, ...said } : said;
  return {
    ok: true,
    ...about,
    kind: 'upsert',
    occurredAtMs,
    fields,
    previous: { ...read.previous, ...previousOf(previous, read.fields) },
    problems,
  };
}

/** Reads the standard envelope. */
export const adaptStandard: Adapter = (delivery) => {
  const json = readJson(delivery.body);
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return refuse('malformed');
  const event = nameOf(json);
  if (!isEventName(event)) return refuse('unknown-event', { event });
  const envelope = envelopeSchema.safeParse(json);
  if (!envelope.success) return refuse('malformed', { event });
  const { clientId } = envelope.data.data;
  const externalId = clientId === undefined ? '' : String(clientId).trim();
  if (!isUsableId(externalId)) return refuse('no-client-id', { event });
  return readEvent(event, externalId, envelope.data, delivery);
};

/** Whether a body is of this form, whoever sends it. */
export function isStandardEnvelope(body: Json): boolean {
  return isEventName(nameOf(body)) && isObject(body.data);
}

export const standard: Provider = {
  secret: 'either',
  verify: verifyEnvelope,
  payloadOf: ({ body }) => {
    const json = readJson(body);
    const { data } = isObject(json) ? json : {};
    return isObject(data) ? data.changes : undefined;
  },
  adapt: adaptStandard,
};
