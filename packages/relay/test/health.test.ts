// Health of a running relay on the embedded default: what it says to whom, metrics, sources, incidents, sockets, mails.
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { join } from './helpers/device.ts';
import { parseExposition } from './helpers/exposition.ts';
import { type MailServer, startMailServer } from './helpers/mail-server.ts';
import { type RunningRelay, startRelay } from './helpers/relay.ts';
import { closeDevices, createStudio, type Studio } from './helpers/studio.ts';
import { until } from './helpers/until.ts';

interface Shown {
  readonly state: string;
  readonly cause?: string;
  readonly fix?: string;
  readonly lastSuccessAt?: number;
}
type Report = Readonly<Record<string, Shown>> & {
  readonly status: string;
  readonly webhookEndpoint: Shown & { readonly sources: (Shown & { readonly sourceId: string })[] };
};
interface Page {
  readonly checks: (Shown & { key: string; title: string; sourceId?: string; bars: string[] })[];
  readonly incidents: { title: string; cause: string; closedAt: number | null }[];
}

const METRICS_TOKEN = 'a token for the scraper';
let mail: MailServer;
let relay: RunningRelay;
beforeAll(async () => {
  mail = await startMailServer();
  relay = await startRelay({
    env: { DEMO: 'off', SMTP_URL: mail.url, HEALTH_INTERVAL: '2', METRICS_TOKEN },
  });
});
afterAll(() => mail?.stop());
afterEach(closeDevices);

const get = (path: string, token?: string) =>
  fetch(`${relay.url}${path}`, {
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });
const report = async (token: string) => (await (await get('/health', token)).json()) as Report;
const page = async (token: string, listId: string) =>
  (await relay.api(token, 'GET', `/api/lists/${listId}/health`)) as Page;

describe('HEALTH-1 what the relay says', () => {
  it('to everybody one word, with a token everything', async () => {
    expect(await (await get('/health/live')).json()).toEqual({ status: 'ok' });
    expect(await (await get('/health/ready')).json()).toEqual({ status: 'ok' });
    await until(async () => {
      const { database, webhookEndpoint, smtp } = await report(relay.adminToken);
      return [database, webhookEndpoint, smtp].every((check) => check?.state === 'ok');
    });
    expect(Object.keys((await (await get('/health')).json()) as object)).toEqual(['status']);
    const known = await report(relay.adminToken);
    expect(known.supabaseRealtime).toMatchObject({ state: 'off' });
    expect(known.webhookEndpoint).toMatchObject({ state: 'ok' });
    expect(known.externalAPIs).toMatchObject({ state: 'off' });
    expect(known.smtp).toMatchObject({ state: 'ok' });
    expect(known.errorRate).toMatchObject({
      state: 'ok',
      last5Minutes: { errors: 0 },
      lastHour: {},
      last24Hours: {},
    });
    expect(known).toHaveProperty('lastSyncTime.at');
    expect((await get('/health', 'nonsense')).status).toBe(401);
  });

  it('lastSyncTime moves with the last stored change', async () => {
    const studio = await createStudio(relay);
    const before = Date.now();
    const device = await studio.open();
    device.writer.create({ firstName: 'A' });
    await until(async () => ((await report(relay.adminToken)).lastSyncTime?.lastSuccessAt ?? 0) >= before);
  });

  it('a person sees the sources of their lists alone', async () => {
    const [one, other] = [await createStudio(relay), await createStudio(relay)];
    const sourcesOf = async (token: string) =>
      (await report(token)).webhookEndpoint.sources.map(({ sourceId }) => sourceId);
    await until(async () => (await sourcesOf(one.token)).length === 1);
    expect(await sourcesOf(one.token)).toEqual([one.source.id]);
    expect(await sourcesOf(other.token)).toEqual([other.source.id]);
    await expect(page(other.token, one.listId)).rejects.toThrow('404');
  });
});

