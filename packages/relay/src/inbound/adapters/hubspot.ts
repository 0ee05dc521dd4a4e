// HubSpot (https://developers.hubspot.com/docs/api/webhooks, read 2026-11): always an array of thin events. A change
// of a property carries its value; a creation is read back. `eventId` is not unique, a retry differs only in its
// attempt number. Merging mints a new contact. Only contacts are couples here.
import type { MappingRow } from '@wedsync/shared';
import { guessTarget } from '../mapping/guess-target.ts';
import { joinPath } from '../mapping/path.ts';
import { verifyHubspot } from '../verify/hubspot.ts';
import type { Adapted, Delivery, Intake, Provider } from './adapter.ts';
import {
  firstText,
  hashOf,
  isObject,
  type Json,
  listOf,
  objectOf,
  readJson,
  textOf,
  toBytes,
} from './json.ts';
import { refuse, toAdapted } from './occurrence.ts';
import { readItemOf } from './read-item.ts';

/** Object type of contacts in the newer `object.*` events. */
const CONTACT_TYPE = '0-1';
/** Properties beside those whose names say what they are. The lifecycle says more than the lead's own status. */
const KNOWN: Readonly<Record<string, string>> = {
  firstname: 'firstName',
  lastname: 'lastName',
  mobilephone: 'phone',
  lifecyclestage: 'status',
  hs_lead_status: 'status',
};
/** HubSpot's own bookkeeping. */
const INTERNAL = /^(?:hs_|notes_|num_|createdate|lastmodifieddate|recent_|first_|hubspot_|associated)/;

function rowsOf(properties: Json): MappingRow[] {
  const names = Object.keys(properties).sort((a) => (a === 'lifecyclestage' ? -1 : 0));
  return names.flatMap((name) => {
    const to = KNOWN[name] ?? (INTERNAL.test(name) ? undefined : guessTarget(name));
    const isOurs = to !== undefined && !['ignore', 'createdAt', 'projectName'].includes(to);
    return isOurs ? [{ from: joinPath('properties', name), to }] : [];
  });
}

/** The id of one item: what it is about, and a hash of it without the number of the attempt. */
function eventIdOf(item: Json): string {
  const { attemptNumber: _, ...rest } = item;
  const about = [item.portalId, item.subscriptionId, item.objectId, item.propertyName, item.occurredAt];
  return [...about.map(textOf), hashOf(rest)].join(':');
}

/** A merge also has to be read: the values of the new contact come with no event. */
function withFollowUp(item: Json): Json[] {
  const newId = textOf(item.newObjectId);
  if (!textOf(item.subscriptionType).endsWith('.merge') || newId === '') return [item];
  const { portalId, occurredAt } = item;
  return [item, { subscriptionType: 'contact.creation', objectId: newId, portalId, occurredAt }];
}

const intake: Intake = ({ body }) => {
  const json = readJson(body);
  const items = listOf(json).filter(isObject).flatMap(withFollowUp);
  if (items.length === 0) return [{ body }];
  return items.map((item) => ({ eventId: eventIdOf(item), body: toBytes(item) }));
};

/** `contact.propertyChange` of both families of events. */
function eventName(item: Json): string {
  const type = textOf(item.subscriptionType);
  return textOf(item.objectTypeId) === CONTACT_TYPE ? type.replace(/^object\./, 'contact.') : type;
}

/** A date property is a day, or midnight UTC of that day in ms. */
const DAYS_ARE_UTC = { timeZone: 'UTC' };

function adaptRead(item: Json, delivery: Delivery): Adapted {
  const object = objectOf(item.object);
  const properties = objectOf(object.properties);
  const externalId = textOf(object.id);
  if (object.archived === true)
    return toAdapted(
      {
        event: 'contact.read',
        externalId,
        kind: 'delete',
        occurredAt: firstText(object.archivedAt, item.at),
      },
      delivery,
    );
  return toAdapted(
    {
      event: 'contact.read',
      externalId,
      kind: 'upsert',
      occurredAt: firstText(object.updatedAt, properties.lastmodifieddate, item.at),
      says: { createdAt: firstText(properties.createdate, object.createdAt) },
      payload: { properties },
      rows: rowsOf(properties),
      ...DAYS_ARE_UTC,
    },
    delivery,
  );
}

function adaptMerge(item: Json, event: string, delivery: Delivery): Adapted {
  const primary = firstText(item.primaryObjectId, item.objectId);
  const externalId = firstText(item.newObjectId, primary);
  const merged = [primary, ...listOf(item.mergedObjectIds).map(textOf)];
  return toAdapted(
    {
      event,
      externalId,
      aliases: [primary],
      mergedIds: merged.filter((id) => id !== '' && id !== externalId),
      kind: 'merge',
      occurredAt: item.occurredAt,
    },
    delivery,
  );
}

export const hubspot: Provider = {
  secret: 'theirs',
  verify: verifyHubspot,
  intake,
  payloadOf: ({ body }) => {
    const item = objectOf(readJson(body));
    const properties = objectOf(objectOf(item.object).properties);
    const changed = textOf(item.propertyName);
    return { properties: changed === '' ? properties : { [changed]: item.propertyValue } };
  },
  adapt(delivery) {
    const item = readJson(delivery.body);
    if (!isObject(item)) return refuse('malformed');
    if (readItemOf(item) === 'contact') return adaptRead(item, delivery);
    const event = eventName(item);
    const externalId = textOf(item.objectId);
    const about = { event, externalId, occurredAt: item.occurredAt };
    switch (event) {
      case 'contact.propertyChange': {
        const name = textOf(item.propertyName);
        const properties = { [name]: item.propertyValue };
        if (name === '') return refuse('malformed', about);
        const payload = { properties };
        return toAdapted(
          { ...about, kind: 'upsert', payload, rows: rowsOf(properties), ...DAYS_ARE_UTC },
          delivery,
        );
      }
      case 'contact.creation':
      case 'contact.restore':
        return toAdapted({ ...about, kind: 'read' }, delivery);
      case 'contact.deletion':
        return toAdapted({ ...about, kind: 'delete' }, delivery);
      case 'contact.privacyDeletion':
        return toAdapted({ ...about, kind: 'erase' }, delivery);
      case 'contact.merge':
        return adaptMerge(item, event, delivery);
      default:
        return refuse(event === '' ? 'malformed' : 'unknown-event', about);
    }
  },
};
