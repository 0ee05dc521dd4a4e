// Providers end to end on a real relay: what they send and what is read from them, to the open list.
import { createHmac, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Delivery, Source, SourcePreview, SourceWithSecret } from '@wedsync/shared';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ProviderApi, startProviderApi } from './helpers/provider-api.ts';
import { type RunningRelay, startRelay } from './helpers/relay.ts';
import { closeDevices, createStudio, type Studio } from './helpers/studio.ts';
import { until } from './helpers/until.ts';

let relay: RunningRelay;
let api: ProviderApi;
beforeAll(async () => {
  api = await startProviderApi();
  relay = await startRelay({
    env: { DEMO: 'off', OUTBOUND_TEST_ORIGIN: api.origin, PUBLIC_URL: 'https://relay.example.com' },
  });
});
afterEach(closeDevices);
afterAll(() => api.close());

const root = new URL('../../../fixtures/webhooks/', import.meta.url);
const fixture = (name: string) => JSON.parse(readFileSync(new URL(`${name}.json`, root), 'utf8'));

/** A source of a provider in the studio's list, and ways to send to it. */
async function addSource(studio: Studio, provider: string, more: object = {}) {
  const path = `/api/lists/${studio.listId}/sources`;
  const source = (await relay.api(studio.token, 'POST', path, {
    name: provider,
    provider,
    ...more,
  })) as SourceWithSecret;
  const url = `${relay.url}/webhooks/${source.id}`;
  const deliveries = async () =>
    (
      (await relay.api(studio.token, 'GET', `/api/sources/${source.id}/deliveries`)) as {
        deliveries: Delivery[];
      }
    ).deliveries;
  return {
    source,
    deliveries,
    post: (body: string, headers: Record<string, string>, suffix = '') =>
      fetch(url + suffix, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body,
      }),
    settled: () => until(async () => (await deliveries()).every(({ state }) => state !== 'waiting')),
    call: (method: 'GET' | 'POST' | 'DELETE', what: string, body?: object) =>
      relay.api(studio.token, method, `/api/sources/${source.id}/${what}`, body),
    now: async () =>
      ((await relay.api(studio.token, 'GET', path)) as { sources: Source[] }).sources.find(
        ({ id }) => id === source.id,
      ) as Source,
  };
}

const couples = (device: {
  index: { ids(): Iterable<string>; get(id: string): { values: object } | undefined };
}) => [...device.index.ids()].map((id) => device.index.get(id)?.values as Record<string, unknown>);

