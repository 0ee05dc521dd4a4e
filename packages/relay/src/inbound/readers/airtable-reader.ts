// Reads a table of an Airtable base: all records at first, then payloads from the stored cursor
// (https://airtable.com/developers/web/api/webhooks-overview, 2026-11). Webhooks end after seven days unless they are
// refreshed; one that is gone or disabled is made anew, and everything is listed again.
import { isObject, type Json, listOf, objectOf, textOf } from '../adapters/json.ts';
import {
  type Page,
  ProviderProblem,
  type Reader,
  type ReaderContext,
  type ReaderState,
  type ReadItem,
} from './reader.ts';

const API = 'https://api.airtable.com/v0';
const DAY_MS = 24 * 3_600_000;

const headersOf = ({ credentials }: ReaderContext) => ({
  authorization: `Bearer ${textOf(credentials.token)}`,
  'content-type': 'application/json',
});

/** Names of all fields by id, over the tables of the base. */
async function fieldNames(context: ReaderContext): Promise<Record<string, string>> {
  const answer = await context.ask(`${API}/meta/bases/${context.settings.baseId}/tables`, {
    headers: headersOf(context),
  });
  const fields = listOf(answer.tables).flatMap((table) => listOf(objectOf(table).fields));
  return Object.fromEntries(fields.filter(isObject).map(({ id, name }) => [textOf(id), textOf(name)]));
}

function named(cells: unknown, names: Json): Json {
  const entries = Object.entries(objectOf(objectOf(cells).cellValuesByFieldId));
  return Object.fromEntries(entries.map(([id, value]) => [textOf(names[id]) || id, value]));
}

function payloadItems(payload: Json, names: Json, tableId: string | undefined): ReadItem[] {
  const changedAt = payload.timestamp;
  const transaction = textOf(payload.baseTransactionNumber);
  const toItem = (id: string, item: Json): ReadItem => ({
    eventId: `read ${id} ${transaction || textOf(changedAt)}`,
    kind: 'record',
    item: { id, changedAt, ...item },
  });
  const tables = Object.entries(objectOf(payload.changedTablesById));
  // A table may be named by its id or its name; a webhook of ours is for one table anyway.
  const ours = tableId?.startsWith('tbl') === true ? tables.filter(([id]) => id === tableId) : tables;
  return ours.flatMap(([, changes]) => {
    const { createdRecordsById, changedRecordsById, destroyedRecordIds } = objectOf(changes);
    return [
      ...Object.entries(objectOf(createdRecordsById)).map(([id, record]) =>
        toItem(id, { isNew: true, fields: named(record, names) }),
      ),
      ...Object.entries(objectOf(changedRecordsById)).map(([id, record]) =>
        toItem(id, {
          fields: named(objectOf(record).current, names),
          previous: named(objectOf(record).previous, names),
        }),
      ),
      ...listOf(destroyedRecordIds).map((id) => toItem(textOf(id), { isDeleted: true, fields: {} })),
    ];
  });
}

/** One page of all records; on the last one, what was known and is not there is gone. */
async function listPage(context: ReaderContext, state: ReaderState): Promise<Page> {
  const { baseId, tableId = '' } = context.settings;
  const query = new URLSearchParams({ pageSize: '100' });
  if (state.job?.after !== undefined) query.set('offset', state.job.after);
  const answer = await context.ask(`${API}/${baseId}/${encodeURIComponent(tableId)}?${query}`, {
    headers: headersOf(context),
  });
  const records = listOf(answer.records).filter(isObject);
  const at = context.now();
  const items = records.map((record) => ({
    eventId: `list ${textOf(record.id)} ${at}`,
    kind: 'record',
    item: { id: record.id, fields: objectOf(record.fields) },
  }));
  const listed = [...(state.listed ?? []), ...records.map(({ id }) => textOf(id))];
  const read = (state.job?.read ?? 0) + items.length;
  const after = textOf(answer.offset);
  if (after !== '')
    return { items, isMore: true, state: { ...state, listed, job: { state: 'running', read, after } } };
  const here = new Set(listed);
  const gone = (state.known ?? [])
    .filter((id) => !here.has(id))
    .map((id) => ({
      eventId: `gone ${id} ${at}`,
      kind: 'record',
      item: { id, isDeleted: true, fields: {} },
    }));
  const { listed: _, ...rest } = state;
  return {
    items: [...items, ...gone],
    isMore: true,
    state: { ...rest, known: listed, job: { state: 'done', read } },
  };
}

