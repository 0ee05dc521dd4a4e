// One contract for all adapters, against what the providers document: the fixtures' bodies as they arrive, and what
// they mean.
import { readdirSync, readFileSync } from 'node:fs';
import type { SourceSettings } from '@wedsync/shared';
import { describe, expect, it } from 'vitest';
import type { SignedRequest } from '../verify/verdict.ts';
import type { Adapted, AdaptedEvent } from './adapter.ts';
import { readJson } from './json.ts';
import { toReadItem } from './read-item.ts';
import { adaptSafely, providerOf, takeApart } from './registry.ts';

const root = new URL('../../../../../fixtures/webhooks/', import.meta.url);
const receivedAtMs = Date.parse('2026-11-23T09:00:00Z');

interface Fixture {
  readonly request?: {
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: unknown;
    readonly rawBody?: string;
    readonly multipart?: Readonly<Record<string, string>>;
  };
  readonly response?: { readonly body: Record<string, unknown> };
}

const fixture = (name: string): Fixture => JSON.parse(readFileSync(new URL(`${name}.json`, root), 'utf8'));

/** The request's bytes as the provider sends them. */
function requestOf({ request }: Fixture): SignedRequest {
  if (request === undefined) throw new Error('no request in this fixture');
  const { headers, body, rawBody, multipart } = request;
  if (multipart === undefined) return { headers, body: Buffer.from(rawBody ?? JSON.stringify(body), 'utf8') };
  const boundary = /boundary=(.+)$/.exec(headers['content-type'] ?? '')?.[1] ?? '';
  const parts = Object.entries(multipart).map(
    ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  return { headers, body: Buffer.from(`${parts.join('')}--${boundary}--\r\n`, 'utf8') };
}

async function adaptAll(provider: string, request: SignedRequest, settings: SourceSettings = {}) {
  const found = providerOf(provider);
  if (found === undefined) throw new Error(`no provider ${provider}`);
  const parts = await takeApart(found, request);
  return parts.map(({ body, eventId }) => ({
    eventId,
    adapted: adaptSafely(found, { body, sourceId: 'src_a', receivedAtMs, settings }),
  }));
}

async function adaptFixture(provider: string, name: string, settings?: SourceSettings): Promise<Adapted[]> {
  const all = await adaptAll(provider, requestOf(fixture(`${provider}/${name}`)), settings);
  return all.map(({ adapted }) => adapted);
}

function adaptItem(provider: string, kind: string, item: Record<string, unknown>): AdaptedEvent {
  const found = providerOf(provider);
  const body = toReadItem(kind, receivedAtMs, item);
  const adapted = found && adaptSafely(found, { body, sourceId: 'src_a', receivedAtMs });
  if (adapted?.ok !== true) throw new Error(`not understood: ${JSON.stringify(adapted)}`);
  return adapted;
}

describe('adapters read the recorded deliveries', () => {
  it('Typeform', async () => {
    const [adapted] = await adaptFixture('typeform', 'form_response');
    expect(adapted).toMatchObject({
      ok: true,
      kind: 'upsert',
      externalId: 'a3a12ec67a1365927098a606107fac15',
      occurredAtMs: Date.parse('2026-11-22T20:52:02Z'),
      fields: {
        firstName: 'Priya',
        lastName: 'Raman',
        partnerFirstName: 'Sam',
        partnerLastName: 'Whitlock',
        weddingDate: '2027-09-04',
        email: 'priya.raman@example.com',
        phone: '+447700900456',
        packageName: 'Full day',
        leadSource: 'instagram',
        'x:guests': 120,
      },
      problems: [],
    });
  });

  it('Calendly: the answer is the wedding date, the meeting is not', async () => {
    const [created] = await adaptFixture('calendly', 'invitee.created');
    expect(created).toMatchObject({
      externalId: 'mail:zoe.vandenberg@example.com',
      fields: {
        firstName: 'Zoë',
        lastName: 'van den Berg',
        partnerFirstName: 'Tom',
        partnerLastName: 'Fletcher',
        weddingDate: '2027-06-12',
        phone: '+44 7700 900123',
        'x:consultation': '2026-12-03 18:30 Europe/London',
      },
      problems: [],
    });
    const [canceled] = await adaptFixture('calendly', 'invitee.canceled');
    expect(canceled).toMatchObject({
      externalId: 'mail:zoe.vandenberg@example.com',
      kind: 'upsert',
      fields: { 'x:consultation': 'canceled' },
    });
  });

  it('Jotform', async () => {
    const [submission] = await adaptFixture('jotform', 'submission');
    expect(submission).toMatchObject({
      ok: true,
      externalId: '5123456789012345678',
      fields: {
        firstName: 'Hannah',
        lastName: 'Weiss',
        partnerFirstName: 'Jakob',
        partnerLastName: 'Lindqvist',
        weddingDate: '2027-08-21',
        email: 'hannah.weiss@example.com',
        phone: '+43 1 234 5678',
      },
      problems: [],
    });
  });

  it('Pipedrive: person, deal and lead are one couple', async () => {
    const [changed] = await adaptFixture('pipedrive', 'person.change');
    expect(changed).toMatchObject({
      externalId: 'person:8',
      fields: { weddingDate: '2027-06-19', firstName: 'Amara', partnerFirstName: 'Daniel' },
      previous: { weddingDate: '2027-06-12' },
      problems: [],
    });
    const [won] = await adaptFixture('pipedrive', 'deal.change-won');
    expect(won).toMatchObject({ externalId: 'person:8', fields: { status: 'booked' } });
    const [lead] = await adaptFixture('pipedrive', 'lead.create');
    expect(lead).toMatchObject({ externalId: 'person:11', fields: { status: 'enquiry' } });
    expect((await adaptFixture('pipedrive', 'person.create'))[0]).toMatchObject({ ok: true, kind: 'upsert' });
  });

  it('Zapier and Make: keys that people chose, bundles as one event each', async () => {
    const [zap] = await adaptFixture('zapier', 'post', { currency: 'USD' });
    expect(zap).toMatchObject({
      externalId: 'hb_66f0c1',
      occurredAtMs: Date.parse('2026-11-22T20:59:58Z'),
      fields: {
        firstName: 'Maya',
        lastName: 'Torres',
        partnerFirstName: 'Chris',
        partnerLastName: 'Bell',
        weddingDate: '2027-05-22',
        email: 'maya.torres@example.com',
        status: 'booked',
      },
      problems: [],
    });
    const made = await adaptFixture('make', 'http');
    expect(made).toMatchObject([
      {
        externalId: 'sn-1001',
        fields: { weddingDate: '2027-03-28', partnerLastName: 'Meyer', status: 'booked' },
      },
      { externalId: 'sn-1002', fields: { firstName: 'Aroha', status: 'enquiry' } },
    ]);
    expect((made[1] as AdaptedEvent).fields).not.toHaveProperty('weddingDate');
  });

  it('Stripe: a payment leaves price and names of a known couple alone', async () => {
    const [paid] = await adaptFixture('stripe', 'checkout.session.completed');
    expect(paid).toMatchObject({
      externalId: '6f1d2c1e-0d55-4f0b-9a54-3d1a1f0f1a01',
      fields: { 'x:lastPayment': '500.00 GBP', weddingDate: '2027-06-12' },
    });
    expect((paid as AdaptedEvent).fields).not.toHaveProperty('price');
    expect((paid as AdaptedEvent).fields).not.toHaveProperty('firstName');
  });

  it('VSCO Workspace', async () => {
    const [job] = await adaptFixture('vsco-workspace', 'job.created');
    expect(job).toMatchObject({
      fields: {
        firstName: 'Zoë',
        partnerFirstName: 'Tom',
        weddingDate: '2027-06-12',
        status: 'enquiry',
        leadSource: 'Instagram',
        'x:guests': 90,
      },
      problems: [],
    });
    const [contact] = await adaptFixture('vsco-workspace', 'contact.created');
    expect(contact).toMatchObject({
      fields: { firstName: 'Zoë', lastName: 'van den Berg', phone: '+447700900123' },
    });
  });

  it('HubSpot: thin events one by one, the contact when it is read, both forms of a day', async () => {
    const changes = await adaptFixture('hubspot', 'contact.propertyChange');
    expect(changes).toMatchObject([
      { externalId: '1246965', fields: { weddingDate: '2027-06-12' } },
      { externalId: '1246965', fields: { status: 'booked' } },
    ]);
    expect(await adaptFixture('hubspot', 'contact.creation')).toMatchObject([
      { kind: 'read', externalId: '1246978' },
    ]);
    expect(await adaptFixture('hubspot', 'contact.deletion')).toMatchObject([{ kind: 'delete' }]);
    const object = fixture('hubspot/contact.read-response').response?.body;
    expect(adaptItem('hubspot', 'contact', { object })).toMatchObject({
      externalId: '1246978',
      fields: {
        firstName: 'Zoë',
        lastName: 'van den Berg',
        partnerFirstName: 'Tom',
        weddingDate: '2027-06-12',
        venue: 'Lyde Court, Hereford',
        phone: '+44 7700 900123',
        status: 'enquiry',
      },
      problems: [],
    });
    const asMs = String(Date.UTC(2027, 5, 12));
    const body = [
      {
        objectId: 1,
        subscriptionType: 'contact.propertyChange',
        propertyName: 'wedding_date',
        propertyValue: asMs,
      },
    ];
    const [read] = await adaptAll('hubspot', { headers: {}, body: Buffer.from(JSON.stringify(body)) });
    expect(read?.adapted).toMatchObject({ fields: { weddingDate: '2027-06-12' } });
  });

  it('HubSpot: the attempt does not make another event, the time does', async () => {
    const item = {
      objectId: 1,
      portalId: 2,
      subscriptionType: 'contact.creation',
      occurredAt: 3,
      attemptNumber: 0,
    };
    const idOf = async (more: object) => {
      const body = Buffer.from(JSON.stringify([{ ...item, ...more }]));
      return (await adaptAll('hubspot', { headers: {}, body }))[0]?.eventId;
    };
    expect(await idOf({ attemptNumber: 4 })).toBe(await idOf({}));
    expect(await idOf({ occurredAt: 4 })).not.toBe(await idOf({}));
  });

  it('Acuity: the appointment when it is read; its form has the wedding date', async () => {
    expect(await adaptFixture('acuity', 'appointment.scheduled')).toMatchObject([
      { kind: 'read', externalId: 'appointment:54321' },
    ]);
    const object = fixture('acuity/appointment.read-response').response?.body;
    const read = adaptItem('acuity', 'appointment', { object });
    expect(read).toMatchObject({
      externalId: 'mail:hannah.weiss@example.com',
      fields: {
        firstName: 'Hannah',
        partnerFirstName: 'Jakob',
        partnerLastName: 'Lindqvist',
        weddingDate: '2027-08-21',
        'x:consultation': '2026-12-05 10:15 America/New_York',
      },
      problems: [],
    });
    expect(read.fields).not.toHaveProperty('price');
  });

  it('Airtable: named cells, and what stood there before', async () => {
    expect(await adaptFixture('airtable', 'notification')).toMatchObject([{ kind: 'read' }]);
    const fields = {
      Couple: 'Freya Lund & Jonas Meyer',
      'Wedding date': '2027-03-28',
      Status: { id: 's', name: 'Enquiry' },
    };
    expect(
      adaptItem('airtable', 'record', { id: 'rec1', fields, previous: { 'Wedding date': '2027-03-21' } }),
    ).toMatchObject({
      externalId: 'rec1',
      fields: { firstName: 'Freya', partnerFirstName: 'Jonas', weddingDate: '2027-03-28', status: 'enquiry' },
      previous: { weddingDate: '2027-03-21' },
      problems: [],
    });
    expect(adaptItem('airtable', 'record', { id: 'rec1', isDeleted: true }).kind).toBe('delete');
  });

  it('Google Calendar: all-day and timed weddings on their day, under the id that the event names', async () => {
    expect(await adaptFixture('google-calendar', 'push.exists')).toMatchObject([{ kind: 'read' }]);
    const list = fixture('google-calendar/events.list-full').response?.body as {
      items: Record<string, unknown>[];
    };
    const [allDay, timed] = list.items.map((event) =>
      adaptItem('google-calendar', 'event', { event, timeZone: 'Europe/London' }),
    );
    expect(allDay).toMatchObject({
      externalId: 'wed0001zoetom',
      aliases: ['6f1d2c1e-0d55-4f0b-9a54-3d1a1f0f1a01'],
      fields: { weddingDate: '2027-06-12', venue: 'Lyde Court, Hereford' },
    });
    expect(timed).toMatchObject({
      fields: { weddingDate: '2027-09-18', weddingTime: '13:00' },
      problems: [],
    });
    expect(adaptItem('google-calendar', 'event', { event: { id: 'x', status: 'cancelled' } }).kind).toBe(
      'detach',
    );
  });
});

describe('HOOK-7 what providers say about the end of a couple', () => {
  it('HubSpot merges into a new contact, which is then read; privacy deletions are final', async () => {
    const merge = {
      subscriptionType: 'contact.merge',
      objectId: 30,
      primaryObjectId: 10,
      mergedObjectIds: [20],
      newObjectId: 30,
      occurredAt: receivedAtMs,
    };
    const all = await adaptAll('hubspot', { headers: {}, body: Buffer.from(JSON.stringify([merge])) });
    expect(all.map(({ adapted }) => adapted)).toMatchObject([
      { kind: 'merge', externalId: '30', aliases: ['10'], mergedIds: ['10', '20'] },
      { kind: 'read', externalId: '30' },
    ]);
    const privacy = [{ subscriptionType: 'contact.privacyDeletion', objectId: 10 }];
    const [erased] = await adaptAll('hubspot', { headers: {}, body: Buffer.from(JSON.stringify(privacy)) });
    expect(erased?.adapted).toMatchObject({ kind: 'erase', externalId: '10' });
  });

  it('the cancelled half of a Calendly reschedule says nothing about the new time', async () => {
    const { request } = fixture('calendly/invitee.canceled') as { request: { body: Record<string, object> } };
    const payload = { ...request.body.payload, rescheduled: true, new_invitee: 'https://x/invitees/2' };
    const body = Buffer.from(JSON.stringify({ ...request.body, payload }));
    const [moved] = await adaptAll('calendly', { headers: {}, body });
    expect(moved?.adapted).toMatchObject({ ok: true, fields: {} });
  });
});

describe('HOOK-3 thin, partial and placeholder events', () => {
  const NOTHING = ['', null, 'TBD', 'null', '#ERROR!', 'n/a'];

  it('never clear a field, whichever adapter reads them', async () => {
    for (const value of NOTHING) {
      const zap = { external_id: 'a', names: value, email: value, main_shoot: value, phone: value };
      const [generic] = await adaptAll('zapier', { headers: {}, body: Buffer.from(JSON.stringify(zap)) });
      expect(generic?.adapted).toMatchObject({ ok: true, fields: {} });
      const change = [
        {
          objectId: 1,
          subscriptionType: 'contact.propertyChange',
          propertyName: 'wedding_date',
          propertyValue: value,
        },
      ];
      const [hub] = await adaptAll('hubspot', { headers: {}, body: Buffer.from(JSON.stringify(change)) });
      expect(hub?.adapted).toMatchObject({ ok: true, fields: {} });
      const fields = { Couple: value, 'Wedding date': value };
      expect(adaptItem('airtable', 'record', { id: 'rec1', fields }).fields).toEqual({});
    }
  });
});

describe('HOOK-4 HOOK-1 what nobody expects', () => {
  const names = readdirSync(root).filter((name) => providerOf(name) !== undefined);
  const odd = [
    '',
    '{',
    '[]',
    'null',
    '5',
    '"x"',
    '[null]',
    '{"a":1}',
    '{"__proto__":{"x":1}}',
    '\u0000',
    '[[[]]]',
    'a=b&c',
  ];

  it.each([...names, 'standard', 'generic'])(
    '%s neither throws nor accepts it as a couple',
    async (provider) => {
      for (const text of odd)
        for (const type of ['application/json', 'multipart/form-data; boundary=x', 'multipart/form-data']) {
          const headers = { 'content-type': type };
          for (const { adapted } of await adaptAll(provider, { headers, body: Buffer.from(text) }))
            expect(adapted.ok && adapted.kind !== 'read').toBe(false);
        }
    },
  );

  it('every fixture is taken apart into parts that say the same again', async () => {
    for (const provider of names)
      for (const file of readdirSync(new URL(`${provider}/`, root))) {
        const given = fixture(`${provider}/${file.replace('.json', '')}`);
        if (given.request === undefined) continue;
        const found = providerOf(provider);
        const once = await takeApart(found, requestOf(given));
        const twice = await takeApart(found, requestOf(given));
        expect(twice.map(({ eventId }) => eventId)).toEqual(once.map(({ eventId }) => eventId));
        for (const { body } of once)
          expect(body.length === 0 || readJson(body) !== undefined || provider === 'acuity').toBe(true);
      }
  });
});

describe('SEC-5 what comes from outside is text', () => {
  it('markup and formulas in names, venues and notes stay the characters that were sent', async () => {
    const hostile = [
      '<img src=x onerror=alert(1)>',
      '=HYPERLINK("http://x")',
      'javascript:alert(1)',
      '{{7*7}}',
    ];
    for (const venue of hostile) {
      const zap = { external_id: 'a', venue, notes: venue };
      const [generic] = await adaptAll('zapier', { headers: {}, body: Buffer.from(JSON.stringify(zap)) });
      expect(generic?.adapted).toMatchObject({ fields: { venue, 'note:src_a': venue } });
      expect(adaptItem('airtable', 'record', { id: 'rec1', fields: { Venue: venue } }).fields.venue).toBe(
        venue,
      );
    }
  });

  it('a picture is an https address or nothing', async () => {
    for (const photo of ['javascript:alert(1)', 'data:text/html,x', 'http://x/y.png']) {
      const body = Buffer.from(JSON.stringify({ external_id: 'a', photo, venue: 'A' }));
      const [generic] = await adaptAll('zapier', { headers: {}, body });
      expect(generic?.adapted).toMatchObject({ ok: true, fields: { venue: 'A' } });
      expect(generic?.adapted).not.toHaveProperty('fields.photo');
    }
  });
});
