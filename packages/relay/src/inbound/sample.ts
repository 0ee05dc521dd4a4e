// A signed request that can be pasted into a terminal, to see a source work before the other system is set up.
import { randomBytes } from 'node:crypto';
import { AppError } from '@wedsync/shared';
import { keyOfSecret, signStandard, WINDOW_SECONDS } from './verify/standard-webhooks.ts';

export const SAMPLE_EVENTS = [
  'client.created',
  'client.updated',
  'wedding.date_changed',
  'client.deleted',
] as const;
export type SampleEvent = (typeof SAMPLE_EVENTS)[number];

export interface Sample {
  readonly command: string;
  readonly event: SampleEvent;
  /** UTC ms; from then on the signature is too old. */
  readonly expiresAt: number;
}

/** All samples speak of one couple, so that one after the other tells its story. */
const SAMPLE_CLIENT = 'sample-1';

function nextYear(nowMs: number, monthAndDay: string): string {
  return `${new Date(nowMs).getUTCFullYear() + 1}-${monthAndDay}`;
}

function changesOf(event: SampleEvent, nowMs: number): Readonly<Record<string, unknown>> | undefined {
  switch (event) {
    case 'client.created':
      return {
        names: ['Zoë van den Berg', 'Tom Fletcher'],
        email: 'zoe@example.com',
        phone: '+44 7700 900123',
        weddingDate: nextYear(nowMs, '06-12'),
        venue: 'Lyde Court, Hereford',
        status: 'enquiry',
      };
    case 'client.updated':
      return { status: 'booked', notes: 'Deposit paid.' };
    case 'wedding.date_changed':
      return { weddingDate: nextYear(nowMs, '06-19'), previous: nextYear(nowMs, '06-12') };
    case 'client.deleted':
      return undefined;
  }
}

/** Nothing in a sample has a single quote; this keeps a shell from ever reading one as its own. */
const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** @param url the source's own webhook address */
export function createSample(
  target: { readonly url: string; readonly secret: string },
  event: SampleEvent,
  nowMs: number,
): Sample {
  const key = keyOfSecret(target.secret);
  if (key === undefined) throw new AppError('internal', { message: 'a secret of ours is no key' });
  const changes = changesOf(event, nowMs);
  const data = { clientId: SAMPLE_CLIENT, ...(changes === undefined ? {} : { changes }) };
  const body = JSON.stringify({ type: event, timestamp: new Date(nowMs).toISOString(), data });
  const id = `msg_${randomBytes(12).toString('base64url')}`;
  const seconds = Math.floor(nowMs / 1000);
  const signature = signStandard(key, { id, timestamp: String(seconds), body: Buffer.from(body) });
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': signature,
  };
  const lines = [
    `curl -i -X POST ${quote(target.url)}`,
    ...Object.entries(headers).map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`),
    `--data-raw ${quote(body)}`,
  ];
  return { command: lines.join(' \\\n  '), event, expiresAt: (seconds + WINDOW_SECONDS) * 1000 };
}
