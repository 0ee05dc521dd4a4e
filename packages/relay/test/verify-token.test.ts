// Tokens of a hosted project, whose public keys are fetched over HTTP: what is signed with them is let in, what only
// knows them is not.
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type CryptoKey,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  type JWK,
  type JWTPayload,
  SignJWT,
  UnsecuredJWT,
} from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTokenVerifier, type TokenVerifier } from '../src/auth/verify-token.ts';
import { freePort } from './helpers/postgres.ts';

/** What a key set may be used for; PS256 and ES384 stand for all others that its keys could do as well. */
const ALLOWED = ['ES256', 'RS256'];
const OTHERS = ['ES384', 'PS256'];
const SECRET = 'a-secret-of-at-least-thirty-two-characters';
const refused = { ok: false, code: 'unauthorized' };

interface Published {
  readonly alg: string;
  readonly privateKey: CryptoKey;
  readonly jwk: JWK;
  readonly pem: string;
}

const inAnHour = Math.floor(Date.now() / 1_000) + 3_600;
let keys: readonly Published[];
let claims: JWTPayload;
let verify: TokenVerifier;
let stop: () => void;

async function makeKey(alg: string): Promise<Published> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  // Without `alg`: what a key may be used for is then for the relay to say.
  return {
    alg,
    privateKey,
    jwk: { ...(await exportJWK(publicKey)), kid: alg },
    pem: await exportSPKI(publicKey),
  };
}

beforeAll(async () => {
  keys = await Promise.all([...ALLOWED, ...OTHERS].map(makeKey));
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ keys: keys.map(({ jwk }) => jwk) }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  stop = () => {
    server.close();
    server.closeAllConnections();
  };
  const project = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  verify = createTokenVerifier({ jwksUrl: `${project}/jwks.json`, issuer: project });
  claims = { sub: 'user-1', role: 'authenticated', aud: 'authenticated', iss: project, exp: inAnHour };
});
afterAll(() => stop());

const keyOf = (alg: string) => keys.find((key) => key.alg === alg)!;
const sign = (alg: string, key: CryptoKey, changes: JWTPayload = {}) =>
  new SignJWT({ ...claims, ...changes }).setProtectedHeader({ alg, kid: alg }).sign(key);

/** HS256 with any text as the secret, which libraries for signing refuse to do with a public key. */
function hs256(secret: string, kid: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'HS256', typ: 'JWT', kid })}.${part(claims)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

describe('AUTH-1 tokens signed with a published key', () => {
  for (const alg of ALLOWED)
    it(`${alg} names the person; changed, expired, of another issuer or another key it is refused`, async () => {
      const { privateKey } = keyOf(alg);
      const token = await sign(alg, privateKey);
      expect(await verify(token)).toMatchObject({
        ok: true,
        principal: { kind: 'person', userId: 'user-1' },
      });
      const [head, , signature] = token.split('.');
      const body = Buffer.from(JSON.stringify({ ...claims, sub: 'user-2' })).toString('base64url');
      const stranger = await makeKey(alg);
      for (const bad of [
        `${head}.${body}.${signature}`,
        await sign(alg, privateKey, { exp: inAnHour - 7_200 }),
        await sign(alg, privateKey, { iss: 'https://evil.example' }),
        await sign(alg, privateKey, { aud: 'other' }),
        await sign(alg, stranger.privateKey),
      ])
        expect(await verify(bad)).toEqual(refused);
    });

  for (const alg of OTHERS)
    it(`${alg} is refused, although its key is published and the signature is good`, async () => {
      expect(await verify(await sign(alg, keyOf(alg).privateKey))).toEqual(refused);
    });

  for (const alg of ALLOWED)
    it(`HS256 with the public ${alg} key as the secret is refused, in every way to write the key`, async () => {
      const { jwk, pem } = keyOf(alg);
      const { kid: _, ...bare } = jwk;
      const texts = [pem, pem.trim(), JSON.stringify(jwk), JSON.stringify(bare), jwk.x ?? jwk.n ?? ''];
      // A secret beside the keys, as a project has while it changes over, is not mixed up with them.
      const both = createTokenVerifier({ jwksUrl: `${claims.iss}/jwks.json`, secret: SECRET });
      for (const text of texts)
        expect([await verify(hs256(text, alg)), await both(hs256(text, alg))]).toEqual([refused, refused]);
      expect(await both(hs256(SECRET, alg))).toMatchObject({ ok: true });
    });

  it('none is refused, with and without the name of a key', async () => {
    const bare = new UnsecuredJWT(claims).encode();
    const head = Buffer.from(JSON.stringify({ alg: 'none', kid: 'ES256' })).toString('base64url');
    expect(await verify(bare)).toEqual(refused);
    expect(await verify(`${head}.${bare.split('.')[1]}.`)).toEqual(refused);
  });

  it('while the keys cannot be read the device shall come back later; no token is taken', async () => {
    const token = await sign('ES256', keyOf('ES256').privateKey);
    const later = createTokenVerifier({ jwksUrl: `http://127.0.0.1:${await freePort()}/jwks.json` });
    expect(await later(token)).toEqual({ ok: false, code: 'storage-unavailable' });
  });
});
