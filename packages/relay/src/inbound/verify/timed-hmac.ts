// `t=<Unix seconds>,v1=<hex>[,v1=…]`: HMAC-SHA256 over `t.body` with the secret as text. Stripe's form
// (https://docs.stripe.com/webhooks, 2026-11), which Calendly uses with a shorter window.
import { createHmac } from 'node:crypto';
import { matchSecrets } from './match-secrets.ts';
import { headerOf, type Scheme } from './verdict.ts';

/** Entries beyond this are not looked at: two secrets make two signatures. */
const MAX_ENTRIES = 32;

function readHeader(text: string): { time: string | undefined; signatures: string[] } {
  const pairs = text
    .split(',')
    .slice(0, MAX_ENTRIES)
    .map((part) => {
      const at = part.indexOf('=');
      return [part.slice(0, Math.max(0, at)).trim(), part.slice(at + 1).trim()] as const;
    });
  const times = pairs.filter(([key]) => key === 't').map(([, value]) => value);
  const signatures = pairs.filter(([key]) => key === 'v1').map(([, value]) => value);
  // Two times: unclear which one was signed.
  return { time: times.length === 1 ? times[0] : undefined, signatures };
}

function createScheme(header: string, windowSeconds: number): Scheme {
  return (request, source, nowMs) => {
    const text = headerOf(request, header);
    const { time, signatures } = readHeader(text ?? '');
    if (time === undefined || signatures.length === 0) return { ok: false, reason: 'missing-header' };
    const verdict = matchSecrets(signatures, source.secrets, (secret) =>
      createHmac('sha256', secret).update(`${time}.`, 'utf8').update(request.body).digest('hex'),
    );
    const isNear =
      /^\d{1,15}$/.test(time) && Math.abs(Number(time) - Math.floor(nowMs / 1000)) <= windowSeconds;
    return isNear ? verdict : { ok: false, reason: 'outside-window' };
  };
}

export const verifyStripe = createScheme('stripe-signature', 300);
/** https://developer.calendly.com/api-docs (Webhook Signatures, 2026-11): its sample allows three minutes. */
export const verifyCalendly = createScheme('calendly-webhook-signature', 180);