describe('HEALTH-1 a source', () => {
  it('that signs wrong shows within 10 s with cause and fix, is told once to its owner, and once when it works', async () => {
    const studio = await createStudio(relay);
    const email = `${studio.listId.slice(2, 10).toLowerCase()}@studio.com`;
    const token = await relay.token({ email });
    const own = await createStudio(relay, { token });
    const { socket } = await join(relay.syncUrl, token, own.listId);
    const state = async () => {
      const { checks } = await page(token, own.listId);
      return checks.find(({ sourceId }) => sourceId === own.source.id);
    };
    await until(async () => (await state())?.state === 'unknown');
    expect((await state())?.cause).toContain('Nothing has arrived yet');

    const startedAt = Date.now();
    const forged = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
    for (let n = 0; n < 3; n += 1)
      expect((await own.send({ type: 'client.created', changes: { names: ['A B'] } }, forged)).status).toBe(
        401,
      );
    await until(async () => (await state())?.state === 'failing', 10_000);
    expect(Date.now() - startedAt).toBeLessThan(10_000);
    expect(await state()).toMatchObject({
      title: 'CRM',
      cause: expect.stringContaining('signature'),
      fix: expect.stringContaining('secret'),
    });
    const incident = (isOver: boolean) =>
      socket.next(
        'event',
        ({ event }) => event.type === 'health.incident' && (event.closedAt !== null) === isOver,
      );
    expect((await incident(false)).event).toMatchObject({ title: 'CRM', listId: own.listId });
    await socket.next('event', ({ event }) => event.type === 'health.changed');

    await own.send({ type: 'client.created', changes: { names: ['A B'] } });
    await until(async () => (await state())?.state === 'ok', 10_000);
    await incident(true);
    await until(() => mail.mails.filter(({ to }) => to === email).length === 2);
    // Two rounds more: nothing is told again.
    const rounds = (await page(token, own.listId)) as unknown as { nextCheckAt: number };
    await until(async () => {
      const { nextCheckAt } = (await page(token, own.listId)) as unknown as { nextCheckAt: number };
      return nextCheckAt >= rounds.nextCheckAt + 4_000;
    });
    expect(mail.mails.filter(({ to }) => to === email).map(({ subject }) => subject)).toEqual([
      'WedSync: CRM needs attention',
      'WedSync: CRM works again',
    ]);
    const { incidents } = await page(token, own.listId);
    expect(incidents).toHaveLength(1);
    expect(incidents[0]).toMatchObject({ title: 'CRM', closedAt: expect.any(Number) });
    // The half hour may have ended meanwhile.
    expect((await state())?.bars.slice(-2)).toContain('failing');
    expect(socket.messages.filter(({ type }) => type === 'event').length).toBeLessThan(10);
  });

  it('whose messages nobody understands is degraded, and paused when a person says so', async () => {
    const studio = await createStudio(relay);
    const state = async () =>
      (await page(studio.token, studio.listId)).checks.find(({ sourceId }) => sourceId === studio.source.id);
    await studio.sendBody('{"type":"nonsense"}');
    await until(async () => (await state())?.state === 'degraded', 10_000);
    expect((await state())?.cause).toContain('could not be understood');
    await relay.api(studio.token, 'POST', `/api/sources/${studio.source.id}/pause`);
    await until(async () => (await state())?.state === 'paused', 10_000);
  });
});

