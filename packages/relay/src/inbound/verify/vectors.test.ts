// Every known answer of every scheme, and that one source's proof opens no other.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { verifyAcuity, verifyAirtable, verifyGithubStyle, verifyTypeform } from './body-hmac.ts';
import { verifyHubspot } from './hubspot.ts';
import { verifyBasic, verifyGoogle, verifyToken } from './shared-token.ts';
import { verifyCalendly, verifyStripe } from './timed-hmac.ts';
import type { Scheme, SignedRequest, VerifiableSource } from './verdict.ts';
import { verifyAny, verifyEnvelope, verifyRequest } from './verify.ts';

interface Vector {
  readonly name: string;
  readonly secrets?: readonly string[];
  readonly connection?: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly url?: string;
  readonly rawBody?: string;
  readonly rawBodyBase64?: string;
  readonly now?: number;
  readonly expect: 'valid' | 'invalid';
}

const folder = new URL('../../../../../fixtures/webhooks/_signatures/', import.meta.url);
const SCHEMES: Readonly<Record<string, Scheme>> = {
  acuity: verifyAcuity,
  airtable: verifyAirtable,
  calendly: verifyCalendly,
  'github-style': verifyGithubStyle,
  hubspot: verifyHubspot,
  'standard-webhooks': verifyEnvelope,
  stripe: verifyStripe,
  typeform: verifyTypeform,
  'token-and-basic': (request, source, now) =>
    (request.headers.authorization === undefined ? verifyGoogle : verifyBasic)(request, source, now),
};

function requestOf(vector: Vector): SignedRequest {
  const headers = Object.entries(vector.headers).map(([name, value]) => [name.toLowerCase(), value]);
  const body =
    vector.rawBodyBase64 === undefined
      ? Buffer.from(vector.rawBody ?? '', 'utf8')
      : Buffer.from(vector.rawBodyBase64, 'base64');
  return { headers: Object.fromEntries(headers), body, ...(vector.url && { url: vector.url }) };
}

function sourceOf({ secrets, connection }: Vector): VerifiableSource {
  if (secrets !== undefined) return { secrets, acceptsWeaker: true };
  const { user, password, token, channelId = '', resourceId = '' } = connection ?? {};
  return {
    secrets: [token ?? `${user}:${password}`],
    acceptsWeaker: false,
    ...(token && { channels: [{ id: channelId, resourceId }] }),
  };
}

const files = readdirSync(folder).filter((name) => name.endsWith('.json'));

describe.each(files)('HOOK-1 signature vectors of %s', (name) => {
  const { now, vectors } = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as {
    now: number;
    vectors: Vector[];
  };
  const scheme = SCHEMES[name.replace('.json', '')] as Scheme;

  it.each(vectors)('$name: $expect', (vector) => {
    const verdict = verifyRequest(requestOf(vector), sourceOf(vector), (vector.now ?? now) * 1000, scheme);
    expect(verdict.ok ? 'valid' : 'invalid').toBe(vector.expect);
  });

  it('decides the valid ones also while a secret is replaced, and refuses them with another secret', () => {
    for (const vector of vectors.filter(({ expect: wanted }) => wanted === 'valid')) {
      const source = sourceOf(vector);
      const at = (vector.now ?? now) * 1000;
      const both = { ...source, secrets: ['a-newer-secret-of-this-source', ...source.secrets] };
      expect(verifyRequest(requestOf(vector), both, at, scheme)).toMatchObject({ ok: true });
      const other = { ...source, secrets: ['whsec_c29tZWJvZHkgZWxzZQ=='] };
      expect(verifyRequest(requestOf(vector), other, at, scheme).ok).toBe(false);
      expect(verifyRequest(requestOf(vector), undefined, at, scheme).ok).toBe(false);
    }
  });
});

describe('HOOK-1 schemes at their edges', () => {
  const at = 1_795_381_200_000;
  const source = { secrets: ['s3cret'], acceptsWeaker: false };
  const ask = (scheme: Scheme, headers: SignedRequest['headers'], more: Partial<SignedRequest> = {}) =>
    scheme({ headers, body: Buffer.from('{}'), ...more }, source, at).ok;

  it('takes a secret from any of the usual places, and no empty one', () => {
    expect(ask(verifyAny, { 'x-api-key': 's3cret' })).toBe(true);
    expect(ask(verifyAny, { authorization: 'Bearer s3cret' })).toBe(true);
    expect(ask(verifyAny, {}, { pathKey: 's3cret' })).toBe(true);
    expect(ask(verifyToken, { 'x-api-key': 's3cre' })).toBe(false);
    expect(ask(verifyToken, { 'x-api-key': '' }, { pathKey: '' })).toBe(false);
    expect(ask(verifyBasic, { authorization: `Basic ${Buffer.from('x:s3cret').toString('base64')}` })).toBe(
      true,
    );
    expect(ask(verifyBasic, { authorization: 'Basic ????' })).toBe(false);
  });

  it('refuses a channel that is not open, old HubSpot versions unasked, and two times in one header', () => {
    const google = { 'x-goog-channel-id': 'old', 'x-goog-channel-token': 's3cret' };
    expect(ask(verifyGoogle, google)).toBe(true);
    const channels = { ...source, channels: [{ id: 'new' }] };
    expect(verifyGoogle({ headers: google, body: Buffer.alloc(0) }, channels, at).ok).toBe(false);
    const legacy = { 'x-hubspot-signature': 'x', 'x-hubspot-signature-version': 'v1' };
    expect(verifyHubspot({ headers: legacy, body: Buffer.from('{}') }, source, at)).toEqual({
      ok: false,
      reason: 'missing-header',
    });
    expect(ask(verifyStripe, { 'stripe-signature': 't=1,t=1795381200,v1=00' })).toBe(false);
  });

  it('never throws, whatever the headers say', () => {
    const odd = ['', '=', ',,,', 't=,v1=', 'Basic', 'Bearer ', '💍', 'x'.repeat(100_000), 'sha256=', '%ZZ'];
    const names = [
      'stripe-signature',
      'calendly-webhook-signature',
      'typeform-signature',
      'x-acuity-signature',
      'x-airtable-content-mac',
      'x-hub-signature-256',
      'x-hubspot-signature-v3',
      'x-hubspot-signature',
      'x-goog-channel-token',
      'authorization',
      'x-api-key',
    ];
    for (const scheme of [...Object.values(SCHEMES), verifyAny, verifyToken])
      for (const name of names)
        for (const value of odd)
          expect(ask(scheme, { [name]: value, 'x-hubspot-request-timestamp': value }, { url: '%E0%' })).toBe(
            false,
          );
  });
});
