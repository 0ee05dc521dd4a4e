// Standard Webhooks 1.0.0, symmetric form (https://github.com/standard-webhooks/standard-webhooks, read 2026-11):
// HMAC-SHA256 over `id.timestamp.body`, base64, any of several `v1,` entries, five minutes both ways.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { fromBase64 } from '@wedsync/shared';
import { headerOf, type SignedRequest, type Verdict } from './verdict.ts';

/** How far a signature's time may be from ours, past or future: the specification's advice. */
export const WINDOW_SECONDS = 300;
const secretPrefix = 'whsec_';
/** Entries beyond this are not looked at: two secrets make two signatures, and an attacker none. */
const MAX_SIGNATURES = 32;

/** The key that a secret stands for: the decoded content after `whsec_`. Undefined when there is nothing in it. */
export function keyOfSecret(secret: string): Uint8Array | undefined {
  const content = secret.startsWith(secretPrefix) ? secret.slice(secretPrefix.length) : secret;
  const key = fromBase64(content);
  return key === undefined || key.length === 0 ? undefined : key;
}

/** The signature entry (`v1,…`) of a message. `timestamp` is Unix seconds as text, as it stands in the header. */
export function signStandard(
  key: Uint8Array,
  message: { id: string; timestamp: string; body: Uint8Array },
): string {
  const digest = createHmac('sha256', key)
    .update(`${message.id}.${message.timestamp}.`, 'utf8')
    .update(message.body)
    .digest('base64');
  return `v1,${digest}`;
}

function isEqual(a: string, b: string): boolean {
  const [bytesA, bytesB] = [Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8')];
  return bytesA.length === bytesB.length && timingSafeEqual(bytesA, bytesB);
}

/** The id is in the signed text; so it identifies the event, and a retry carries the same. */
function readHeaders(request: SignedRequest) {
  const id = headerOf(request, 'webhook-id');
  const timestamp = headerOf(request, 'webhook-timestamp');
  const signature = headerOf(request, 'webhook-signature');
  return id === undefined || timestamp === undefined || signature === undefined
    ? undefined
    : { id, timestamp, entries: signature.split(' ').slice(0, MAX_SIGNATURES) };
}

/**
 * Whether one of `secrets` signed the request. Every secret is compared with every entry, whichever matched first, so
 * that the time taken tells nothing.
 * @param nowSeconds Unix seconds, whole
 */
export function verifyStandard(
  request: SignedRequest,
  secrets: readonly string[],
  nowSeconds: number,
): Verdict {
  const headers = readHeaders(request);
  if (headers === undefined) return { ok: false, reason: 'missing-header' };
  // Whole seconds only: what other forms mean is a guess, and the text itself is what was signed.
  const isNear =
    /^\d{1,15}$/.test(headers.timestamp) &&
    Math.abs(Number(headers.timestamp) - nowSeconds) <= WINDOW_SECONDS;
  let secretIndex = -1;
  for (const [index, secret] of secrets.entries()) {
    const key = keyOfSecret(secret);
    if (key === undefined) continue;
    const expected = signStandard(key, { ...headers, body: request.body });
    for (const entry of headers.entries) if (isEqual(entry, expected) && secretIndex < 0) secretIndex = index;
  }
  if (!isNear) return { ok: false, reason: 'outside-window' };
  return secretIndex < 0 ? { ok: false, reason: 'no-match' } : { ok: true, eventId: headers.id, secretIndex };
}
