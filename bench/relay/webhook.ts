// HOOK-5: signed events posted to a source, beside the raw server's route that answers at once.
import { createHmac } from 'node:crypto';
import { Agent, request } from 'node:http';
import { type Measured, measure, quantile } from './measure.ts';
import { Peer } from './peer.ts';
import type { RunningRelay, RunningServer } from './servers.ts';
import { until } from './wait.ts';

type Source = { readonly url: string; readonly secret: string };
type Target = { readonly url: string; readonly secret?: string };

function signedHeaders(secret: string, id: string, body: string): Record<string, string> {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const digest = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${digest}` };
}

function eventBody(client: string): string {
  const changes = {
    names: [`Anna ${client}`, `Béla ${client}`],
    venue: 'Kew Gardens',
    weddingDate: '2027-06-12',
  };
  const timestamp = new Date().toISOString();
  return JSON.stringify({ type: 'client.created', timestamp, data: { clientId: client, changes } });
}

/** One event; resolves with the wait for its 202. */
function post(target: Target, agent: Agent, client: string): Promise<number> {
  return new Promise((done, fail) => {
    const body = eventBody(client);
    const signed = target.secret === undefined ? {} : signedHeaders(target.secret, `msg_${client}`, body);
    const start = performance.now();
    const outgoing = request(
      target.url,
      { method: 'POST', agent, headers: { 'content-type': 'application/json', ...signed } },
      (response) => {
        response.resume();
        response.on('end', () => {
          if (response.statusCode === 202) done(performance.now() - start);
          else fail(new Error(`webhook answered ${response.statusCode}`));
        });
      },
    );
    outgoing.once('error', fail);
    outgoing.end(body);
  });
}

let tags = 0;

async function burst(pid: number, target: Target, events: number, inFlight: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: inFlight });
  tags += 1;
  const tag = `${process.pid}-${tags}`;
  const waits: number[] = [];
  let next = 0;
  const worker = async () => {
    while (next < events) {
      next += 1;
      waits.push(await post(target, agent, `${tag}-${next}`));
    }
  };
  const measured = await measure(pid, events, async () => {
    await Promise.all(Array.from({ length: inFlight }, worker));
  });
  agent.destroy();
  return { measured, waits };
}

/** What a bare route takes for the same posts. */
export async function bareBurst(raw: RunningServer, events: number): Promise<Measured> {
  return (await burst(raw.pid, { url: `${raw.url}/webhooks/x` }, events, 16)).measured;
}

export type WebhookFigures = {
  readonly answered: Measured;
  readonly answerP99Ms: number;
  readonly appliedPerSecond: number;
  readonly screenP95Ms: number;
};

export async function makeSource(relay: RunningRelay): Promise<{ list: string; source: Source }> {
  const { id: list } = await relay.api<{ id: string }>('POST', '/api/lists', { name: 'Bench' });
  const source = await relay.api<Source>('POST', `/api/lists/${list}/sources`, {
    name: 'Bench',
    provider: 'standard',
  });
  return { list, source };
}

type ListsResponse = { lists: readonly { id: string; records: number }[] };

/** Waits of single events, with pauses, until a device that has the list open hears of them. */
async function toScreen(relay: RunningRelay, list: string, source: Source, times: number): Promise<number> {
  const device = new Peer(relay, list);
  await device.joined;
  const agent = new Agent({ keepAlive: true });
  const waits: number[] = [];
  for (let i = 0; i < times; i++) {
    const start = performance.now();
    const heard = new Promise<void>((done) => {
      device.onUpdate = () => done();
    });
    tags += 1;
    await Promise.all([heard, post(source, agent, `${process.pid}-screen-${tags}`)]);
    waits.push(performance.now() - start);
    await new Promise((done) => setTimeout(done, 20));
  }
  agent.destroy();
  device.close();
  return quantile(waits, 0.95);
}

export async function webhookFigures(relay: RunningRelay, events: number): Promise<WebhookFigures> {
  const { list, source } = await makeSource(relay);
  const screenP95Ms = await toScreen(relay, list, source, 30);
  const recordsOf = async () => {
    const { lists } = await relay.api<ListsResponse>('GET', '/api/lists');
    return lists.find(({ id }) => id === list)?.records ?? 0;
  };
  await until(async () => (await recordsOf()) === 30, 'the read model');
  const start = performance.now();
  const { measured, waits } = await burst(relay.pid, source, events, 16);
  await until(async () => (await recordsOf()) >= events + 30, 'applying of all events');
  const appliedPerSecond = (events * 1_000) / (performance.now() - start);
  return { answered: measured, answerP99Ms: quantile(waits, 0.99), appliedPerSecond, screenP95Ms };
}
