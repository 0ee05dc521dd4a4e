// Airtable: a ping without data (https://airtable.com/developers/web/api/webhooks-overview, 2026-11); what changed is
// listed from a cursor. Cells come by field id and are named by the base's tables before they are put into the inbox.
import type { MappingRow } from '@wedsync/shared';
import { joinPath } from '../mapping/path.ts';
import { verifyAirtable } from '../verify/body-hmac.ts';
import type { Provider } from './adapter.ts';
import { targetOf } from './answers.ts';
import { isObject, type Json, objectOf, readJson, textOf } from './json.ts';
import { refuse, toAdapted } from './occurrence.ts';
import { readItemOf } from './read-item.ts';

/** A cell as one value: `{name}` of a choice, the address of a picture, names of linked records. */
function cellOf(value: unknown): unknown {
  if (Array.isArray(value)) {
    const texts = value.map((item) => textOf(isObject(item) ? (item.name ?? item.url) : item));
    return texts.filter((text) => text !== '').join(', ');
  }
  return isObject(value) ? (value.name ?? value.text ?? value.email ?? null) : value;
}

const cells = (fields: unknown): Json =>
  Object.fromEntries(Object.entries(objectOf(fields)).map(([name, value]) => [name, cellOf(value)]));

function rowsOf(fields: Json): MappingRow[] {
  return Object.entries(fields).flatMap(([name, value]) => {
    const to = targetOf({ key: name, title: name, value });
    return to === undefined ? [] : [{ from: joinPath('fields', name), to }];
  });
}

export const airtable: Provider = {
  secret: 'theirs',
  answersEmpty: true,
  verify: verifyAirtable,
  payloadOf: ({ body }) => ({ fields: cells(objectOf(readJson(body)).fields) }),
  adapt(delivery) {
    const item = readJson(delivery.body);
    if (!isObject(item)) return refuse('malformed');
    if (readItemOf(item) === 'record') {
      const fields = cells(item.fields);
      const isGone = item.isDeleted === true;
      return toAdapted(
        {
          event: isGone ? 'record.deleted' : item.isNew === true ? 'record.created' : 'record.changed',
          externalId: textOf(item.id),
          kind: isGone ? 'delete' : 'upsert',
          occurredAt: item.changedAt ?? item.at,
          isCreation: item.isNew === true,
          payload: { fields },
          previous: { fields: cells(item.previous) },
          rows: rowsOf(fields),
        },
        delivery,
      );
    }
    const webhookId = textOf(objectOf(item.webhook).id);
    if (webhookId === '') return refuse('malformed');
    return toAdapted(
      { event: 'ping', externalId: `webhook:${webhookId}`, kind: 'read', occurredAt: item.timestamp },
      delivery,
    );
  },
};
