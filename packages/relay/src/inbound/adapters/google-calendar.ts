// Google Calendar: an empty push says that something changed
// (https://developers.google.com/workspace/calendar/api/guides/push, 2026-11); what, an incremental sync tells. A
// wedding is an ordinary event that names a couple or one of our clients. An all-day event's end is exclusive.
import { namesFromProject } from '@wedsync/shared';
import { verifyGoogle } from '../verify/shared-token.ts';
import { headerOf } from '../verify/verdict.ts';
import type { Intake, Provider } from './adapter.ts';
import { firstText, isObject, type Json, objectOf, readJson, textOf, toBytes } from './json.ts';
import { refuse, toAdapted } from './occurrence.ts';
import { readItemOf } from './read-item.ts';

const CLIENT_IN_TEXT = /\bclient:\s*([A-Za-z0-9._-]{1,128})/i;

/** Id of the couple that the studio or this program wrote into the event. */
function clientOf(event: Json): string {
  const properties = objectOf(event.extendedProperties);
  return firstText(
    objectOf(properties.private).clientId,
    objectOf(properties.shared).clientId,
    CLIENT_IN_TEXT.exec(textOf(event.description))?.[1],
  );
}

/** Whether an event is a wedding of ours; cancelled ones say nothing but their id. */
export function isWedding(event: Json): boolean {
  if (textOf(event.status) === 'cancelled') return true;
  const type = textOf(event.eventType);
  if (type !== '' && type !== 'default') return false;
  return clientOf(event) !== '' || Object.keys(namesFromProject(textOf(event.summary))).length > 0;
}

/** The push has no body: its headers are the event. */
const intake: Intake = (request) => {
  const [channelId, state, number] = ['channel-id', 'resource-state', 'message-number'].map(
    (name) => headerOf(request, `x-goog-${name}`) ?? '',
  );
  const body = toBytes({ channelId, state, number });
  return [{ body, ...(number !== '' && { eventId: `push ${channelId} ${number}` }) }];
};

/** Two versions may say one time of their last change; then the later one has the higher sequence. */
function versionTime(event: Json, item: Json): unknown {
  const at = Date.parse(firstText(event.updated, item.at));
  const sequence = typeof event.sequence === 'number' ? Math.min(Math.max(event.sequence, 0), 999) : 0;
  return Number.isNaN(at) ? undefined : at + sequence;
}

function adaptEvent(item: Json) {
  const event = objectOf(item.event);
  const clientId = clientOf(event);
  const start = objectOf(event.start);
  const zone = firstText(start.timeZone, item.timeZone);
  const clock = /T(\d{2}:\d{2})/.exec(textOf(start.dateTime))?.[1];
  // The title of an event of a known couple is a title; of an unknown one it is all that there is.
  const names = clientId === '' ? namesFromProject(textOf(event.summary)) : {};
  const isGone = textOf(event.status) === 'cancelled';
  return {
    event: isGone ? 'event.cancelled' : 'event.changed',
    externalId: textOf(event.id),
    aliases: [clientId],
    kind: isGone ? 'detach' : 'upsert',
    occurredAt: versionTime(event, item),
    payload: event,
    says: {
      ...names,
      weddingDate: textOf(start.date) || { dateTime: start.dateTime, ...(zone && { timeZone: zone }) },
      ...(clock !== undefined && { weddingTime: clock }),
    },
    rows: [{ from: 'location', to: 'venue' }],
    ...(zone && { timeZone: zone }),
  } as const;
}

export const googleCalendar: Provider = {
  secret: 'ours',
  verify: verifyGoogle,
  intake,
  payloadOf: ({ body }) => objectOf(objectOf(readJson(body)).event),
  adapt(delivery) {
    const item = readJson(delivery.body);
    if (!isObject(item)) return refuse('malformed');
    if (readItemOf(item) === 'event') return toAdapted(adaptEvent(item), delivery);
    const state = textOf(item.state);
    if (state === '') return refuse('malformed');
    const event = `push.${state}`;
    return toAdapted({ event, externalId: 'calendar', kind: 'read', occurredAt: undefined }, delivery);
  },
};
