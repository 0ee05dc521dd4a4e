// What the doctor says about projects that are not in order. A small server answers as Supabase does in each case; one
// that is in order, and the cases that can be brought about in a real one, are in test/programs.pg.test.ts.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type DoctorTarget, examine, kindOfKey } from './checks.ts';

interface Answer {
  readonly status?: number;
  readonly body: unknown;
}

const NOW = Date.UTC(2026, 10, 23);
const MIGRATIONS = ['20261122000100', '20261122000200'];
const INSIDE = {
  now: NOW,
  migrations: MIGRATIONS,
  published: ['client_changes', 'client_list_cache'],
  open: [] as string[],
  identity: 'f',
};

const servers = new Set<Server>();
afterEach(() => {
  for (const server of servers) server.closeAllConnections();
  for (const server of servers) server.close();
  servers.clear();
});

/** A project in order but for what `answers` says of single paths. */
async function project(answers: Readonly<Record<string, Answer>> = {}): Promise<string> {
  const all: Readonly<Record<string, Answer>> = {
    '/auth/v1/settings': { body: {} },
    '/auth/v1/.well-known/jwks.json': { body: { keys: [{ kid: 'one' }] } },
    '/rest/v1/rpc/ws_doctor': { body: JSON.stringify(INSIDE) },
    '/rest/v1/rpc/ws_refused_lately': { body: '[]' },
    ...answers,
  };
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://project');
    const { status = 200, body } = all[pathname] ?? { body: [] };
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  servers.add(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function look(url: string, settings: Partial<DoctorTarget> = {}) {
  const findings = await examine({
    url,
    secretKey: 'sb_secret_x',
    publishableKey: 'sb_publishable_x',
    jwtSecret: undefined,
    migrations: MIGRATIONS,
    now: () => NOW,
    timeoutMs: 2_000,
    ...settings,
  });
  return Object.fromEntries(findings.map((finding) => [finding.check, finding]));
}

const inside = (changes: Partial<Record<keyof typeof INSIDE, unknown>>) =>
  project({ '/rest/v1/rpc/ws_doctor': { body: JSON.stringify({ ...INSIDE, ...changes }) } });
const legacyKey = (claims: unknown) =>
  `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.signature`;

describe('HEALTH-1 doctor, kinds of keys', () => {
  it.each([
    ['sb_secret_abc', 'secret'],
    ['sb_publishable_abc', 'publishable'],
    [legacyKey({ role: 'service_role' }), 'secret'],
    [legacyKey({ role: 'anon' }), 'publishable'],
    [legacyKey({ role: 'somebody' }), 'unknown'],
    ['no key at all', 'unknown'],
    ['', 'unknown'],
  ])('%s is %s', (key, kind) => {
    expect(kindOfKey(key)).toBe(kind);
  });
});

describe('HEALTH-1 doctor, the project', () => {
  it('one in order has no fault but Realtime, which this one does not speak', async () => {
    const found = await look(await project());
    expect(Object.values(found).filter(({ state }) => state !== 'ok')).toEqual([
      expect.objectContaining({ check: 'realtime', state: 'warning' }),
    ]);
  });

  it('a publishable key that is not taken is told apart from an address that is none', async () => {
    const refused = await look(await project({ '/auth/v1/settings': { status: 401, body: {} } }));
    expect(refused['publishable key']).toMatchObject({ state: 'failing' });
    // The rest is looked at all the same.
    expect(refused.migrations).toMatchObject({ state: 'ok' });
    const other = await look(await project({ '/auth/v1/settings': { status: 404, body: {} } }));
    expect(Object.keys(other)).toEqual(['address']);
    expect(other.address).toMatchObject({ state: 'failing', text: expect.stringContaining('answers 404') });
  });

  it('keys in each other’s place', async () => {
    const url = await project();
    const leaked = await look(url, { publishableKey: legacyKey({ role: 'service_role' }) });
    expect(leaked.keys).toMatchObject({ state: 'failing', text: expect.stringContaining('every browser') });
    const weak = await look(url, { secretKey: legacyKey({ role: 'anon' }) });
    expect(weak.keys).toMatchObject({
      state: 'failing',
      text: expect.stringContaining('SUPABASE_SECRET_KEY'),
    });
  });

  it('who may sign in: published keys, the shared secret, neither, both', async () => {
    const keyless = { '/auth/v1/.well-known/jwks.json': { status: 404, body: 'nothing' } };
    expect((await look(await project(keyless)))['sign-in']).toMatchObject({ state: 'failing' });
    expect((await look(await project(keyless), { jwtSecret: 'shared' }))['sign-in']).toMatchObject({
      state: 'ok',
      text: 'By the shared secret.',
    });
    expect((await look(await project(), { jwtSecret: 'shared' }))['sign-in']).toMatchObject({
      state: 'warning',
    });
  });

  it.each([
    [401, 'secret key'],
    [404, 'migrations'],
    [503, 'database'],
  ])('an answer of %i from inside is a fault of the %s', async (status, check) => {
    const body = { message: 'no', code: 'X' };
    const found = await look(await project({ '/rest/v1/rpc/ws_doctor': { status, body } }));
    expect(found[check]).toMatchObject({ state: 'failing' });
    expect(found.clock).toBeUndefined();
  });

  it('migrations: some missing, newer ones, by hand', async () => {
    const of = async (migrations: readonly string[] | null) =>
      (await look(await inside({ migrations }))).migrations;
    expect(await of(MIGRATIONS.slice(0, 1))).toMatchObject({
      state: 'failing',
      text: 'Not applied: 20261122000200.',
    });
    expect(await of([...MIGRATIONS, '20261122999900'])).toMatchObject({
      state: 'failing',
      text: expect.stringContaining('newer'),
    });
    // Somebody's own tables are no business of ours.
    expect(await of([...MIGRATIONS, '20250101000000'])).toMatchObject({ state: 'ok' });
    expect(await of(null)).toMatchObject({ state: 'warning', text: expect.stringContaining('by hand') });
  });

  it('row-level security that is off, changes that are not published, a clock that is wrong', async () => {
    const found = await look(
      await inside({ open: ['public.lists'], published: ['client_changes'], now: NOW - 60_000 }),
    );
    expect(found['row-level security']).toMatchObject({
      state: 'failing',
      fix: expect.stringContaining('alter table public.lists enable row level security;'),
    });
    expect(found.publication).toMatchObject({
      state: 'warning',
      text: expect.stringContaining('client_list_cache'),
    });
    expect(found.clock).toMatchObject({ state: 'warning', text: expect.stringContaining('60 s') });
    expect((await look(await inside({ identity: 'd' }))).publication).toMatchObject({
      state: 'warning',
      text: expect.stringContaining('replica identity'),
    });
  });

  it('a table that strangers can read, and updates that were refused', async () => {
    const refused = {
      documentId: 'l_a',
      code: 'structure',
      detail: 'root',
      by: 'eve@example.com',
      count: 2,
      at: NOW,
    };
    const found = await look(
      await project({
        '/rest/v1/list_members': { body: [{ role: 'owner' }] },
        '/rest/v1/rpc/ws_refused_lately': { body: JSON.stringify([refused]) },
      }),
    );
    expect(found.strangers).toMatchObject({
      state: 'failing',
      text: 'public.list_members can be read without signing in.',
    });
    expect(found['refused updates']).toMatchObject({
      state: 'warning',
      text: expect.stringContaining('l_a: 2 × structure (root) from eve@example.com'),
    });
  });

  it('an address where nobody listens is the only finding', async () => {
    const found = await look('http://127.0.0.1:9');
    expect(Object.keys(found)).toEqual(['address']);
    expect(found.address).toMatchObject({
      state: 'failing',
      text: expect.stringContaining('does not answer'),
    });
  });
});
