// The webhook route by itself, with an inbox that answers what the test says: limits, a full inbox, a database away.
import { AppError } from '@wedsync/shared';
import Fastify, { type FastifyInstance } from 'fastify';
import { Webhook } from 'standardwebhooks';
import { afterEach, describe, expect, it } from 'vitest';
import { registerErrors } from '../src/api/errors.ts';
import { registerWebhookRoute } from '../src/inbound/gateway.ts';
import type { InboxRow, PutOutcome } from '../src/inbound/inbox.ts';
import type { SourceWithSecrets } from '../src/inbound/source-store.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const id = `src_${'A'.repeat(22)}`;
const source: SourceWithSecrets = {
  source: {
    id,
    listId: 'l_a',
    name: 'CRM',
    provider: 'standard',
    bodySignature: false,
    settleMs: 0,
    state: 'active',
    createdAt: 0,
    lastEventAt: null,
    settings: {},
    account: null,
    vanished: [],
  },
  secrets: [{ id: 'k', secret }],
};
const body = '{"type":"client.updated","data":{"clientId":"c","changes":{"status":"booked"}}}';

const apps: FastifyInstance[] = [];
afterEach(() => Promise.all(apps.splice(0).map((app) => app.close())));

interface SetUp {
  readonly find?: () => Promise<SourceWithSecrets | undefined>;
  readonly put?: (row: InboxRow) => Promise<PutOutcome>;
}

async function setUp({ find, put }: SetUp = {}) {
  const rows: InboxRow[] = [];
  const app = Fastify();
  registerErrors(app, () => false);
  registerWebhookRoute(app, {
    sources: { find: find ?? (async (asked) => (asked === id ? source : undefined)) },
    inbox: {
      put: async (row) => {
        rows.push(row);
        return put === undefined ? { outcome: 'stored', id: 7 } : put(row);
      },
    },
    refusals: { note: () => undefined },
    maxBodyBytes: 1000,
    baseUrl: () => 'https://relay.example.com',
    failuresPerMinute: 5,
    onHeard: () => undefined,
    now: Date.now,
  });
  await app.ready();
  apps.push(app);
  const at = new Date();
  const signature = new Webhook(secret).sign('msg_1', at, body);
  const send = (more: { signature?: string; address?: string; headers?: Record<string, string> } = {}) =>
    app.inject({
      method: 'POST',
      url: `/webhooks/${id}`,
      remoteAddress: more.address ?? '203.0.113.1',
      headers: {
        'webhook-id': 'msg_1',
        'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
        'webhook-signature': more.signature ?? signature,
        ...more.headers,
      },
      payload: body,
    });
  return { app, send, rows };
}

const codeOf = (response: { json: () => unknown }) =>
  (response.json() as { error: { code: string } }).error.code;

describe('gateway limits', () => {
  it('an address that fails too often is told to wait; what is verified from there is taken all the same', async () => {
    const { send } = await setUp();
    const codes: number[] = [];
    for (let i = 0; i < 8; i++) codes.push((await send({ signature: 'v1,wrong' })).statusCode);
    expect(codes).toEqual([401, 401, 401, 401, 401, 429, 429, 429]);
    const limited = await send({ signature: 'v1,wrong' });
    expect(codeOf(limited)).toBe('rate-limited');
    expect(Number(limited.headers['retry-after'])).toBeGreaterThan(0);
    expect((await send()).statusCode).toBe(202);
    expect((await send({ signature: 'v1,wrong', address: '203.0.113.2' })).statusCode).toBe(401);
  });

  it('a full inbox is 503 with a time to come back, and so is a database that is away', async () => {
    const full = await (await setUp({ put: async () => ({ outcome: 'full' }) })).send();
    expect([full.statusCode, codeOf(full)]).toEqual([503, 'inbox-full']);
    expect(Number(full.headers['retry-after'])).toBeGreaterThan(0);
    const away = () => Promise.reject(new AppError('storage-unavailable'));
    for (const parts of [{ put: away }, { find: away }, { find: () => Promise.reject(new Error('key')) }]) {
      const response = await (await setUp(parts)).send();
      expect([response.statusCode, codeOf(response)]).toEqual([503, 'storage-unavailable']);
    }
  });

  it('a source that ends between the look and the write is one that never was', async () => {
    const gone = await (await setUp({ put: async () => ({ outcome: 'unknown' }) })).send();
    expect([gone.statusCode, codeOf(gone)]).toEqual([401, 'bad-signature']);
  });

  it('answers 202 only when the inbox has it, and hands over the bytes as they came', async () => {
    let isStored = false;
    const { send, rows } = await setUp({
      put: async () => {
        await new Promise((done) => setImmediate(done));
        isStored = true;
        return { outcome: 'duplicate', id: 7 };
      },
    });
    const response = await send({ headers: { 'content-type': 'text/plain' } });
    expect(isStored).toBe(true);
    expect(response.statusCode).toBe(202);
    expect(response.json()).toEqual({ accepted: true, id: '7', duplicate: true });
    expect(rows[0]).toMatchObject({ sourceId: id, eventId: 'msg_1', state: 'waiting', secretId: 'k' });
    expect(Buffer.from(rows[0]?.body ?? []).toString()).toBe(body);
  });
});
