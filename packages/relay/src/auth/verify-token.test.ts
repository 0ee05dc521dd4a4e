import { createHmac, generateKeyPairSync } from 'node:crypto';
import { SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { createTokenVerifier } from './verify-token.ts';

const SECRET = 'a-secret-of-at-least-thirty-two-characters';
const NOW = Date.UTC(2026, 10, 22);
const inSeconds = (offset: number) => Math.floor(NOW / 1_000) + offset;
const PERSON = {
  sub: 'user-1',
  role: 'authenticated',
  aud: 'authenticated',
  email: 'ana@example.com',
  exp: inSeconds(600),
};

const key = (secret: string) => new TextEncoder().encode(secret);
const sign = (claims: Record<string, unknown>, secret = SECRET, alg = 'HS256') =>
  new SignJWT(claims).setProtectedHeader({ alg }).sign(key(secret));

const verify = createTokenVerifier({ secret: SECRET }, () => NOW);
const refused = { ok: false, code: 'unauthorized' };

describe('AUTH-1 token verification', () => {
  it('a good token names the person, with the name before the address', async () => {
    expect(await verify(await sign(PERSON))).toEqual({
      ok: true,
      principal: {
        kind: 'person',
        userId: 'user-1',
        email: 'ana@example.com',
        name: 'ana',
        expiresAt: PERSON.exp * 1_000,
      },
    });
    const named = await verify(await sign({ ...PERSON, user_metadata: { name: ' Ana Lima ' } }));
    expect(named).toMatchObject({ principal: { name: 'Ana Lima' } });
  });

  it('a service token is a service and needs no audience', async () => {
    const token = await sign({ role: 'service_role', exp: inSeconds(60) });
    expect(await verify(token)).toEqual({
      ok: true,
      principal: { kind: 'service', expiresAt: inSeconds(60) * 1_000 },
    });
  });

  const { publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const tampered = async () => {
    const [head, , signature] = (await sign(PERSON)).split('.');
    return `${head}.${Buffer.from(JSON.stringify({ ...PERSON, role: 'service_role' })).toString('base64url')}.${signature}`;
  };
  const hs256WithPublicKey = () => {
    const head = Buffer.from(JSON.stringify({ alg: 'HS256' })).toString('base64url');
    const body = Buffer.from(JSON.stringify(PERSON)).toString('base64url');
    return `${head}.${body}.${createHmac('sha256', publicKey).update(`${head}.${body}`).digest('base64url')}`;
  };
  const CASES: Record<string, () => Promise<string> | string> = {
    'an empty token': () => '',
    'no token at all': () => 'not-a-token',
    'an overlong token': () => `${'a'.repeat(9_000)}.b.c`,
    'alg none': () => new UnsecuredJWT(PERSON).encode(),
    'a wrong secret': () => sign(PERSON, 'another-secret-of-thirty-two-characters'),
    'an algorithm that is not configured': () => sign(PERSON, SECRET, 'HS384'),
    'HS256 with a public key': hs256WithPublicKey,
    'changed claims': tampered,
    'an expired token': () => sign({ ...PERSON, exp: inSeconds(-6) }),
    'a token that is not yet valid': () => sign({ ...PERSON, nbf: inSeconds(60) }),
    'no expiry': () => sign({ ...PERSON, exp: undefined }),
    'another audience': () => sign({ ...PERSON, aud: 'other' }),
    'no audience': () => sign({ ...PERSON, aud: undefined }),
    'no subject': () => sign({ ...PERSON, sub: undefined }),
    'the anonymous role': () => sign({ ...PERSON, role: 'anon' }),
    'a database role': () => sign({ ...PERSON, role: 'postgres' }),
    'no role': () => sign({ ...PERSON, role: undefined }),
  };
  for (const [name, make] of Object.entries(CASES)) {
    it(`${name} is refused with the same answer`, async () => {
      expect(await verify(await make())).toEqual(refused);
    });
  }

  it('another issuer is refused where one is configured', async () => {
    const strict = createTokenVerifier(
      { secret: SECRET, issuer: 'https://p.supabase.co/auth/v1' },
      () => NOW,
    );
    expect(await strict(await sign({ ...PERSON, iss: 'https://evil.example/auth/v1' }))).toEqual(refused);
    expect(await strict(await sign(PERSON))).toEqual(refused);
    expect(await strict(await sign({ ...PERSON, iss: 'https://p.supabase.co/auth/v1' }))).toMatchObject({
      ok: true,
    });
  });

  it('HS256 is refused where only a key set is configured', async () => {
    const hosted = createTokenVerifier({ jwksUrl: 'http://127.0.0.1:9/jwks' }, () => NOW);
    expect(await hosted(await sign(PERSON))).toEqual(refused);
  });
});
