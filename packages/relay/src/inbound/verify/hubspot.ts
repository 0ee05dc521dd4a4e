// HubSpot's request signatures (https://developers.hubspot.com/docs/apps/legacy-apps/authentication/validating-requests,
// 2026-11). Version 3 signs method, address, body and time with an HMAC. Versions 1 and 2 are plain hashes without a
// time: accepted only for a source that says so, and never beside a header of version 3.
import { createHash, createHmac } from 'node:crypto';
import { matchSecrets } from './match-secrets.ts';
import { headerOf, type Scheme, type SignedRequest, type Verdict } from './verdict.ts';

const WINDOW_MS = 300_000;
/** The escapes that HubSpot takes back before it signs. */
const DECODED = /%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi;

function signedUrl(url: string): string {
  const decode = (text: string) => text.replace(DECODED, (coded) => decodeURIComponent(coded));
  const query = url.indexOf('?');
  return query < 0 ? decode(url) : `${decode(url.slice(0, query))}?${decode(url.slice(query + 1))}`;
}

function verifyLegacy(request: SignedRequest, secrets: readonly string[]): Verdict {
  const given = headerOf(request, 'x-hubspot-signature');
  const version = headerOf(request, 'x-hubspot-signature-version');
  if (given === undefined || (version !== 'v1' && version !== 'v2'))
    return { ok: false, reason: 'missing-header' };
  const address = version === 'v2' ? `POST${request.url ?? ''}` : '';
  return matchSecrets([given], secrets, (secret) =>
    createHash('sha256')
      .update(secret + address, 'utf8')
      .update(request.body)
      .digest('hex'),
  );
}

export const verifyHubspot: Scheme = (request, source, nowMs) => {
  const given = headerOf(request, 'x-hubspot-signature-v3');
  const time = headerOf(request, 'x-hubspot-request-timestamp') ?? '';
  if (given === undefined)
    return source.acceptsWeaker
      ? verifyLegacy(request, source.secrets)
      : { ok: false, reason: 'missing-header' };
  const verdict = matchSecrets([given], source.secrets, (secret) =>
    createHmac('sha256', secret)
      .update(`POST${signedUrl(request.url ?? '')}`, 'utf8')
      .update(request.body)
      .update(time, 'utf8')
      .digest('base64'),
  );
  const isNear = /^\d{1,16}$/.test(time) && Math.abs(Number(time) - nowMs) <= WINDOW_MS;
  return isNear ? verdict : { ok: false, reason: 'outside-window' };
};
