import Fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { registerSupabaseProxy } from './supabase-proxy.ts';

const LIMITS = { windowS: 60, failuresPerAccount: 2, failuresPerAddress: 4, signUpsPerAddress: 2 };

async function create(answer: (request: Request) => Promise<Response> | Response) {
  const asked: string[] = [];
  const app = Fastify();
  registerSupabaseProxy(app, {
    fetch: async (request) => {
      asked.push(`${request.method} ${new URL(request.url).pathname}`);
      return answer(request);
    },
    maxBodyBytes: 100,
    limits: LIMITS,
  });
  await app.ready();
  return { app, asked };
}

describe('Supabase proxy', () => {
  it('passes method, headers and body on and the answer back as it is', async () => {
    const { app } = await create(async (request) => {
      const body = { said: await request.text(), key: request.headers.get('apikey') };
      return Response.json(body, { status: 201, headers: { 'x-total': '3' } });
    });
    const answer = await app.inject({
      method: 'POST',
      url: '/rest/v1/lists?select=id',
      headers: { apikey: 'k', 'content-type': 'text/csv' },
      payload: 'a,b',
    });
    expect(answer.statusCode).toBe(201);
    expect(answer.json()).toEqual({ said: 'a,b', key: 'k' });
    expect(answer.headers['x-total']).toBe('3');
  });

  for (const url of [
    '/_system/tables',
    '/rest/v1/../../_system/tables',
    '/auth/v1/%2e%2e/%2e%2e/_system/tables',
    '/rest/v1/..%2f..%2f_system',
    '/graphql/v1/',
  ]) {
    it(`SEC-1 ${url} never reaches the embedded Supabase outside the two prefixes`, async () => {
      const { app, asked } = await create(() => new Response('leak'));
      const answer = await app.inject({ method: 'GET', url });
      expect(asked.filter((path) => !/^GET \/(auth|rest)\/v1\//.test(path))).toEqual([]);
      if (asked.length === 0) expect(answer.statusCode).toBe(404);
    });
  }

  const signIn = (email: string) => ({
    method: 'POST' as const,
    url: '/auth/v1/token?grant_type=password',
    headers: { 'content-type': 'application/json' },
    payload: JSON.stringify({ email, password: 'x' }),
  });

  it('SEC-4 failed sign-ins of one account, then of all accounts, are slowed down; good ones are not counted', async () => {
    let status = 200;
    const { app, asked } = await create(() => Response.json({}, { status }));
    for (let count = 0; count < 10; count += 1)
      expect((await app.inject(signIn('a@x'))).statusCode).toBe(200);
    status = 400;
    const codes = async (email: string, times: number) => {
      const seen: number[] = [];
      for (let count = 0; count < times; count += 1) seen.push((await app.inject(signIn(email))).statusCode);
      return seen;
    };
    expect(await codes('a@x', 3)).toEqual([400, 400, 429]);
    expect(await codes(' A@X ', 1)).toEqual([429]);
    expect(await codes('b@x', 3)).toEqual([400, 400, 429]);
    expect(await codes('c@x', 1)).toEqual([429]);
    const refused = await app.inject(signIn('c@x'));
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(asked).toHaveLength(14);
  });

  it('SEC-4 sign-ups of one address are limited, refreshing a token is not', async () => {
    const { app } = await create(() => Response.json({}));
    const post = (url: string) =>
      app.inject({ method: 'POST', url, headers: { 'content-type': 'application/json' }, payload: '{}' });
    const codes = [];
    for (let count = 0; count < 3; count += 1) codes.push((await post('/auth/v1/signup')).statusCode);
    expect(codes).toEqual([200, 200, 429]);
    for (let count = 0; count < 9; count += 1)
      expect((await post('/auth/v1/token?grant_type=refresh_token')).statusCode).toBe(200);
  });

  it('RELAY-6 a body at the limit passes, one byte more is 413', async () => {
    const { app } = await create(() => Response.json({}));
    const post = (length: number) =>
      app.inject({
        method: 'POST',
        url: '/rest/v1/lists',
        headers: { 'content-type': 'text/plain' },
        payload: 'x'.repeat(length),
      });
    expect((await post(100)).statusCode).toBe(200);
    expect((await post(101)).statusCode).toBe(413);
  });
});
