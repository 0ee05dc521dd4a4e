// Signed events posted to a source, beside the raw server's route that answers at once.
import { createHmac } from 'node:crypto';
import { Agent, request } from 'node:http';
import type { Measured } from './cases.ts';
import { cpuMs } from './load.ts';

export type WebhookTarget = { url: string; pid: number; secret?: string };

function signedHeaders(secret: string, id: string, body: string): Record<string, string> {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const digest = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${digest}` };
}

function eventBody(index: number): string {
  const changes = {
    names: [`Anna ${index}`, `Béla ${index}`],
    venue: 'Kew Gardens',
    weddingDate: '2027-06-12',
  };
  const timestamp = new Date().toISOString();
  return JSON.stringify({ type: 'client.created', timestamp, data: { clientId: `bench-${index}`, changes } });
}

/** Posts `events` distinct events, `inFlight` at a time. Returns the measure and each answer's latency in ms, sorted. */
export async function postEvents(target: WebhookTarget, options: { events: number; inFlight: number }) {
  const agent = new Agent({ keepAlive: true, maxSockets: options.inFlight });
  const latenciesMs: number[] = [];
  const tag = `${process.pid}-${Date.now()}`;
  let next = 0;
  const postOne = (index: number) =>
    new Promise<void>((done, fail) => {
      const body = eventBody(index);
      const signed =
        target.secret === undefined ? {} : signedHeaders(target.secret, `msg_${tag}_${index}`, body);
      const start = performance.now();
      const post = request(
        target.url,
        { method: 'POST', agent, headers: { 'content-type': 'application/json', ...signed } },
        (response) => {
          response.resume();
          response.on('end', () => {
            latenciesMs.push(performance.now() - start);
            if (response.statusCode === 202) done();
            else fail(new Error(`webhook answered ${response.statusCode}`));
          });
        },
      );
      post.once('error', fail);
      post.end(body);
    });
  const worker = async () => {
    while (next < options.events) await postOne(next++);
  };
  const cpuBefore = cpuMs(target.pid);
  const start = performance.now();
  await Promise.all(Array.from({ length: options.inFlight }, worker));
  const measured: Measured = {
    cpuMs: cpuMs(target.pid) - cpuBefore,
    units: options.events,
    wallMs: performance.now() - start,
  };
  agent.destroy();
  return { measured, latenciesMs: latenciesMs.sort((a, b) => a - b) };
}
