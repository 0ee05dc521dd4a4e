// Schemes that put one HMAC-SHA256 over the raw body into a header, without a time: Typeform, Acuity, Airtable and
// the form that GitHub made common. Repeats are caught by the event's id or the body's hash.
import { createHmac } from 'node:crypto';
import { fromBase64 } from '@wedsync/shared';
import { matchSecrets } from './match-secrets.ts';
import { headerOf, type Scheme } from './verdict.ts';

interface Form {
  readonly header: string;
  readonly prefix: string;
  readonly encoding: 'hex' | 'base64';
  /** The key that a secret stands for. */
  readonly keyOf: (secret: string) => Uint8Array | undefined;
}

const asText = (secret: string) => (secret === '' ? undefined : Buffer.from(secret, 'utf8'));

function asBase64(secret: string): Uint8Array | undefined {
  const key = fromBase64(secret.replace(/^whsec_/, ''));
  return key === undefined || key.length === 0 ? undefined : key;
}

function createScheme({ header, prefix, encoding, keyOf }: Form): Scheme {
  return (request, source) => {
    const given = headerOf(request, header);
    if (given === undefined) return { ok: false, reason: 'missing-header' };
    return matchSecrets([given], source.secrets, (secret) => {
      const key = keyOf(secret);
      return key && prefix + createHmac('sha256', key).update(request.body).digest(encoding);
    });
  };
}

/** https://www.typeform.com/developers/webhooks/secure-your-webhooks/ (2026-11) */
export const verifyTypeform = createScheme({
  header: 'typeform-signature',
  prefix: 'sha256=',
  encoding: 'base64',
  keyOf: asText,
});

/** https://developers.acuityscheduling.com/docs/webhooks (2026-11): the secret is the account's API key. */
export const verifyAcuity = createScheme({
  header: 'x-acuity-signature',
  prefix: '',
  encoding: 'base64',
  keyOf: asText,
});

/** https://airtable.com/developers/web/api/webhooks-overview (2026-11): the secret is `macSecretBase64`. */
export const verifyAirtable = createScheme({
  header: 'x-airtable-content-mac',
  prefix: 'hmac-sha256=',
  encoding: 'hex',
  keyOf: asBase64,
});

/** https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries (2026-11) */
export const verifyGithubStyle = createScheme({
  header: 'x-hub-signature-256',
  prefix: 'sha256=',
  encoding: 'hex',
  keyOf: asText,
});
