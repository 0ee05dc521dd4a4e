// Decides whether a webhook request was signed by its source. An unknown source runs through the same work with a
// secret that nobody has, so that neither the answer nor the time tells which sources exist.
import { randomBytes } from 'node:crypto';
import { verifyBodySignature } from './body-signature.ts';
import { verifyStandard } from './standard-webhooks.ts';
import { headerOf, type SignedRequest, type Verdict } from './verdict.ts';

/** What verification needs to know of a source. Newest secret first; more than one during a rotation. */
export interface VerifiableSource {
  readonly secrets: readonly string[];
  /** Whether the weaker in-body form is accepted too. */
  readonly acceptsBodySignature: boolean;
}

const nobody: VerifiableSource = {
  secrets: [`whsec_${randomBytes(24).toString('base64')}`],
  acceptsBodySignature: false,
};

/** @param nowMs UTC ms */
export function verifyRequest(
  request: SignedRequest,
  source: VerifiableSource | undefined,
  nowMs: number,
): Verdict {
  const { secrets, acceptsBodySignature } =
    source === undefined || source.secrets.length === 0 ? nobody : source;
  const isBodyForm = acceptsBodySignature && headerOf(request, 'webhook-signature') === undefined;
  const verdict = isBodyForm
    ? verifyBodySignature(request, secrets)
    : verifyStandard(request, secrets, Math.floor(nowMs / 1000));
  return source === undefined || source.secrets.length === 0 ? { ok: false, reason: 'no-secret' } : verdict;
}
