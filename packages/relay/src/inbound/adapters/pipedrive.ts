// Pipedrive webhooks v2 (https://pipedrive.readme.io/docs/webhooks-v2-migration-guide, read 2026-11). A couple is a
// person; deals and leads speak of their person. `previous` holds only what changed. There is no signature, only
// HTTP Basic. Of a merge we hear the winner's change and the loser's deletion.
import type { MappingRow } from '@wedsync/shared';
import { namesFromProject } from '@wedsync/shared';
import type { Changes } from '../mapping/apply-mapping.ts';
import { joinPath } from '../mapping/path.ts';
import { verifyBasic } from '../verify/shared-token.ts';
import type { Delivery, EventKind, Provider } from './adapter.ts';
import { firstText, isObject, type Json, listOf, objectOf, readJson, textOf } from './json.ts';
import { refuse, toAdapted } from './occurrence.ts';

const ENTITIES = ['person', 'deal', 'lead'];
const DEAL_STATUS: Readonly<Record<string, string>> = { open: 'proposal', won: 'booked', lost: 'lost' };

/** The primary one of `[{value, primary}, …]`, or the first. */
function primaryOf(values: unknown): string {
  const entries = listOf(values).map(objectOf);
  return firstText(
    entries.find(({ primary }) => primary === true)?.value,
    ...entries.map(({ value }) => value),
  );
}

/** What rows and expressions see: custom fields as their plain values, contacts as the primary one. */
function toPayload(data: Json): Json {
  const custom = Object.entries(objectOf(data.custom_fields)).map(([key, field]) => {
    const { value, currency, until } = objectOf(field);
    const plain = isObject(field) ? (value ?? until ?? null) : field;
    return [key, textOf(currency) === '' ? plain : `${textOf(plain)} ${textOf(currency)}`];
  });
  return {
    ...data,
    ...(data.custom_fields !== undefined && { custom_fields: Object.fromEntries(custom) }),
    ...(data.emails !== undefined && { email: primaryOf(data.emails) }),
    ...(data.phones !== undefined && { phone: primaryOf(data.phones) }),
  };
}

/** Its fields have no names, only keys: a single date among them can only be the wedding's. */
function dateRows(data: Json): MappingRow[] {
  const dates = Object.entries(objectOf(data.custom_fields)).filter(
    ([, field]) => objectOf(field).type === 'date',
  );
  const [only, second] = dates;
  if (only === undefined || second !== undefined) return [];
  return [{ from: joinPath('custom_fields', only[0]), to: 'weddingDate' }];
}

function amountOf(data: Json): string {
  const { amount, currency } = objectOf(data.value);
  const [number, unit] = [firstText(amount, data.value), firstText(currency, data.currency)];
  return number === '' || Number(number) === 0 || unit === '' ? '' : `${number} ${unit}`;
}

/** What a deal or lead says about its couple. A lead is an enquiry; what a deal is, its status says. */
function saidBy(entity: string, action: string, data: Json): Changes {
  if (entity === 'person') return {};
  if (entity === 'lead') {
    const isNew = action === 'create';
    return {
      ...(isNew && { status: 'enquiry', leadSource: textOf(data.source_name) }),
      price: amountOf(data),
    };
  }
  return { status: DEAL_STATUS[textOf(data.status)], price: amountOf(data) };
}

const PERSON_ROWS: readonly MappingRow[] = [
  { from: 'name', to: 'names' },
  { from: 'email', to: 'email' },
  { from: 'phone', to: 'phone' },
];

function readEvent(delivery: Delivery) {
  const body = objectOf(readJson(delivery.body));
  const meta = objectOf(body.meta);
  const data = objectOf(body.data);
  const previous = objectOf(body.previous);
  return { body, meta, data, previous, payload: toPayload(data) };
}

/** A deal that is deleted is no word about the couple. */
function kindOf(entity: string, action: string): EventKind {
  return entity === 'person' && action === 'delete' ? 'delete' : 'upsert';
}

export const pipedrive: Provider = {
  secret: 'either',
  verify: verifyBasic,
  intake: ({ body }) => {
    const eventId = textOf(objectOf(objectOf(readJson(body)).meta).id);
    return [{ body, ...(eventId && { eventId }) }];
  },
  payloadOf: (delivery) => readEvent(delivery).payload,
  adapt(delivery) {
    const { meta, data, previous, payload } = readEvent(delivery);
    const [action, entity] = [textOf(meta.action), textOf(meta.entity)];
    const event = `${action}.${entity}`;
    if (action === '' || entity === '') return refuse('malformed');
    if (!ENTITIES.includes(entity) || !/^(?:create|change|delete)$/.test(action))
      return refuse('unknown-event', { event });
    const ownId = firstText(meta.entity_id, data.id, previous.id);
    const personId = entity === 'person' ? ownId : textOf(data.person_id) || textOf(previous.person_id);
    const isPerson = entity === 'person';
    const isGone = action === 'delete';
    // A deal without a person names the couple in its title, if anybody does.
    const names = isPerson || personId !== '' ? {} : namesFromProject(textOf(data.title));
    return toAdapted(
      {
        event,
        externalId: personId === '' ? ownId && `${entity}:${ownId}` : `person:${personId}`,
        kind: kindOf(entity, action),
        occurredAt: firstText(meta.timestamp, data.update_time),
        isCreation: isPerson && action === 'create',
        payload: isGone ? {} : payload,
        previous: toPayload(previous),
        says: isGone ? {} : { ...names, ...saidBy(entity, action, data) },
        rows: [...(isPerson ? PERSON_ROWS : []), ...dateRows(data)],
      },
      delivery,
    );
  },
};
