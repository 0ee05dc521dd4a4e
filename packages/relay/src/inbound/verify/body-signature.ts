// The in-body form, for sources that opted into it: a `signature` member holds the HMAC-SHA256, in hex, of the raw
// body with that member's value blanked. Weaker than headers: no time and no event id are signed beside the body.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { findTextValue } from './json-span.ts';
import { keyOfSecret } from './standard-webhooks.ts';
import type { SignedRequest, Verdict } from './verdict.ts';

const MEMBER = 'signature';
const hexDigest = /^[0-9a-f]{64}$/i;

/** Senders of this form differ in whether the secret is text or base64; both need to know it. */
function keysOf(secret: string): Uint8Array[] {
  const key = keyOfSecret(secret);
  const text = Buffer.from(secret, 'utf8');
  return [...(key === undefined ? [] : [key]), ...(text.length === 0 ? [] : [text])];
}

/** The hex digest of a body whose `signature` value is empty. */
export function signBody(key: Uint8Array, blankedBody: Uint8Array): string {
  return createHmac('sha256', key).update(blankedBody).digest('hex');
}

export function verifyBodySignature(request: SignedRequest, secrets: readonly string[]): Verdict {
  const span = findTextValue(request.body, MEMBER);
  if (span === undefined) return { ok: false, reason: 'missing-header' };
  const given = Buffer.from(request.body.subarray(span.start, span.end)).toString('latin1');
  const isDigest = hexDigest.test(given);
  const digest = isDigest ? Buffer.from(given, 'hex') : Buffer.alloc(32);
  const blanked = Buffer.concat([request.body.subarray(0, span.start), request.body.subarray(span.end)]);
  let secretIndex = -1;
  for (const [index, secret] of secrets.entries()) {
    for (const key of keysOf(secret)) {
      const expected = createHmac('sha256', key).update(blanked).digest();
      if (timingSafeEqual(expected, digest) && isDigest && secretIndex < 0) secretIndex = index;
    }
  }
  return secretIndex < 0 ? { ok: false, reason: 'no-match' } : { ok: true, secretIndex };
}
