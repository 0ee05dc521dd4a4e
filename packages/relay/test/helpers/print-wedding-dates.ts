// Prints which day each adapter reads from its forms of a wedding date, in whatever zone this process runs.

import { toReadItem } from '../../src/inbound/adapters/read-item.ts';
import { adaptSafely, providerOf } from '../../src/inbound/adapters/registry.ts';

const DAYS = [
  '2027-06-12',
  '2028-02-29',
  '2027-03-28',
  '2027-03-14',
  '2027-04-04',
  '2027-10-31',
  '2027-12-31',
  '2027-01-01',
];
const receivedAtMs = Date.UTC(2026, 10, 23);
const json = (value: unknown) => Buffer.from(JSON.stringify(value));

function dayOf(provider: string, body: Uint8Array, settings: object = {}): unknown {
  const found = providerOf(provider);
  const adapted = found && adaptSafely(found, { body, sourceId: 'src_a', receivedAtMs, settings });
  return adapted?.ok === true ? adapted.fields.weddingDate : undefined;
}

function typeform(day: string): Uint8Array {
  const field = { id: 'd', ref: 'd', type: 'date', title: 'Wedding date' };
  const answers = [{ type: 'date', date: day, field }];
  return json({
    event_type: 'form_response',
    form_response: { token: 't', definition: { fields: [field] }, answers },
  });
}

const google = (start: object) =>
  toReadItem('event', receivedAtMs, { event: { id: 'e', summary: 'Zoë & Tom', start } });

/** All forms of one day, by what they are called. */
function formsOf(day: string): Record<string, unknown> {
  const [year, month, number] = day.split('-');
  const ms = String(Date.parse(`${day}T00:00:00Z`));
  const change = { objectId: 1, subscriptionType: 'contact.propertyChange', propertyName: 'wedding_date' };
  const answer = [{ question: 'Wedding date', answer: `${number}/${month}/${year}` }];
  const zap = (value: unknown) => json({ external_id: 'a', wedding_date: value });
  const raw = JSON.stringify({ q6_weddingDate: { year, month, day: number } });
  const person = { id: 1, custom_fields: { h: { type: 'date', value: day } } };
  return {
    standard: dayOf(
      'standard',
      json({ type: 'client.updated', data: { clientId: 'c', changes: { weddingDate: day } } }),
    ),
    typeform: dayOf('typeform', typeform(day)),
    typeformUtc: dayOf('typeform', typeform(`${day}T00:00:00Z`)),
    jotform: dayOf('jotform', json({ submissionID: '1', rawRequest: raw })),
    calendly: dayOf(
      'calendly',
      json({ event: 'invitee.created', payload: { email: 'a@b.example', questions_and_answers: answer } }),
      { dateOrder: 'dmy' },
    ),
    hubspot: dayOf('hubspot', json({ ...change, propertyValue: day })),
    hubspotMs: dayOf('hubspot', json({ ...change, propertyValue: ms })),
    pipedrive: dayOf(
      'pipedrive',
      json({ meta: { action: 'change', entity: 'person', entity_id: '1' }, data: person }),
    ),
    vsco: dayOf('vsco-workspace', json({ id: '1', stage: 'lead', eventDate: day })),
    stripe: dayOf(
      'stripe',
      json({
        type: 'checkout.session.completed',
        data: { object: { client_reference_id: 'c', metadata: { wedding_date: day } } },
      }),
    ),
    airtable: dayOf(
      'airtable',
      toReadItem('record', receivedAtMs, { id: 'rec1', fields: { 'Wedding date': day } }),
    ),
    zapierOffset: dayOf('zapier', zap(`${day}T23:30:00+13:00`)),
    makeNoon: dayOf('make', zap(`${day}T12:00:00`)),
    googleAllDay: dayOf('google-calendar', google({ date: day })),
    googleAuckland: dayOf(
      'google-calendar',
      google({ dateTime: `${day}T10:00:00+13:00`, timeZone: 'Pacific/Auckland' }),
    ),
    googleLate: dayOf(
      'google-calendar',
      google({ dateTime: `${day}T22:00:00-08:00`, timeZone: 'Etc/GMT+8' }),
    ),
  };
}

process.stdout.write(JSON.stringify(Object.fromEntries(DAYS.map((day) => [day, formsOf(day)]))));