describe('providers that send everything', () => {
  it('HOOK-1 HOOK-2 a Typeform response, once, however often it comes; a wrong signature and an unknown source look the same', async () => {
    const studio = await createStudio(relay);
    const device = await studio.open();
    const typeform = await addSource(studio, 'typeform');
    const body = JSON.stringify(fixture('typeform/form_response').request.body);
    const sign = (secret: string) => `sha256=${createHmac('sha256', secret).update(body).digest('base64')}`;
    const headers = { 'typeform-signature': sign(typeform.source.secret) };
    const answers = await Promise.all(Array.from({ length: 20 }, () => typeform.post(body, headers)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202));
    await typeform.settled();
    await until(() => couples(device).length === 1);
    expect(couples(device)[0]).toMatchObject({
      firstName: 'Priya',
      weddingDate: '2027-09-04',
      'x:guests': 120,
    });
    const wrong = await typeform.post(body, { 'typeform-signature': sign('another') });
    const unknown = await fetch(`${relay.url}/webhooks/src_${'A'.repeat(22)}`, {
      method: 'POST',
      body,
      headers,
    });
    expect([wrong.status, await wrong.text()]).toEqual([unknown.status, await unknown.text()]);
  });

  it('HOOK-1 Jotform by the key in its address, as multipart', async () => {
    const studio = await createStudio(relay);
    const device = await studio.open();
    const jotform = await addSource(studio, 'jotform');
    const form = new FormData();
    for (const [name, value] of Object.entries(fixture('jotform/submission').request.multipart))
      form.set(name, String(value));
    const key = `/${encodeURIComponent(jotform.source.secret)}`;
    const url = `${relay.url}/webhooks/${jotform.source.id}`;
    expect((await fetch(url, { method: 'POST', body: form })).status).toBe(401);
    expect((await fetch(url + key, { method: 'POST', body: form })).status).toBe(202);
    await until(() => couples(device).length === 1);
    expect(couples(device)[0]).toMatchObject({
      firstName: 'Hannah',
      partnerFirstName: 'Jakob',
      weddingDate: '2027-08-21',
    });
    expect(relay.output()).not.toContain(jotform.source.secret);
  });

  it('HOOK-7 a Calendly reschedule in either order is one couple with the new time', async () => {
    for (const isReversed of [false, true]) {
      const studio = await createStudio(relay);
      const device = await studio.open();
      const calendly = await addSource(studio, 'calendly');
      const created = fixture('calendly/invitee.created').request.body;
      const canceled = fixture('calendly/invitee.canceled').request.body;
      const later = '2026-11-22T21:00:00.000000Z';
      const moved = {
        ...created,
        payload: {
          ...created.payload,
          uri: `${created.payload.uri}2`,
          old_invitee: created.payload.uri,
          updated_at: later,
          scheduled_event: { ...created.payload.scheduled_event, start_time: '2026-12-04T10:00:00Z' },
        },
      };
      const ended = {
        ...canceled,
        payload: {
          ...canceled.payload,
          rescheduled: true,
          new_invitee: moved.payload.uri,
          updated_at: later,
        },
      };
      const events = [created, moved, ended];
      for (const event of isReversed ? events.reverse() : events) {
        const body = JSON.stringify(event);
        const t = Math.floor(Date.now() / 1000);
        const v1 = createHmac('sha256', calendly.source.secret).update(`${t}.${body}`).digest('hex');
        expect((await calendly.post(body, { 'calendly-webhook-signature': `t=${t},v1=${v1}` })).status).toBe(
          202,
        );
        await calendly.settled();
      }
      await until(() => couples(device)[0]?.['x:consultation'] === '2026-12-04 10:00 Europe/London');
      expect(couples(device)).toHaveLength(1);
      expect(couples(device)[0]).toMatchObject({ firstName: 'Zoë', weddingDate: '2027-06-12' });
    }
  });

  it('HOOK-4 a mapping and an expression are previewed, kept, and what waited for them is applied', async () => {
    const studio = await createStudio(relay);
    const device = await studio.open();
    const zapier = await addSource(studio, 'zapier', { settings: { currency: 'GBP' } });
    const post = (body: object) => zapier.post(JSON.stringify(body), { 'x-api-key': zapier.source.secret });
    expect(
      (
        await post({
          ref: 'a-1',
          who: 'Zoë Berg & Tom Fry',
          when: '12/06/2027',
          token: 'hush',
          cents: 250000,
        })
      ).status,
    ).toBe(202);
    await zapier.settled();
    expect(await zapier.deliveries()).toMatchObject([{ state: 'quarantined' }]);
    const stuck = (await relay.api(studio.token, 'GET', `/api/lists/${studio.listId}/stuck`)) as {
      deliveries: Delivery[];
    };
    expect(stuck.deliveries).toMatchObject([{ sourceId: zapier.source.id }]);
    const { body } = (await relay.api(
      studio.token,
      'GET',
      `/api/deliveries/${stuck.deliveries[0]?.id}/body`,
    )) as { body: string };
    expect(body).toContain('Zoë Berg');
    expect(body).not.toContain('hush');

    const settings = {
      currency: 'GBP',
      externalIdPath: 'ref',
      mapping: [
        { from: 'who', to: 'names' },
        { from: 'when', to: 'weddingDate', convert: 'day-dmy' },
        { from: 'cents', to: 'price', convert: 'minor-units' },
      ],
      expression: '{"venue": $uppercase("lyde court")}',
    };
    const preview = (await zapier.call('POST', 'preview', { settings })) as SourcePreview;
    expect(preview.previews[0]?.values).toMatchObject({
      weddingDate: '2027-06-12',
      venue: 'LYDE COURT',
      price: '250000 GBP',
    });
    expect(preview.places).toContainEqual({ path: 'when', sample: '12/06/2027' });
    expect(couples(device)).toHaveLength(0);
    await zapier.call('POST', 'settings', settings);
    expect(await zapier.call('POST', 'replay', { from: 0 })).toEqual({ count: 1 });
    await until(() => couples(device).length === 1);
    expect(couples(device)[0]).toMatchObject({
      firstName: 'Zoë',
      weddingDate: '2027-06-12',
      venue: 'LYDE COURT',
    });

    // The field vanishes: told, and nothing is emptied.
    for (const n of [1, 2, 3]) await post({ ref: 'a-1', who: 'Zoë Berg & Tom Fry', cents: 250000, n });
    await until(async () => (await zapier.now()).vanished?.includes('when') === true);
    expect(couples(device)[0]).toMatchObject({ weddingDate: '2027-06-12' });
    await post({ ref: 'a-1', when: '13/06/2027', who: '', cents: 1 });
    await until(async () => (await zapier.now()).vanished?.length === 0);

    await expect(
      zapier.call('POST', 'settings', { mapping: [{ from: 'a[', to: 'names' }] }),
    ).rejects.toThrow();
    await expect(zapier.call('POST', 'settings', { timeZone: 'Mars/Base' })).rejects.toThrow();
  });
});

