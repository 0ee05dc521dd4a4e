import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readEventTime } from './instant.ts';
import { adaptStandard } from './standard.ts';

const receivedAtMs = Date.UTC(2026, 10, 22, 21, 0, 1);
const sourceId = 'src_a';

function adapt(body: unknown) {
  const bytes = typeof body === 'string' ? Buffer.from(body) : Buffer.from(JSON.stringify(body));
  return adaptStandard({ body: bytes, sourceId, receivedAtMs });
}

function fixture(name: string): { request: { body: unknown } } {
  const path = `../../../../../fixtures/webhooks/standard-webhooks/${name}.json`;
  return JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
}

const of = (type: string, data: unknown, more: object = {}) => ({ type, data, ...more });

describe('standard adapter', () => {
  it('reads the recorded events', () => {
    expect(adapt(fixture('client.created').request.body)).toMatchObject({
      ok: true,
      kind: 'upsert',
      externalId: '6f1d2c1e-0d55-4f0b-9a54-3d1a1f0f1a01',
      occurredAtMs: Date.parse('2026-11-22T20:59:59.120Z'),
      fields: {
        firstName: 'Zoë',
        lastName: 'van den Berg',
        partnerFirstName: 'Tom',
        partnerLastName: 'Fletcher',
        weddingDate: '2027-06-12',
        venue: 'Lyde Court, Hereford',
        status: 'enquiry',
        createdAt: Date.parse('2026-11-22T20:59:59.120Z'),
      },
      problems: [],
    });
    expect(adapt(fixture('client.updated').request.body)).toMatchObject({
      fields: { status: 'booked', 'note:src_a': 'Deposit paid.\nSecond shooter: yes' },
    });
    expect(adapt(fixture('wedding.date_changed').request.body)).toMatchObject({
      fields: { weddingDate: '2027-06-19' },
      previous: { weddingDate: '2027-06-12' },
    });
  });

  it('takes `event` for `type`, numbers for client ids, and previous values from beside the changes', () => {
    const data = { clientId: 7, changes: { weddingDate: '2027-06-19' }, previous: '2027-06-12' };
    expect(adapt({ event: 'wedding.date_changed', data })).toMatchObject({
      event: 'wedding.date_changed',
      externalId: '7',
      previous: { weddingDate: '2027-06-12' },
    });
    const object = { clientId: 'c', changes: { status: 'booked', venue: 'B' }, previous: { venue: 'A' } };
    expect(adapt(of('client.updated', object))).toMatchObject({ previous: { venue: 'A' } });
  });

  it('a deletion needs no changes, everything else but a creation does', () => {
    expect(adapt(of('client.deleted', { clientId: 'c' }))).toMatchObject({ ok: true, kind: 'delete' });
    expect(adapt(of('client.created', { clientId: 'c' }))).toMatchObject({
      ok: true,
      fields: { createdAt: receivedAtMs },
    });
    expect(adapt(of('client.updated', { clientId: 'c' }))).toMatchObject({ ok: false, reason: 'no-changes' });
  });

  it('HOOK-3 takes an event from the future, or without a time, as of its first receipt', () => {
    const data = { clientId: 'c', changes: { status: 'booked' } };
    for (const timestamp of [undefined, null, 'soon', '2031-01-01T00:00:00Z', 1e15, {}])
      expect(adapt(of('client.updated', data, { timestamp })), String(timestamp)).toMatchObject({
        occurredAtMs: receivedAtMs,
      });
  });

  it('HOOK-4 says why it does not understand, and of what', () => {
    const cases: [unknown, string][] = [
      ['', 'malformed'],
      ['[]', 'malformed'],
      ['{"type":"client.created","data":{"clientId":"c","changes":{"__proto__":{"a":1}}}}', 'malformed'],
      [of('client.updated', { clientId: 'c', changes: 'booked' }), 'malformed'],
      [of('client.merged', {}), 'unknown-event'],
      [{ data: { clientId: 'c' } }, 'unknown-event'],
      [of('client.updated', { changes: {} }), 'no-client-id'],
      [of('client.updated', { clientId: ' ', changes: {} }), 'no-client-id'],
      [of('client.updated', { clientId: 'x'.repeat(600), changes: {} }), 'no-client-id'],
      [of('client.updated', { clientId: '\ud800', changes: {} }), 'no-client-id'],
      [of('client.updated', { clientId: 'c', changes: { weddingDate: '31 February' } }), 'unreadable-values'],
      [of('wedding.date_changed', { clientId: 'c', changes: { venue: 'X' } }), 'unreadable-values'],
    ];
    for (const [body, reason] of cases)
      expect(adapt(body), JSON.stringify(body)).toMatchObject({ ok: false, reason });
  });

  it('HOOK-3 leaves out what it cannot read and keeps the rest; placeholders say nothing', () => {
    const changes = { status: 'booked', weddingDate: 'maybe', colour: 'red', phone: 'TBD', email: '' };
    const adapted = adapt(of('client.updated', { clientId: 'c', changes }));
    expect(adapted).toMatchObject({ ok: true, fields: { status: 'booked' } });
    expect(adapted.problems).toEqual(['weddingDate (invalid-date)', 'colour (unknown-field)']);
    expect(adapted.ok && Object.keys(adapted.fields)).toEqual(['status']);
  });
});

describe('readEventTime', () => {
  it.each([
    ['2026-11-22T21:00:00Z', Date.UTC(2026, 10, 22, 21)],
    ['2026-11-22T21:00:00.250+02:00', Date.UTC(2026, 10, 22, 19, 0, 0, 250)],
    ['2026-11-22T21:00:00+0200', Date.UTC(2026, 10, 22, 19)],
    ['2026-11-22 21:00:00', Date.UTC(2026, 10, 22, 21)],
    ['2026-11-22', Date.UTC(2026, 10, 22)],
    [1_795_381_200, Date.UTC(2026, 10, 22, 21)],
    ['1795381200123', Date.UTC(2026, 10, 22, 21, 0, 0, 123)],
    ['yesterday', undefined],
    ['22/11/2026', undefined],
    ['', undefined],
    [Number.NaN, undefined],
  ])('reads %s', (text, ms) => {
    expect(readEventTime(text)).toBe(ms);
  });
});
