// Decides whether a webhook request was signed by its source. An unknown source runs through the same work with a
// secret that nobody has, so that neither the answer nor the time tells which sources exist.
import { randomBytes } from 'node:crypto';
import { verifyGithubStyle } from './body-hmac.ts';
import { verifyBodySignature } from './body-signature.ts';
import { verifyToken } from './shared-token.ts';
import { verifyStandard } from './standard-webhooks.ts';
import { verifyStripe } from './timed-hmac.ts';
import { headerOf, type Scheme, type SignedRequest, type Verdict, type VerifiableSource } from './verdict.ts';

const nobody: VerifiableSource = {
  secrets: [`whsec_${randomBytes(24).toString('base64')}`],
  acceptsWeaker: false,
};

/** Standard Webhooks, and the signature inside the body for sources that opted into it. */
export const verifyEnvelope: Scheme = (request, source, nowMs) =>
  source.acceptsWeaker && headerOf(request, 'webhook-signature') === undefined
    ? verifyBodySignature(request, source.secrets)
    : verifyStandard(request, source.secrets, Math.floor(nowMs / 1000));

/** For systems that are not known by name: whichever proof they show, by the strongest header that is there. */
export const verifyAny: Scheme = (request, source, nowMs) => {
  const has = (name: string) => headerOf(request, name) !== undefined;
  if (has('webhook-signature')) return verifyEnvelope(request, source, nowMs);
  if (has('x-hub-signature-256')) return verifyGithubStyle(request, source, nowMs);
  if (has('stripe-signature')) return verifyStripe(request, source, nowMs);
  return verifyToken(request, source, nowMs);
};

/** @param nowMs UTC ms */
export function verifyRequest(
  request: SignedRequest,
  source: VerifiableSource | undefined,
  nowMs: number,
  scheme: Scheme = verifyEnvelope,
): Verdict {
  const isKnown = source !== undefined && source.secrets.length > 0;
  const verdict = scheme(request, isKnown ? source : nobody, nowMs);
  return isKnown ? verdict : { ok: false, reason: 'no-secret' };
}