describe('providers that are read', () => {
  const contact = (id: string, properties: object, more: object = {}) => ({
    id,
    properties: { firstname: 'Zoë', lastname: 'Berg', email: `${id}@example.com`, ...properties },
    updatedAt: new Date().toISOString(),
    archived: false,
    ...more,
  });
  const token = { credentials: { token: 'pat-secret-of-the-studio' } };

  function signHubspot(source: SourceWithSecret, body: string): Record<string, string> {
    const time = String(Date.now());
    const text = `POSThttps://relay.example.com/webhooks/${source.id}${body}${time}`;
    return {
      'x-hubspot-request-timestamp': time,
      'x-hubspot-signature-v3': createHmac('sha256', 'app-client-secret').update(text).digest('base64'),
    };
  }

  it('HOOK-8 HOOK-7 HubSpot: imported, read back, merged, erased; outages are waited out', async () => {
    const contacts = new Map([['1', contact('1', { wedding_date: '2027-06-12' })]]);
    let isAway = false;
    api.answer(({ path, query }) => {
      if (isAway) return { status: 503, headers: { 'retry-after': '1' } };
      if (path.endsWith('/properties/contacts'))
        return { body: { results: [{ name: 'wedding_date', hubspotDefined: false }] } };
      if (path.endsWith('/search')) return { body: { results: [] } };
      if (path.endsWith('/objects/contacts'))
        return { body: { results: query.has('archived') ? [] : [...contacts.values()] } };
      const found = contacts.get(path.split('/').at(-1) ?? '');
      return found && { body: found };
    });
    const studio = await createStudio(relay);
    const device = await studio.open();
    const hubspot = await addSource(studio, 'hubspot', { secret: 'app-client-secret' });
    const send = async (items: object[]) => {
      const body = JSON.stringify(items);
      expect((await hubspot.post(body, signHubspot(hubspot.source, body))).status).toBe(202);
    };
    const event = (subscriptionType: string, objectId: number, more: object = {}) => ({
      subscriptionType,
      objectId,
      portalId: 1,
      subscriptionId: 1,
      occurredAt: Date.now(),
      ...more,
    });
    // Nobody has connected the account: kept, with what to do.
    await send([event('contact.creation', 2)]);
    await until(async () =>
      (await hubspot.deliveries()).some(
        ({ state, reason }) => state === 'quarantined' && /Connect/.test(reason ?? ''),
      ),
    );

    await hubspot.call('POST', 'account', token);
    await until(async () => (await hubspot.now()).import?.state === 'done');
    await until(() => couples(device).length === 1);
    expect(couples(device)[0]).toMatchObject({ firstName: 'Zoë', weddingDate: '2027-06-12' });
    expect(api.requests.at(-1)?.authorization).toBe('Bearer pat-secret-of-the-studio');

    isAway = true;
    contacts.set('2', contact('2', { firstname: 'Tom', wedding_date: '2027-07-03' }));
    await hubspot.call('POST', 'replay', { from: 0 });
    await until(async () =>
      (await hubspot.deliveries()).some(
        ({ state, event: name }) => state === 'waiting' && name === 'contact.creation',
      ),
    );
    isAway = false;
    await until(() => couples(device).length === 2, 60_000);

    // 1 and 2 become 3; what only 2 said goes over.
    await send([event('contact.propertyChange', 2, { propertyName: 'venue', propertyValue: 'Lyde Court' })]);
    await until(() => couples(device).some(({ venue }) => venue === 'Lyde Court'));
    contacts.set('3', contact('3', { wedding_date: '2027-06-19' }));
    await send([event('contact.merge', 3, { primaryObjectId: 1, mergedObjectIds: [2], newObjectId: 3 })]);
    await until(() => couples(device).length === 1 && couples(device)[0]?.weddingDate === '2027-06-19');
    expect(couples(device)[0]).toMatchObject({ venue: 'Lyde Court' });
    await send([event('contact.propertyChange', 2, { propertyName: 'venue', propertyValue: 'Old Barn' })]);
    await until(() => couples(device)[0]?.venue === 'Old Barn');

    // To be forgotten: gone for good, and nothing of it is kept.
    await send([event('contact.privacyDeletion', 3)]);
    await until(() => couples(device).length === 0);
    await send([event('contact.propertyChange', 3, { propertyName: 'firstname', propertyValue: 'Zoë' })]);
    await hubspot.settled();
    expect(couples(device)).toHaveLength(0);
    const audit = JSON.stringify(await relay.api(studio.token, 'GET', `/api/lists/${studio.listId}/audit`));
    expect(audit).not.toMatch(/Zoë|Lyde|example\.com|pat-secret/);
    expect(relay.output()).not.toMatch(/pat-secret|Zoë/);
  });

  it('HOOK-8 Google: full sync, one increment for a burst of pushes, 410 finds what is gone, channels are renewed', async () => {
    const full = fixture('google-calendar/events.list-full').response.body;
    const increment = fixture('google-calendar/events.list-incremental').response.body;
    let lists = 0;
    let isExpired = false;
    let opened = 0;
    api.answer(({ path, query, body }) => {
      if (path.endsWith('/watch')) {
        opened += 1;
        const { id, token: secret } = JSON.parse(body);
        return {
          body: { id, token: secret, resourceId: 'r1', expiration: String(Date.now() + 7 * 86_400_000) },
        };
      }
      if (!path.endsWith('/events')) return undefined;
      lists += 1;
      if (query.get('syncToken') !== null) return isExpired ? { status: 410 } : { body: increment };
      return { body: isExpired ? { ...full, items: [full.items[0]] } : full };
    });
    const studio = await createStudio(relay);
    const device = await studio.open();
    const google = await addSource(studio, 'google-calendar');
    await google.call('POST', 'account', { credentials: { token: 'ya29' } });
    await until(() => couples(device).length === 2);
    expect(
      couples(device)
        .map(({ weddingDate }) => weddingDate)
        .sort(),
    ).toEqual(['2027-06-12', '2027-09-18']);
    expect(opened).toBe(1);
    const channelId = JSON.parse(api.requests.findLast(({ path }) => path.endsWith('/watch'))?.body ?? '{}')
      .id as string;
    const push = (number: number, more: Record<string, string> = {}) =>
      google.post('', {
        'x-goog-channel-id': channelId,
        'x-goog-channel-token': google.source.secret,
        'x-goog-resource-id': 'r1',
        'x-goog-resource-state': 'exists',
        'x-goog-message-number': String(number),
        ...more,
      });
    await until(async () => (await push(1)).status === 202);
    expect((await push(2, { 'x-goog-channel-id': randomUUID() })).status).toBe(401);
    await until(() => couples(device).some(({ weddingDate }) => weddingDate === '2027-06-19'));
    isExpired = true;
    await push(3);
    await until(() => couples(device).length === 1, 30_000);
    expect(lists).toBeLessThan(12);
  });

  it('HOOK-8 Airtable: its own secret is taken, records by their names, a disabled webhook is made anew', async () => {
    const payloads = fixture('airtable/payloads.list').response.body;
    const { fieldMap } = fixture('airtable/payloads.list')._meaning;
    const secret = Buffer.from('a mac secret of airtable').toString('base64');
    let created = 0;
    api.answer(({ method, path }) => {
      if (path.endsWith('/tables')) {
        const fields = Object.entries(fieldMap).map(([id, name]) => ({ id, name }));
        return { body: { tables: [{ id: 'tbl00000000000000', fields }] } };
      }
      if (path.endsWith('/payloads')) return { body: payloads };
      if (path.endsWith('/webhooks') && method === 'POST') {
        created += 1;
        return {
          body: {
            id: 'ach1',
            macSecretBase64: secret,
            expirationTime: new Date(Date.now() + 7 * 86_400_000).toISOString(),
          },
        };
      }
      if (path.endsWith('/webhooks'))
        return { body: { webhooks: [{ id: 'ach1', isHookEnabled: true, areNotificationsEnabled: true }] } };
      const records = [
        { id: 'rec00000000000001', fields: { Couple: 'Zoë & Tom', 'Wedding date': '2027-06-12' } },
      ];
      return path.endsWith('/tbl00000000000000') ? { body: { records } } : undefined;
    });
    const studio = await createStudio(relay);
    const device = await studio.open();
    const airtable = await addSource(studio, 'airtable', {
      settings: { baseId: 'app00000000000000', tableId: 'tbl00000000000000' },
    });
    await airtable.call('POST', 'account', { credentials: { token: 'pat' } });
    await until(() => couples(device).length === 2);
    expect(created).toBe(1);
    const body = JSON.stringify(fixture('airtable/notification').request.body);
    const mac = createHmac('sha256', Buffer.from(secret, 'base64')).update(body).digest('hex');
    const answer = await airtable.post(body, { 'x-airtable-content-mac': `hmac-sha256=${mac}` });
    expect([answer.status, await answer.text()]).toEqual([204, '']);
    await airtable.settled();
  });

  it('Acuity: the appointment behind the form body', async () => {
    api.answer(({ path }) =>
      path === 'acuityscheduling.com/api/v1/appointments/54321'
        ? { body: fixture('acuity/appointment.read-response').response.body }
        : undefined,
    );
    const studio = await createStudio(relay);
    const device = await studio.open();
    const acuity = await addSource(studio, 'acuity', { secret: 'the-api-key-of-acuity' });
    await acuity.call('POST', 'account', { credentials: { userId: '1', apiKey: 'the-api-key-of-acuity' } });
    const body = 'action=scheduled&id=54321&calendarID=1&appointmentTypeID=2';
    const signature = createHmac('sha256', 'the-api-key-of-acuity').update(body).digest('base64');
    const headers = { 'content-type': 'application/x-www-form-urlencoded', 'x-acuity-signature': signature };
    expect((await acuity.post(body, headers)).status).toBe(202);
    await until(() => couples(device).length === 1);
    expect(couples(device)[0]).toMatchObject({ firstName: 'Hannah', weddingDate: '2027-08-21' });
  });
});
