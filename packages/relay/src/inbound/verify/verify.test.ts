import { createHmac, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { signBody } from './body-signature.ts';
import { findTextValue } from './json-span.ts';
import { keyOfSecret, signStandard, verifyStandard } from './standard-webhooks.ts';
import { verifyRequest } from './verify.ts';

interface Vector {
  readonly name: string;
  readonly secrets: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly rawBody?: string;
  readonly rawBodyBase64?: string;
  readonly now?: number;
  readonly expect: 'valid' | 'invalid';
}

const file = new URL('../../../../../fixtures/webhooks/_signatures/standard-webhooks.json', import.meta.url);
const fixture = JSON.parse(readFileSync(file, 'utf8')) as { now: number; vectors: Vector[] };

/** Header names in lower case, as Node's HTTP server hands them over. */
function asReceived(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function bodyOf(vector: Vector): Buffer {
  return vector.rawBodyBase64 === undefined
    ? Buffer.from(vector.rawBody ?? '', 'utf8')
    : Buffer.from(vector.rawBodyBase64, 'base64');
}

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const key = keyOfSecret(secret) as Uint8Array;
const body = Buffer.from('{"type":"client.updated"}');
const now = 1_795_381_200;

function signed(overrides: { id?: string; timestamp?: string; signature?: string } = {}) {
  const id = overrides.id ?? 'msg_1';
  const timestamp = overrides.timestamp ?? String(now);
  const signature = overrides.signature ?? signStandard(key, { id, timestamp, body });
  return {
    headers: { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature },
    body,
  };
}

describe('HOOK-1 Standard Webhooks', () => {
  it.each(fixture.vectors)('decides the vector "$name" as expected: $expect', (vector) => {
    const verdict = verifyStandard(
      { headers: asReceived(vector.headers), body: bodyOf(vector) },
      vector.secrets,
      vector.now ?? fixture.now,
    );
    expect(verdict.ok ? 'valid' : 'invalid').toBe(vector.expect);
  });

  it('accepts what the official library signs', () => {
    const webhook = new Webhook(secret);
    for (const text of ['{}', '{"a":"Zoë 💍"}', '', 'x'.repeat(10_000)]) {
      const signature = webhook.sign('msg_a.b', new Date(now * 1000), text);
      const request = {
        headers: { 'webhook-id': 'msg_a.b', 'webhook-timestamp': `${now}`, 'webhook-signature': signature },
        body: Buffer.from(text),
      };
      expect(verifyStandard(request, [secret], now)).toEqual({
        ok: true,
        eventId: 'msg_a.b',
        secretIndex: 0,
      });
    }
  });

  it('signs what the official library accepts', () => {
    const time = String(Math.floor(Date.now() / 1000));
    const { headers } = signed({ timestamp: time });
    expect(new Webhook(secret).verify(body, headers)).toEqual({ type: 'client.updated' });
  });

  it('says which of several secrets signed, and never lets the secret of one source open another', () => {
    const other = `whsec_${randomBytes(24).toString('base64')}`;
    expect(verifyStandard(signed(), [other, secret], now)).toMatchObject({ ok: true, secretIndex: 1 });
    expect(verifyStandard(signed(), [other], now)).toEqual({ ok: false, reason: 'no-match' });
  });

  it('takes no empty or unreadable secret for a key', () => {
    for (const bad of ['', 'whsec_', 'whsec_!!!', '=']) {
      const forged = createHmac('sha256', '').update(`msg_1.${now}.`).update(body).digest('base64');
      expect(verifyStandard(signed({ signature: `v1,${forged}` }), [bad], now).ok).toBe(false);
    }
  });

  it.each([
    [`${now}.0`],
    [`+${now}`],
    [`-${now}`],
    ['0x6b0325d0'],
    ['NaN'],
    ['1e9'],
    [` ${now}`],
    ['9'.repeat(400)],
  ])('refuses the timestamp %s although it is signed', (timestamp) => {
    expect(verifyStandard(signed({ timestamp }), [secret], now)).toEqual({
      ok: false,
      reason: 'outside-window',
    });
  });

  it('refuses signatures that only decode to the same bytes, and lists without end', () => {
    const { headers } = signed();
    const right = headers['webhook-signature'];
    for (const signature of [right.replace('=', ''), `${right}=`, right.toUpperCase(), `V${right.slice(1)}`])
      expect(verifyStandard(signed({ signature }), [secret], now).ok, signature).toBe(false);
    const flood = `${'v1,x '.repeat(100)}${right}`;
    expect(verifyStandard(signed({ signature: flood }), [secret], now).ok).toBe(false);
  });

  it('refuses a header that came twice', () => {
    const request = signed();
    const headers = { ...request.headers, 'webhook-signature': [request.headers['webhook-signature']] };
    expect(verifyStandard({ headers, body }, [secret], now)).toEqual({ ok: false, reason: 'missing-header' });
  });
});

describe('HOOK-1 unknown source', () => {
  it('is refused whatever it is signed with', () => {
    expect(verifyRequest(signed(), undefined, now * 1000).ok).toBe(false);
    expect(verifyRequest(signed(), { secrets: [], acceptsWeaker: true }, now * 1000).ok).toBe(false);
  });
});

describe('HOOK-1 signature in the body', () => {
  const source = { secrets: ['shared secret'], acceptsWeaker: true };
  const textKey = Buffer.from('shared secret');
  const sign = (blanked: string, secretKey: Uint8Array = textKey) =>
    blanked.replace('"signature":""', `"signature":"${signBody(secretKey, Buffer.from(blanked))}"`);
  const verify = (text: string, from = source) =>
    verifyRequest({ headers: {}, body: Buffer.from(text) }, from, now * 1000);

  it('accepts the digest of the body with its value blanked, whatever stands around it', () => {
    for (const blanked of [
      '{"signature":""}',
      '{ "event" : "client.created", "signature":"", "data":{"signature":"x"} }',
      '{"data":{"a":["\\"signature\\":\\"x\\"",{"signature":"deep"}]},"signature":"","z":"Zoë"}',
    ])
      expect(verify(sign(blanked)), blanked).toEqual({ ok: true, secretIndex: 0 });
  });

  it('knows the key as text and as the content of a whsec_ secret', () => {
    const own = { secrets: [secret], acceptsWeaker: true };
    expect(verify(sign('{"signature":""}', key), own).ok).toBe(true);
    expect(verify(sign('{"signature":""}', Buffer.from(secret)), own).ok).toBe(true);
  });

  it('refuses a changed body, a second signature, and a source that did not opt in', () => {
    const good = sign('{"a":1,"signature":""}');
    expect(verify(good).ok).toBe(true);
    expect(verify(good.replace('1', '2')).ok).toBe(false);
    expect(verify(good.replace('{', '{"signature":"",')).ok).toBe(false);
    expect(verify(good, { ...source, acceptsWeaker: false })).toEqual({
      ok: false,
      reason: 'missing-header',
    });
  });

  it.each([
    '',
    '{',
    '"signature"',
    '{"signature":1}',
    '{"signature":"zz"}',
    '{"signature":"',
    '[{"signature":"x"}]',
    '{"signature":{"signature":"x"}}',
    '}}}"signature":"x"',
    '{"\\u00',
  ])('refuses %j and does not throw', (text) => {
    expect(verify(text).ok).toBe(false);
  });
});

describe('findTextValue', () => {
  const find = (text: string) => {
    const span = findTextValue(Buffer.from(text), 'k');
    return span && Buffer.from(text).subarray(span.start, span.end).toString('utf8');
  };

  it('finds the value of a member of the outermost object only', () => {
    expect(find('{"k":"v"}')).toBe('v');
    expect(find('{"a":"k","k" : "v\\"w"}')).toBe('v\\"w');
    expect(find('{"\\u006b":"v"}')).toBe('v');
    expect(find('{"a":{"k":"x"}}')).toBeUndefined();
    expect(find('["k","v"]')).toBeUndefined();
    expect(find('{"k":null}')).toBeUndefined();
    expect(find('{"k":"v","k":"w"}')).toBeUndefined();
    expect(find('{"k":"v","k":1}')).toBeUndefined();
  });
});
