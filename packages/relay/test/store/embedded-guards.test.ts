// The guards without which the embedded default would be unsafe: roles, keys, reachable routes, order of calls.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { createDocumentStore, type DocumentStore } from '../../src/store/document-store.ts';
import { createListStore } from '../../src/store/list-store.ts';
import { createRpc, type Rpc } from '../../src/store/rpc.ts';
import { createSupabase, type Supabase } from '../../src/supabase/client.ts';
import { apiClient, signToken } from '../helpers/people.ts';

const owner = '6f1d2c1e-0d55-4f0b-9a54-3d1a1f0f1a01';
const stranger = '6f1d2c1e-0d55-4f0b-9a54-3d1a1f0f1a09';
const listId = `l_${'a'.repeat(22)}`;
const dataDir = mkdtempSync(join(tmpdir(), 'wedsync-guards-'));

let supabase: Supabase;
let secret: string;
let rpc: Rpc;
let store: DocumentStore;

beforeAll(async () => {
  const events = { onProgress: () => undefined, onCrash: () => undefined };
  supabase = await createSupabase(readConfig({ DATA_DIR: dataDir }), events);
  secret = supabase.embedded?.jwtSecret ?? '';
  rpc = createRpc(supabase.client);
  store = createDocumentStore(rpc);
  await createListStore(rpc).create({ id: listId, name: 'Couples', owner });
});

afterAll(async () => {
  await supabase.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const person = async (sub: string) =>
  apiClient(supabase, supabase.publishableKey, await signToken(secret, { sub }));

async function countLists(client: Awaited<ReturnType<typeof person>>): Promise<number | string> {
  const { data, error } = await client.from('lists').select('id');
  return error === null ? data.length : `${error.code} ${error.message}`;
}

async function isRefused(client: Awaited<ReturnType<typeof person>>): Promise<string> {
  const { data, error } = await client.rpc('ws_role', { p_list: listId, p_user: owner });
  return error === null ? `answered ${data}` : 'refused';
}

describe('roles', () => {
  it('SEC-2: are never confused under 400 concurrent calls of the service, members, strangers and nobody', async () => {
    const anon = apiClient(supabase, supabase.publishableKey);
    const member = await person(owner);
    const other = await person(stranger);
    const kinds: [call: () => Promise<unknown>, expected: unknown][] = [
      [() => countLists(supabase.client), 1],
      [() => countLists(member), 1],
      [() => countLists(other), 0],
      [() => countLists(anon), 0],
      [() => isRefused(anon), 'refused'],
      [() => isRefused(member), 'refused'],
      [() => rpc('ws_role', { p_list: listId, p_user: owner }), 'owner'],
    ];
    const outcomes = await Promise.all(
      Array.from({ length: 400 }, async (_, n) => {
        const [call, expected] = kinds[n % kinds.length] ?? kinds[0]!;
        return { kind: n % kinds.length, expected, got: await call() };
      }),
    );
    expect(outcomes.filter(({ got, expected }) => got !== expected)).toEqual([]);
  });
});

describe('keys', () => {
  const call = async (key: string, token?: string) => {
    const { data } = await apiClient(supabase, key, token).rpc('ws_role', { p_list: listId, p_user: owner });
    return data as unknown;
  };

  it('AUTH-1: no key, a wrong key and the public key open nothing of the service', async () => {
    for (const key of ['wrong', 'sb_secret_wrong', supabase.publishableKey])
      expect(await call(key)).toBe(null);
    for (const [path, method] of [
      ['/rest/v1/lists', 'GET'],
      ['/auth/v1/signup', 'POST'],
    ] as const) {
      const headers = { apikey: 'sb_publishable_wrong', 'content-type': 'application/json' };
      const body = method === 'POST' ? '{"email":"a@example.com","password":"long enough"}' : null;
      const wrong = new Request(supabase.url + path, { method, headers, body });
      expect([path, (await supabase.embedded?.fetch(wrong))?.status]).toEqual([path, 401]);
    }
    const request = new Request(`${supabase.url}/rest/v1/rpc/ws_lists`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"p_user":""}',
    });
    expect((await supabase.embedded?.fetch(request))?.status).toBe(401);
  });

  it('AUTH-1: tokens signed with the library’s public default secret, or with none, are refused', async () => {
    const service = { role: 'service_role', sub: owner };
    for (const forged of [
      'unsafe-secret-change-me',
      'super-secret-jwt-token-with-at-least-32-characters-long',
      supabase.publishableKey,
    ]) {
      expect(await call(supabase.publishableKey, await signToken(forged, service))).toBe(null);
    }
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const unsigned = `${part({ alg: 'none', typ: 'JWT' })}.${part({ ...service, exp: 4e9 })}.`;
    expect(await call(supabase.publishableKey, unsigned)).toBe(null);
    // The same token with the right secret is let in: what is refused above is the signature.
    expect(await call(supabase.publishableKey, await signToken(secret, service))).toBe('owner');
  });
});

