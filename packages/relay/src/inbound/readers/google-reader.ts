// Reads a Google calendar: all events at first, then increments by sync token; an expired token (410) means all again,
// and what is missing then is gone (https://developers.google.com/workspace/calendar/api/guides/sync, 2026-11). Push
// channels are never renewed by Google: a new one is opened before the old one ends.
import { isWedding } from '../adapters/google-calendar.ts';
import { isObject, type Json, listOf, textOf } from '../adapters/json.ts';
import {
  type Page,
  ProviderProblem,
  type Reader,
  type ReaderContext,
  type ReaderState,
  type ReadItem,
} from './reader.ts';

const API = 'https://www.googleapis.com/calendar/v3';
const TOKEN_URL = 'https://oauth2.googleapis.com/token';
const DAY_MS = 24 * 3_600_000;
/** Google ends channels after a week at most. */
const CHANNEL_SECONDS = 7 * 24 * 3_600;

/** An access token: given as it is, or made from a refresh token. */
async function headersOf(context: ReaderContext): Promise<Record<string, string>> {
  const { credentials } = context;
  let token = textOf(credentials.token);
  if (textOf(credentials.refreshToken) !== '') {
    const body = new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: textOf(credentials.clientId),
      client_secret: textOf(credentials.clientSecret),
      refresh_token: textOf(credentials.refreshToken),
    });
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    token = textOf(
      (await context.ask(TOKEN_URL, { method: 'POST', headers, body: String(body) })).access_token,
    );
  }
  return { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
}

const eventsUrl = ({ settings }: ReaderContext) =>
  `${API}/calendars/${encodeURIComponent(settings.calendarId ?? 'primary')}/events`;

function toItem(event: Json, timeZone: string): ReadItem {
  const version = textOf(event.etag) || textOf(event.updated);
  return { eventId: `read ${textOf(event.id)} ${version}`, kind: 'event', item: { event, timeZone } };
}

/** Known from an earlier listing and not in this one: Google says nothing more about them. */
function goneItems(state: ReaderState, listed: readonly string[], now: number): ReadItem[] {
  const here = new Set(listed);
  return (state.known ?? [])
    .filter((id) => !here.has(id))
    .map((id) => ({
      eventId: `gone ${id} ${now}`,
      kind: 'event',
      item: { event: { id, status: 'cancelled' } },
    }));
}

async function nextPage(context: ReaderContext, state: ReaderState): Promise<Page> {
  const { cursor } = state;
  const pageToken = textOf(state.pageToken);
  const query = new URLSearchParams({ singleEvents: 'true', maxResults: '250' });
  if (cursor !== undefined) query.set('syncToken', cursor);
  if (pageToken !== '') query.set('pageToken', pageToken);
  const answer = await context.ask(`${eventsUrl(context)}?${query}`, { headers: await headersOf(context) });
  const events = listOf(answer.items).filter(isObject).filter(isWedding);
  const isListing = cursor === undefined;
  const living = events.filter(({ status }) => status !== 'cancelled').map(({ id }) => textOf(id));
  const dead = new Set(events.filter(({ status }) => status === 'cancelled').map(({ id }) => textOf(id)));
  const listed = [...(state.listed ?? []), ...living];
  const token = textOf(answer.nextPageToken);
  const items = events.map((event) => toItem(event, textOf(answer.timeZone)));
  const read = (state.job?.read ?? 0) + (isListing ? items.length : 0);
  if (token !== '')
    return {
      items,
      isMore: true,
      state: { ...state, pageToken: token, listed, job: { state: isListing ? 'running' : 'done', read } },
    };
  const gone = isListing ? goneItems(state, listed, context.now()) : [];
  const known = isListing
    ? listed
    : [...new Set([...(state.known ?? []), ...listed])].filter((id) => !dead.has(id));
  const { pageToken: _, listed: __, ...rest } = state;
  return {
    items: [...items, ...gone],
    isMore: false,
    state: { ...rest, cursor: textOf(answer.nextSyncToken), known, job: { state: 'done', read } },
  };
}

async function openChannel(
  context: ReaderContext,
): Promise<{ id: string; resourceId: string; expiresAt: number }> {
  const answer = await context.ask(`${eventsUrl(context)}/watch`, {
    method: 'POST',
    headers: await headersOf(context),
    body: JSON.stringify({
      id: context.newId(),
      type: 'web_hook',
      address: context.webhookUrl,
      token: context.secret,
      params: { ttl: String(CHANNEL_SECONDS) },
    }),
  });
  return {
    id: textOf(answer.id),
    resourceId: textOf(answer.resourceId),
    expiresAt: Number(answer.expiration) || context.now() + DAY_MS,
  };
}

export const googleReader: Reader = {
  everyMs: 10 * 60_000,
  async keep(context, state) {
    const open = (state.channels ?? []).filter(({ expiresAt }) => expiresAt > context.now());
    const isFresh = open.some(({ expiresAt }) => expiresAt > context.now() + DAY_MS);
    // Google pushes to public HTTPS addresses only; without one the calendar is looked at on schedule.
    if (isFresh || !context.webhookUrl.startsWith('https:')) return { ...state, channels: open };
    return { ...state, channels: [await openChannel(context), ...open] };
  },
  async next(context, state) {
    try {
      return await nextPage(context, state);
    } catch (error) {
      if (!(error instanceof ProviderProblem) || error.code !== 'expired') throw error;
      const { cursor: _, pageToken: __, listed: ___, ...rest } = state;
      return { items: [], isMore: true, state: rest };
    }
  },
};
