// Reads contacts of HubSpot through its CRM API (https://developers.hubspot.com/docs/api/crm/contacts and …/search,
// 2026-11): one that an event named, all of them at first, and then what was modified or archived since.

import { isObject, type Json, listOf, objectOf, textOf } from '../adapters/json.ts';
import { guessTarget } from '../mapping/guess-target.ts';
import { parsePath } from '../mapping/path.ts';
import {
  type Page,
  ProviderProblem,
  type Reader,
  type ReaderContext,
  type ReaderState,
  type ReadItem,
} from './reader.ts';

const API = 'https://api.hubapi.com';
const BASE =
  'firstname,lastname,email,phone,mobilephone,lifecyclestage,hs_lead_status,createdate,lastmodifieddate';
/** HubSpot's search answers at most this many of one query. */
const SEARCH_LIMIT = 10_000;
const PAGE = 100;

const headersOf = ({ credentials }: ReaderContext) => ({
  authorization: `Bearer ${textOf(credentials.token)}`,
  'content-type': 'application/json',
});

/** The usual properties, the mapped ones, and those of the account whose names say that they are ours. */
async function propertiesOf(context: ReaderContext, state: ReaderState): Promise<string[]> {
  const kept = listOf(state.properties).map(textOf);
  const mapped = (context.settings.mapping ?? []).map(({ from }) => parsePath(from)?.[1] ?? '');
  if (kept.length > 0) return [...new Set([...kept, ...mapped])].filter((name) => name !== '');
  const answer = await context.ask(`${API}/crm/v3/properties/contacts`, { headers: headersOf(context) });
  const own = listOf(answer.results)
    .filter(isObject)
    .filter(({ hubspotDefined }) => hubspotDefined !== true)
    .map(({ name }) => textOf(name))
    .filter((name) => !['ignore', undefined].includes(guessTarget(name)));
  return [...new Set([...BASE.split(','), ...own, ...mapped])].filter((name) => name !== '');
}

function toItem(object: Json): ReadItem {
  const changed = textOf(object.archivedAt) || textOf(object.updatedAt);
  return { eventId: `read ${textOf(object.id)} ${changed}`, kind: 'contact', item: { object } };
}

const itemsOf = (answer: Json): ReadItem[] => listOf(answer.results).filter(isObject).map(toItem);
const afterOf = (answer: Json): string => textOf(objectOf(objectOf(answer.paging).next).after);

async function importPage(context: ReaderContext, state: ReaderState): Promise<Page> {
  const { job = { state: 'running', read: 0 } } = state;
  const properties = await propertiesOf(context, state);
  const query = new URLSearchParams({ limit: String(PAGE), properties: properties.join(',') });
  if (job.after !== undefined) query.set('after', job.after);
  const answer = await context.ask(`${API}/crm/v3/objects/contacts?${query}`, {
    headers: headersOf(context),
  });
  const items = itemsOf(answer);
  const after = afterOf(answer);
  const read = job.read + items.length;
  const cursor = state.cursor ?? String(context.now());
  return {
    items,
    isMore: after !== '',
    state: {
      ...state,
      properties,
      cursor,
      job: after === '' ? { state: 'done', read } : { state: 'running', read, after },
    },
  };
}

/** Contacts that were archived since. They come in no order, so all pages are looked through. */
async function archivedSince(context: ReaderContext, sinceMs: number): Promise<ReadItem[]> {
  const items: ReadItem[] = [];
  for (let after = ''; ; ) {
    const query = new URLSearchParams({ limit: String(PAGE), archived: 'true' });
    if (after !== '') query.set('after', after);
    const answer = await context.ask(`${API}/crm/v3/objects/contacts?${query}`, {
      headers: headersOf(context),
    });
    const fresh = listOf(answer.results)
      .filter(isObject)
      .filter(({ archivedAt }) => Date.parse(textOf(archivedAt)) >= sinceMs);
    items.push(...fresh.map((object) => toItem({ ...object, archived: true })));
    after = afterOf(answer);
    if (after === '' || items.length > SEARCH_LIMIT) return items;
  }
}

async function changedPage(context: ReaderContext, state: ReaderState): Promise<Page> {
  const since = Number(state.cursor ?? '0');
  const properties = await propertiesOf(context, state);
  const answer = await context.ask(`${API}/crm/v3/objects/contacts/search`, {
    method: 'POST',
    headers: headersOf(context),
    body: JSON.stringify({
      filterGroups: [
        { filters: [{ propertyName: 'lastmodifieddate', operator: 'GTE', value: String(since) }] },
      ],
      sorts: [{ propertyName: 'lastmodifieddate', direction: 'ASCENDING' }],
      properties,
      limit: PAGE,
    }),
  });
  const items = itemsOf(answer);
  const times = listOf(answer.results).map((object) => Date.parse(textOf(objectOf(object).updatedAt)));
  const last = Math.max(since, ...times.filter((ms) => !Number.isNaN(ms)));
  // The next page begins where this one ended; a page of one single moment must not be asked for again for ever.
  const isMore = items.length === PAGE && last > since;
  const gone = isMore ? [] : await archivedSince(context, Number(state.archivedCursor ?? since));
  const archivedCursor = isMore ? state.archivedCursor : context.now();
  return {
    items: [...items, ...gone],
    isMore,
    state: { ...state, properties, cursor: String(last), archivedCursor },
  };
}

export const hubspotReader: Reader = {
  everyMs: 15 * 60_000,
  async read(context, id) {
    const query = new URLSearchParams({ properties: (await propertiesOf(context, {})).join(',') });
    try {
      const url = `${API}/crm/v3/objects/contacts/${encodeURIComponent(id)}?${query}`;
      return [toItem(await context.ask(url, { headers: headersOf(context) }))];
    } catch (error) {
      if (error instanceof ProviderProblem && error.code === 'gone-there') return [];
      throw error;
    }
  },
  next: (context, state) => (state.job?.state === 'done' ? changedPage : importPage)(context, state),
};