describe('routes', () => {
  it('SEC-1: nothing but auth and REST answers, whatever key is shown', async () => {
    const paths = [
      '/_system/config',
      '/_system/query',
      '/_system',
      '/',
      '/studio',
      '/storage/v1/bucket',
      '/rest',
      '/auth',
    ];
    for (const path of [...paths, '/rest/v1/../../_system/config', '//_system/config']) {
      for (const method of ['GET', 'POST']) {
        const apikey = supabase.publishableKey;
        const request = new Request(new URL(path, supabase.url), { method, headers: { apikey } });
        expect([path, (await supabase.embedded?.fetch(request))?.status]).toEqual([path, 404]);
      }
    }
  });
});

describe('the short way of the relay’s calls', () => {
  it('SEC-2: is for functions that the service may execute, and for its key alone', async () => {
    const post = (name: string, key: string) =>
      supabase.embedded?.fetch(
        new Request(`${supabase.url}/rest/v1/rpc/${name}`, {
          method: 'POST',
          headers: { apikey: key, 'content-type': 'application/json' },
          body: '{"p_user":"","p_list":""}',
        }),
      );
    const internal = await post('ws_lists', supabase.publishableKey);
    expect([401, 403, 404]).toContain(internal?.status);
    for (const name of ['pg_read_file', 'ws_not_there', 'audit'])
      expect((await post(name, String(Reflect.get(supabase.client, 'supabaseKey'))))?.status).toBe(404);
  });

  it('gives the same answers as the long way', async () => {
    const token = await signToken(secret, { role: 'service_role' });
    const slow = apiClient(supabase, supabase.publishableKey, token);
    await store.open('same', { kind: 'free' });
    await store.append([{ documentId: 'same', data: Uint8Array.from([1, 2, 3]), sender: 'é “x” \\ \n' }]);
    const calls: [string, Record<string, unknown>][] = [
      ['ws_role', { p_list: listId, p_user: owner }],
      ['ws_role', { p_list: listId, p_user: stranger }],
      ['ws_heads', { p_docs: ['same', 'nowhere', listId] }],
      ['ws_heads', { p_docs: [] }],
      ['ws_read', { p_doc: 'same', p_after: '0', p_max_bytes: '1000' }],
      ['ws_document_open', { p_doc: 'same', p_kind: '', p_list: '' }],
    ];
    for (const [name, args] of calls) {
      const [short, long] = await Promise.all([supabase.client.rpc(name, args), slow.rpc(name, args)]);
      expect([name, short.error, short.data]).toEqual([name, null, long.data]);
    }
  });
});

describe('order of calls', () => {
  it('lets an append that came last go before waiting snapshots', async () => {
    await store.open('order', { kind: 'free' });
    await store.append([{ documentId: 'order', data: Uint8Array.from([1]), sender: 'service' }]);
    const finished: string[] = [];
    const piece = Buffer.alloc(256 * 1024, 7).toString('base64');
    const puts = Array.from({ length: 40 }, (_, part) =>
      rpc('ws_snapshot_put', {
        p_doc: 'order',
        p_seq: '1',
        p_part: String(part),
        p_parts: '40',
        p_data: piece,
        p_crc: '0',
      }).then(() => finished.push('snapshot')),
    );
    const append = store
      .append([{ documentId: 'order', data: Uint8Array.from([2]), sender: 'service' }])
      .then(() => finished.push('append'));
    await Promise.all([...puts, append]);
    expect(finished.indexOf('append')).toBeLessThan(10);
  });
});
