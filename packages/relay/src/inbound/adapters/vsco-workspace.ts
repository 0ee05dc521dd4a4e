// VSCO Workspace (formerly Táve): REST hooks whose body is the resource itself
// (https://workspace.vsco.co/api/v2/openapi.json, read 2026-11). Only creations and bookings are told, without a
// signature; what changes later is not, and the source's help says so.
import type { MappingRow } from '@wedsync/shared';
import { namesFromProject, splitNames } from '@wedsync/shared';
import type { Changes } from '../mapping/apply-mapping.ts';
import { verifyToken } from '../verify/shared-token.ts';
import type { Delivery, Provider } from './adapter.ts';
import { firstText, isObject, type Json, listOf, objectOf, readJson, textOf } from './json.ts';
import { refuse, toAdapted } from './occurrence.ts';

const STAGES: Readonly<Record<string, string>> = {
  lead: 'enquiry',
  booked: 'booked',
  fulfillment: 'booked',
  completed: 'completed',
};

/** The resource, alone or wrapped with the event's name. */
function readResource(delivery: Delivery): { event: string; resource: Json } {
  const body = objectOf(readJson(delivery.body));
  const inner = [body.data, body.payload, body.resource].find(isObject);
  const resource = inner ?? body;
  const named = firstText(body.event, body.type);
  const isJob = resource.stage !== undefined || resource.eventDate !== undefined;
  const isContact = textOf(resource.kind) !== '' || resource.firstName !== undefined;
  const guessed = isJob ? 'job.created' : isContact ? 'contact.created' : '';
  return { event: inner === undefined ? guessed : firstText(named, guessed), resource };
}

/** Custom fields by their ids, so that a mapping row can name one. */
function payloadOf(resource: Json): Json {
  const custom = listOf(resource.customFields)
    .filter(isObject)
    .map(({ fieldId, value }) => [textOf(fieldId), value] as const);
  const phone = [resource.cellPhone, resource.homePhone, resource.workPhone].map(objectOf);
  return {
    ...resource,
    customFields: Object.fromEntries(custom),
    phone: firstText(...phone.map(({ e164, formatted }) => e164 ?? formatted)),
  };
}

const CONTACT_ROWS: readonly MappingRow[] = [
  { from: 'firstName', to: 'firstName' },
  { from: 'lastName', to: 'lastName' },
  { from: 'email', to: 'email' },
  { from: 'phone', to: 'phone' },
];
const JOB_ROWS: readonly MappingRow[] = [
  { from: 'eventDate', to: 'weddingDate' },
  { from: 'leadSourceName', to: 'leadSource' },
  { from: 'leadNotes', to: 'notes' },
  { from: 'guestCount', to: 'x:guests' },
];

/** "Zoë & Tom", or "Zoë & Tom Wedding". */
function jobSays(job: Json): Changes {
  const title = firstText(job.name, job.title);
  const fromProject = namesFromProject(title);
  const isLost = job.closed === true && textOf(job.closedReasonName) !== '';
  return {
    ...(Object.keys(fromProject).length > 0 ? fromProject : splitNames(title)),
    status: isLost ? 'lost' : STAGES[textOf(job.stage)],
  };
}

export const vscoWorkspace: Provider = {
  secret: 'ours',
  verify: verifyToken,
  intake: (request) => {
    const { resource } = readResource({ body: request.body, sourceId: '', receivedAtMs: 0 });
    const ids = [resource.id, resource.modified].map(textOf);
    return [{ body: request.body, ...(ids.every((id) => id !== '') && { eventId: ids.join(' ') }) }];
  },
  payloadOf: (delivery) => payloadOf(readResource(delivery).resource),
  adapt(delivery) {
    const { event, resource } = readResource(delivery);
    const id = textOf(resource.id);
    if (id === '') return refuse('malformed', { event });
    const isJob = event.startsWith('job');
    const isContact = event.startsWith('contact');
    const jobId = textOf(objectOf(resource.job).id) || textOf(resource.jobId);
    if (!isJob && !isContact && (event !== 'order.booked' || jobId === ''))
      return refuse('unknown-event', { event });
    const payload = payloadOf(resource);
    const says = isJob ? jobSays(resource) : isContact ? {} : { status: 'booked' };
    return toAdapted(
      {
        event,
        externalId: isJob ? `job:${id}` : isContact ? `contact:${id}` : `job:${jobId}`,
        kind: 'upsert',
        occurredAt: firstText(resource.modified, resource.created),
        isCreation: isJob || isContact,
        payload,
        says,
        rows: isJob ? JOB_ROWS : isContact ? CONTACT_ROWS : [],
      },
      delivery,
    );
  },
};
