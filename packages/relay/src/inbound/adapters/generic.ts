// Anything that can send JSON: Zapier, Make and scripts, with keys that the sender's owner chose. Known keys are read
// by their names; the mapping says what the rest means. All values may be text, and an empty one says nothing.
import type { MappingRow } from '@wedsync/shared';
import { namesFromProject, readStatus } from '@wedsync/shared';
import type { Changes } from '../mapping/apply-mapping.ts';
import { guessTarget } from '../mapping/guess-target.ts';
import { joinPath } from '../mapping/path.ts';
import { verifyAny } from '../verify/verify.ts';
import type { EventKind, Provider } from './adapter.ts';
import { splitArray } from './bundle.ts';
import { firstText, isObject, type Json, objectOf, readJson, textOf } from './json.ts';
import { mailId, refuse, toAdapted } from './occurrence.ts';
import { adaptStandard, isStandardEnvelope } from './standard.ts';

const EVENT_KEYS = ['event', 'event_type', 'eventType', 'type', 'action', 'trigger'];
const ID_KEYS =
  'external_id externalId client_id clientId contact_id contactId lead_id leadId project_id projectId job_id jobId record_id recordId id uuid';
const TIME_KEYS = 'occurred_at occurredAt timestamp updated_at updatedAt booked_at created_at createdAt';
/** Keys that say where the event came from, not what happened. */
const ENVELOPE = new Set([...EVENT_KEYS, 'source', 'app', 'event_id', 'eventId', 'timestamp', 'occurred_at']);

/** What the event's name alone says: "project_booked". */
const STATUS_WORDS: readonly (readonly [RegExp, string])[] = [
  [/\b(?:booked|accepted|won|signed|confirmed)\b/, 'booked'],
  [/\b(?:canceled|cancelled|lost|declined)\b/, 'lost'],
  [/\b(?:completed|delivered)\b/, 'completed'],
  [
    /\b(?:lead|inquiry|enquiry)\b.*\b(?:created|new|received|added)\b|\bnew (?:lead|inquiry|enquiry)\b/,
    'enquiry',
  ],
];
const DELETED = /\b(?:deleted|removed|delete)$/;

const wordsOf = (event: string) =>
  event
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ');

/** The object that holds the values: the body, or what is wrapped in it. */
function coreOf(body: Json): { core: Json; under: string } {
  for (const key of ['data', 'payload', 'client', 'contact', 'record', 'body'])
    if (isObject(body[key]) && Object.keys(body[key]).length > 0) return { core: body[key], under: key };
  return { core: body, under: '' };
}

function rowsOf(core: Json, under: string): MappingRow[] {
  return Object.keys(core).flatMap((key) => {
    if (ENVELOPE.has(key) || ID_KEYS.split(' ').includes(key)) return [];
    const to = guessTarget(key);
    if (to === undefined || to === 'ignore' || to === 'createdAt' || to === 'projectName') return [];
    return [{ from: joinPath(under, key), to }];
  });
}

/** The couple in a project's name, when nothing else says who the partner is. */
function namesIn(core: Json): Changes {
  const project = Object.keys(core).find((key) => guessTarget(key) === 'projectName');
  return project === undefined ? {} : { ...namesFromProject(textOf(core[project])) };
}

function statusOf(event: string): Changes {
  const words = wordsOf(event);
  const status = STATUS_WORDS.find(([pattern]) => pattern.test(words))?.[1];
  return status === undefined || readStatus(status) === undefined ? {} : { status };
}

const pick = (object: Json, keys: string) => firstText(...keys.split(' ').map((key) => object[key]));

export const generic: Provider = {
  secret: 'either',
  verify: verifyAny,
  intake: (request) => {
    const named = request.headers['webhook-id'] ?? request.headers['x-event-id'];
    const parts = splitArray((item) => pick(objectOf(item), 'event_id eventId'));
    return Promise.resolve(parts(request)).then((list) =>
      typeof named === 'string' && list.length === 1 && list[0] !== undefined
        ? [{ ...list[0], eventId: named }]
        : list,
    );
  },
  payloadOf: ({ body }) => readJson(body),
  adapt(delivery) {
    const body = readJson(delivery.body);
    if (!isObject(body)) return refuse('malformed');
    if (isStandardEnvelope(body)) return adaptStandard(delivery);
    const { core, under } = coreOf(body);
    const event = firstText(...EVENT_KEYS.map((key) => body[key])) || 'update';
    const mail = Object.keys(core).find((key) => guessTarget(key) === 'email');
    const kind: EventKind = DELETED.test(wordsOf(event)) ? 'delete' : 'upsert';
    return toAdapted(
      {
        event,
        externalId: firstText(pick(body, ID_KEYS), pick(core, ID_KEYS), mail && mailId(core[mail])),
        kind,
        occurredAt: firstText(pick(body, TIME_KEYS), pick(core, TIME_KEYS)),
        payload: body,
        previous: isObject(body.previous) ? body.previous : {},
        says: { ...namesIn(core), ...statusOf(event) },
        rows: rowsOf(core, under),
      },
      delivery,
    );
  },
};