describe('HEALTH-1 a mail about an incident', () => {
  const forged = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
  const env = () => ({ DEMO: 'off', SMTP_URL: mail.url, HEALTH_INTERVAL: '2' });
  const forge = async (to: Pick<Studio, 'send'>) =>
    expect((await to.send({ type: 'client.created' }, forged)).status).toBe(401);
  const sendGood = async (to: Pick<Studio, 'send'>) =>
    expect((await to.send({ type: 'client.created', changes: { names: ['A B'] } })).status).toBe(202);

  it('that the mail server does not take, or that waits over a restart of the relay, is sent once', async () => {
    let own = await startRelay({ env: env() });
    const email = `${randomUUID()}@studio.com`;
    const studio = await createStudio(own, { token: await own.token({ email }) });
    // The mail server being away may be an incident too, when it takes long enough.
    const got = () => mail.mails.filter(({ to, subject }) => to === email && subject.includes('CRM'));

    mail.refuse(2);
    await forge(studio);
    await until(() => got().length === 1, 30_000);
    expect(mail.refused).toBe(2);
    await sendGood(studio);
    await until(() => got().length === 2, 30_000);

    await mail.stop();
    const letters = path.join(own.dataDir, 'letters.json');
    await forge(studio);
    await until(() => existsSync(letters) && readFileSync(letters, 'utf8').includes('CRM'), 30_000);
    expect(await own.stop()).toBe(0);
    await mail.start();
    own = await startRelay({ dataDir: own.dataDir, env: env() });
    await until(() => got().length === 3, 30_000);
    await until(() => !existsSync(letters));
    await sendGood(studio.on(own));
    await until(() => got().length === 4, 30_000);
    expect(got().map(({ subject }) => subject)).toEqual([
      'WedSync: CRM needs attention',
      'WedSync: CRM works again',
      'WedSync: CRM needs attention',
      'WedSync: CRM works again',
    ]);
    expect(new Set(got().map(({ messageId }) => messageId)).size).toBe(4);
    await own.stop();
  });
});

describe('HEALTH-2 /metrics', () => {
  const read = async () => parseExposition(await (await get('/metrics', METRICS_TOKEN)).text());

  it('passes a strict reading of the exposition format, and counts what happened', async () => {
    const studio = await createStudio(relay);
    await studio.send({ type: 'client.created', changes: { names: ['A B'] } });
    await studio.send({ type: 'client.created', changes: { names: ['A B'] } }, `whsec_${'A'.repeat(32)}`);
    await studio.applied();
    const device = await studio.open();
    device.writer.create({ firstName: 'C' });
    const numberOf = async (name: string, labels: Readonly<Record<string, string>> = {}) =>
      (await read())
        .get(name.replace(/_(?:sum|count)$/, ''))
        ?.samples.find(
          (sample) =>
            sample.name === name &&
            Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
        )?.value;
    await until(async () => ((await numberOf('wedsync_sync_latency_seconds_count')) ?? 0) > 0);
    expect(await numberOf('wedsync_receipts_total', { outcome: 'stored' })).toBeGreaterThan(0);
    for (const outcome of ['accepted', 'refused', 'applied'])
      await until(
        async () => (await numberOf('wedsync_webhooks_total', { source: studio.source.id, outcome })) === 1,
      );
    expect(await numberOf('wedsync_rooms', { state: 'live' })).toBeGreaterThan(0);
    expect(await numberOf('wedsync_sockets', { state: 'live' })).toBeGreaterThan(0);
    expect(await numberOf('wedsync_socket_bytes_total', { direction: 'sent' })).toBeGreaterThan(0);
    expect(
      await numberOf('wedsync_database_seconds_count', { call: 'ws_append', outcome: 'ok' }),
    ).toBeGreaterThan(0);
    expect(await numberOf('wedsync_check_failing', { check: 'database' })).toBe(0);
    expect(await numberOf('wedsync_oldest_unstored_seconds')).toBe(0);
    expect(await numberOf('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThan(0);
  });

  it('is for the scraper: without its token it is refused', async () => {
    expect((await get('/metrics')).status).toBe(401);
    expect((await get('/metrics', 'another')).status).toBe(401);
    expect((await get('/metrics', relay.adminToken)).status).toBe(200);
  });

  it('an inbox with nothing in it is asked about every two seconds, not all the time', async () => {
    const calls = async () =>
      (await read())
        .get('wedsync_database_seconds')
        ?.samples.find(
          ({ name, labels }) =>
            name.endsWith('_count') && labels.call === 'ws_inbox_claim' && labels.outcome === 'ok',
        )?.value ?? 0;
    const studio = await createStudio(relay);
    await studio.applied();
    const before = await calls();
    const until4 = Date.now() + 4_000;
    await until(() => Date.now() > until4);
    expect((await calls()) - before).toBeLessThan(20);
  });
});
