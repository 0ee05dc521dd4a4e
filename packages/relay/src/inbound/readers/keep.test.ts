// What runs out at a provider is renewed before it does, and what it switched off is noticed at the next look.
import { describe, expect, it } from 'vitest';
import type { FetchRequest } from '../../net/guarded-fetch.ts';
import type { Json } from '../adapters/json.ts';
import { airtableReader } from './airtable-reader.ts';
import { createAsker } from './asker.ts';
import { googleReader } from './google-reader.ts';
import { hubspotReader } from './hubspot-reader.ts';
import { ProviderProblem, type ReaderContext } from './reader.ts';

const DAY_MS = 86_400_000;
const now = Date.UTC(2026, 10, 23);

interface Call {
  readonly url: string;
  readonly request: FetchRequest;
}

function contextWith(answer: (call: Call) => Json) {
  const calls: Call[] = [];
  const secrets: string[] = [];
  const context: ReaderContext = {
    settings: { baseId: 'app000', tableId: 'tbl000' },
    credentials: { token: 't' },
    secret: 'ours',
    webhookUrl: 'https://relay.example.com/webhooks/src_a',
    now: () => now,
    newId: () => 'new-channel',
    async ask(url, request = {}) {
      const call = { url, request };
      calls.push(call);
      return answer(call);
    },
    async setSecret(secret) {
      secrets.push(secret);
    },
  };
  return { context, calls, secrets };
}

describe('HOOK-8 channels of Google', () => {
  const opened = { id: 'new-channel', resourceId: 'r', expiration: String(now + 7 * DAY_MS) };
  const keep = googleReader.keep;

  it('one with more than a day left stays; one with less gets a successor beside it; one that ended is forgotten', async () => {
    const { context, calls } = contextWith(() => opened);
    const fresh = { channels: [{ id: 'c', expiresAt: now + 2 * DAY_MS }] };
    expect(await keep?.(context, fresh)).toEqual(fresh);
    expect(calls).toEqual([]);
    const ending = { id: 'c', expiresAt: now + DAY_MS / 2 };
    const ended = { id: 'b', expiresAt: now - 1 };
    const kept = await keep?.(context, { channels: [ending, ended] });
    expect(kept?.channels).toEqual([
      { id: 'new-channel', resourceId: 'r', expiresAt: now + 7 * DAY_MS },
      ending,
    ]);
    expect(JSON.parse(calls[0]?.request.body ?? '')).toMatchObject({
      type: 'web_hook',
      address: 'https://relay.example.com/webhooks/src_a',
      token: 'ours',
    });
  });

  it('without a public address there is none: the calendar is looked at on schedule', async () => {
    const { context, calls } = contextWith(() => opened);
    const state = await keep?.({ ...context, webhookUrl: 'http://localhost:8787/webhooks/src_a' }, {});
    expect(state?.channels).toEqual([]);
    expect(calls).toEqual([]);
  });
});

describe('HOOK-8 webhooks of Airtable', () => {
  const created = {
    id: 'ach2',
    macSecretBase64: 'bWFj',
    expirationTime: new Date(now + 7 * DAY_MS).toISOString(),
  };
  const answers = (webhooks: object[]) => (call: Call) =>
    call.url.endsWith('/refresh')
      ? { expirationTime: created.expirationTime }
      : call.request.method === 'POST'
        ? created
        : { webhooks };
  const state = {
    webhookId: 'ach1',
    webhookEndsAt: now + 5 * DAY_MS,
    job: { state: 'done', read: 3 },
    cursor: '9',
  } as const;

  it('is refreshed when less than two days are left', async () => {
    const alive = answers([{ id: 'ach1', isHookEnabled: true, areNotificationsEnabled: true }]);
    const { context, calls } = contextWith(alive);
    expect(await airtableReader.keep?.(context, state)).toBe(state);
    const ending = { ...state, webhookEndsAt: now + DAY_MS };
    expect(await airtableReader.keep?.(context, ending)).toMatchObject({
      webhookEndsAt: now + 7 * DAY_MS,
      cursor: '9',
    });
    expect(calls.at(-1)?.url).toMatch(/ach1\/refresh$/);
  });

  it.each([
    ['gone', []],
    ['switched off', [{ id: 'ach1', isHookEnabled: false }]],
    ['without notifications', [{ id: 'ach1', isHookEnabled: true, areNotificationsEnabled: false }]],
  ])('that is %s is made anew with its secret, and everything is listed again', async (_, webhooks) => {
    const { context, secrets } = contextWith(answers(webhooks));
    const next = await airtableReader.keep?.(context, { ...state, known: ['rec1'] });
    expect(next).toMatchObject({ webhookId: 'ach2', known: ['rec1'] });
    expect(next).not.toHaveProperty('cursor');
    expect(next).not.toHaveProperty('job');
    expect(secrets).toEqual(['bWFj']);
  });

  it('what was known and is not listed any more is gone', async () => {
    const { context } = contextWith(() => ({ records: [{ id: 'rec2', fields: { Couple: 'A & B' } }] }));
    const page = await airtableReader.next?.(context, { known: ['rec1', 'rec2'] });
    expect(page?.items.map(({ item }) => [item.id, item.isDeleted ?? false])).toEqual([
      ['rec2', false],
      ['rec1', true],
    ]);
  });
});

describe('HOOK-8 HubSpot after a time of silence', () => {
  it('asks for what was modified since, and for what was archived since', async () => {
    const since = now - DAY_MS;
    const { context } = contextWith(({ url }) => {
      if (url.includes('/properties/')) return { results: [] };
      if (url.endsWith('/search'))
        return { results: [{ id: '1', updatedAt: new Date(now).toISOString(), properties: {} }] };
      const archived = [
        { id: '2', archivedAt: new Date(now - 1000).toISOString() },
        { id: '3', archivedAt: new Date(since - 1000).toISOString() },
      ];
      return { results: archived };
    });
    const state = { cursor: String(since), job: { state: 'done', read: 1 } } as const;
    const page = await hubspotReader.next?.(context, state);
    expect(page?.items.map(({ item }) => (item.object as Json).id)).toEqual(['1', '2']);
    expect(page?.state).toMatchObject({ cursor: String(now), archivedCursor: now });
  });
});

describe('HOOK-8 outages of a provider', () => {
  const answer = (status: number, headers = {}) => ({ status, headers, body: Buffer.from('{"a":1}') });

  it('short ones are waited out, long ones are told, with the wait that it asked for', async () => {
    const statuses = [503, 500, 200];
    const asker = createAsker(async () => answer(statuses.shift() ?? 200), { firstDelayMs: 1 });
    expect(await asker('https://x.example/')).toEqual({ a: 1 });
    const busy = createAsker(async () => answer(429, { 'retry-after': '7' }), { firstDelayMs: 1 });
    await expect(busy('https://x.example/')).rejects.toMatchObject({
      code: 'provider-away',
      retryAfterMs: 7_000,
    });
  });

  it('after five failures in a row it is left alone; a refusal is not tried again', async () => {
    let calls = 0;
    const away = createAsker(
      async () => {
        calls += 1;
        throw new Error('no route');
      },
      { firstDelayMs: 1 },
    );
    for (let n = 0; n < 4; n++)
      await expect(away('https://x.example/')).rejects.toBeInstanceOf(ProviderProblem);
    expect(calls).toBe(5);
    let refusals = 0;
    const refused = createAsker(async () => {
      refusals += 1;
      return answer(403);
    });
    await expect(refused('https://x.example/')).rejects.toMatchObject({ code: 'provider-refused' });
    expect(refusals).toBe(1);
  });
});