/** Airtable keeps its place in a listing for minutes only: after a pause or an outage it begins again. */
async function listOrBeginAgain(context: ReaderContext, state: ReaderState): Promise<Page> {
  try {
    return await listPage(context, state);
  } catch (error) {
    const isStale = error instanceof ProviderProblem && error.code === 'expired';
    if (!isStale || state.job?.after === undefined) throw error;
    const { job: _, listed: __, ...rest } = state;
    return await listPage(context, rest);
  }
}

async function payloadPage(context: ReaderContext, state: ReaderState): Promise<Page> {
  const webhookId = textOf(state.webhookId);
  if (webhookId === '') return { items: [], isMore: false, state };
  const names = await fieldNames(context);
  const query = state.cursor === undefined ? '' : `?${new URLSearchParams({ cursor: state.cursor })}`;
  const url = `${API}/bases/${context.settings.baseId}/webhooks/${webhookId}/payloads${query}`;
  const answer = await context.ask(url, { headers: headersOf(context) });
  const payloads = listOf(answer.payloads).filter(isObject);
  const items = payloads.flatMap((payload) => payloadItems(payload, names, context.settings.tableId));
  const dead = new Set(
    items.filter(({ item }) => item.isDeleted === true).map(({ item }) => textOf(item.id)),
  );
  const known = [...new Set([...(state.known ?? []), ...items.map(({ item }) => textOf(item.id))])];
  const cursor = textOf(answer.cursor) || state.cursor;
  return {
    items,
    isMore: answer.mightHaveMore === true,
    state: { ...state, known: known.filter((id) => !dead.has(id)), ...(cursor !== undefined && { cursor }) },
  };
}

async function createWebhook(context: ReaderContext, state: ReaderState): Promise<ReaderState> {
  const { baseId, tableId } = context.settings;
  const filters = {
    dataTypes: ['tableData'],
    ...(tableId?.startsWith('tbl') && { recordChangeScope: tableId }),
  };
  const answer = await context.ask(`${API}/bases/${baseId}/webhooks`, {
    method: 'POST',
    headers: headersOf(context),
    body: JSON.stringify({ notificationUrl: context.webhookUrl, specification: { options: { filters } } }),
  });
  await context.setSecret(textOf(answer.macSecretBase64));
  const { job: _, cursor: __, listed: ___, ...rest } = state;
  // What happened without a webhook is only found by listing everything.
  return { ...rest, webhookId: answer.id, webhookEndsAt: Date.parse(textOf(answer.expirationTime)) };
}

/** Whether the webhook is there and sends. */
async function isAlive(context: ReaderContext, webhookId: string): Promise<boolean> {
  const answer = await context.ask(`${API}/bases/${context.settings.baseId}/webhooks`, {
    headers: headersOf(context),
  });
  const own = listOf(answer.webhooks)
    .filter(isObject)
    .find(({ id }) => id === webhookId);
  return own !== undefined && own.isHookEnabled !== false && own.areNotificationsEnabled !== false;
}

export const airtableReader: Reader = {
  everyMs: 15 * 60_000,
  async keep(context, state) {
    // Airtable calls public HTTPS addresses only; without one the table is listed on schedule.
    if (!context.webhookUrl.startsWith('https:')) {
      const { job, ...rest } = state;
      return job?.state === 'done' ? rest : state;
    }
    const webhookId = textOf(state.webhookId);
    if (webhookId === '' || !(await isAlive(context, webhookId))) return await createWebhook(context, state);
    if (Number(state.webhookEndsAt ?? 0) > context.now() + 2 * DAY_MS) return state;
    const url = `${API}/bases/${context.settings.baseId}/webhooks/${webhookId}/refresh`;
    const answer = await context.ask(url, { method: 'POST', headers: headersOf(context), body: '{}' });
    return { ...state, webhookEndsAt: Date.parse(textOf(answer.expirationTime)) };
  },
  async next(context, state) {
    if (context.settings.baseId === undefined) throw new ProviderProblem('provider-refused');
    return state.job?.state === 'done' ? payloadPage(context, state) : listOrBeginAgain(context, state);
  },
};
