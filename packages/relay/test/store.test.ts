// The document store on the embedded default, booted in its thread as the relay boots it.
import { createHmac } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@supabase/supabase-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';
import { createDocumentStore, type DocumentStore } from '../src/store/document-store.ts';
import { createListStore } from '../src/store/list-store.ts';
import { createRpc, type Rpc } from '../src/store/rpc.ts';
import { createSupabase, type Supabase } from '../src/supabase/client.ts';

const owner = '6f1d2c1e-0d55-4f0b-9a54-3d1a1f0f1a01';
const listId = `l_${'a'.repeat(22)}`;
const events = { onProgress: () => undefined, onCrash: () => undefined };

let dataDir: string;
let supabase: Supabase;
let rpc: Rpc;
let store: DocumentStore;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'wedsync-store-'));
  supabase = await createSupabase(readConfig({ DATA_DIR: dataDir }), events);
  rpc = createRpc(supabase.client);
  store = createDocumentStore(rpc);
  await createListStore(rpc).create({ id: listId, name: 'Couples', owner });
});

afterAll(async () => {
  await supabase.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const bytes = (...values: number[]) => Uint8Array.from(values);
const row = (documentId: string, ...values: number[]) => ({
  documentId,
  data: bytes(...values),
  sender: 'service',
});

describe('document store', () => {
  it('gives each document its own sequence, in the order of the rows, and refuses unknown documents alone', async () => {
    await store.open('free-a', { kind: 'free' });
    const results = await store.append([row(listId, 1), row('nowhere', 1), row('free-a', 2), row(listId, 3)]);
    expect(results).toEqual([
      { ok: true, seq: 1 },
      { ok: false, code: 'not-found' },
      { ok: true, seq: 1 },
      { ok: true, seq: 2 },
    ]);
    expect(await store.heads([listId, 'nowhere', 'free-a'])).toEqual([2, undefined, 1]);
    expect((await store.load(listId))?.rows.map(({ seq, update }) => [seq, ...update])).toEqual([
      [1, 1],
      [2, 3],
    ]);
    expect(await store.load('nowhere')).toBe(undefined);
  });

  it('gives every row its own sequence when relays append at once', async () => {
    await store.open('free-b', { kind: 'free' });
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        store.append([row('free-b', n), row('free-a', n), row('free-b', n)]),
      ),
    );
    const sequences = answers
      .flatMap(([first, , third]) => [first, third])
      .map((result) => result?.ok && result.seq);
    expect(sequences.map(Number).sort((a, b) => a - b)).toEqual(Array.from({ length: 80 }, (_, n) => n + 1));
  });

  it('reads long logs in pages and large snapshots in pieces', async () => {
    await store.open('free-big', { kind: 'free' });
    const big = new Uint8Array(700_000).map((_, n) => n % 251);
    for (let n = 0; n < 3; n++)
      await store.append([{ documentId: 'free-big', data: big, sender: 'service' }]);
    expect(await store.readAfter('free-big', 0)).toHaveLength(2);
    expect((await store.load('free-big'))?.rows).toHaveLength(3);
    expect(await store.putSnapshot('free-big', { seq: 2, oldSeq: 0, update: big })).toBe('ok');
    const loaded = await store.load('free-big');
    expect(loaded?.snapshot?.seq).toBe(2);
    expect(Buffer.compare(loaded?.snapshot?.update ?? bytes(), big)).toBe(0);
    expect(loaded?.rows.map(({ seq }) => seq)).toEqual([3]);
  });

  it('RELAY-8: of two snapshots at once one wins, and an older one never replaces a newer', async () => {
    await store.open('free-cas', { kind: 'free' });
    await store.append([row('free-cas', 1), row('free-cas', 2), row('free-cas', 3)]);
    const answers = await Promise.all([
      store.putSnapshot('free-cas', { seq: 2, oldSeq: 0, update: bytes(9, 9) }),
      store.putSnapshot('free-cas', { seq: 3, oldSeq: 0, update: bytes(8, 8) }),
    ]);
    expect([...answers].sort()).toEqual(['conflict', 'ok']);
    const current = (await store.load('free-cas'))?.snapshot?.seq ?? 0;
    expect(await store.putSnapshot('free-cas', { seq: 1, oldSeq: current, update: bytes(7) })).toBe(
      'conflict',
    );
  });

  it('never trims a list past what the projection has seen', async () => {
    expect(await store.putSnapshot(listId, { seq: 2, oldSeq: 0, update: bytes(1) })).toBe('ahead');
    expect((await store.load(listId))?.rows).toHaveLength(2);
  });

  it('RELAY-3: a row whose bytes do not match their checksum fails the load, and nothing is changed', async () => {
    await store.open('free-bad', { kind: 'free' });
    await rpc('ws_append', {
      p_docs: ['free-bad'],
      p_data: ['AQID'],
      p_crc: ['1'],
      p_sender: ['service'],
      p_device: [''],
    });
    await expect(store.load('free-bad')).rejects.toMatchObject({ code: 'load-failed', retryable: true });
    expect(await store.heads(['free-bad'])).toEqual([1]);
  });
});

describe('lists', () => {
  it('have members with roles; the owner stays', async () => {
    const lists = createListStore(rpc);
    const editor = '6f1d2c1e-0d55-4f0b-9a54-3d1a1f0f1a02';
    expect(await lists.roleOf(listId, editor)).toBe('');
    expect(await lists.setMember({ listId, userId: editor, role: 'viewer' })).toBe(true);
    expect(await lists.setMember({ listId, userId: editor, role: 'editor' })).toBe(true);
    expect(await lists.roleOf(listId, editor)).toBe('editor');
    expect(await lists.setMember({ listId, userId: owner, role: '' })).toBe(false);
    expect((await lists.lists(editor)).map(({ id, role }) => [id, role])).toEqual([[listId, 'editor']]);
    expect(await lists.setMember({ listId, userId: editor, role: '' })).toBe(true);
    expect(await lists.roleOf(listId, editor)).toBe('');
    expect(await lists.create({ id: listId, name: 'Again', owner })).toBe(false);
  });
});

describe('guards of the embedded default', () => {
  const api = (key: string, token?: string) => {
    const send: typeof fetch = (input, init) =>
      supabase.embedded?.fetch(new Request(input, init)) ?? fetch(input, init);
    return createClient('http://embedded.invalid', key, {
      auth: { persistSession: false, autoRefreshToken: false },
      global: {
        fetch: send,
        ...(token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }),
      },
    });
  };

  it('SEC-2: a role is never confused under 400 concurrent calls of service, anon and people', async () => {
    const anon = api(supabase.publishableKey);
    const calls = Array.from({ length: 400 }, (_, n) => async () => {
      if (n % 2 === 0)
        return (await supabase.client.rpc('ws_role', { p_list: listId, p_user: owner })).data === 'owner';
      if (n % 3 === 0) return (await anon.rpc('ws_role', { p_list: listId, p_user: owner })).error !== null;
      return ((await anon.from('lists').select('*')).data ?? []).length === 0;
    });
    const outcomes = await Promise.all(calls.map((call) => call()));
    expect(outcomes.filter((isRight) => !isRight)).toEqual([]);
  });

  it('refuses a second process on the same folder and names the first', async () => {
    await expect(createSupabase(readConfig({ DATA_DIR: dataDir }), events)).rejects.toMatchObject({
      code: 'already-running',
      message: expect.stringContaining(`process ${process.pid}`),
    });
  });

  it('does not answer /_system, and no key opens it', async () => {
    for (const key of ['', supabase.publishableKey]) {
      const request = new Request('http://embedded.invalid/_system/config', { headers: { apikey: key } });
      expect((await supabase.embedded?.fetch(request))?.status).toBe(404);
    }
  });

  it('AUTH-1: refuses tokens signed with the library’s public default secret', async () => {
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const body = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ role: 'service_role', sub: owner, exp: 4e9 })}`;
    const forge = (secret: string) =>
      `${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`;
    const call = (token: string) =>
      api(supabase.publishableKey, token).rpc('ws_role', { p_list: listId, p_user: owner });
    for (const secret of [
      'unsafe-secret-change-me',
      'super-secret-jwt-token-with-at-least-32-characters-long',
      '',
    ]) {
      expect((await call(forge(secret || 'x'))).data).not.toBe('owner');
    }
    expect((await call(forge(supabase.embedded?.jwtSecret ?? ''))).data).toBe('owner');
  });

  it('keeps its keys to the owner of the folder', () => {
    expect(statSync(join(dataDir, 'secrets.json')).mode & 0o777).toBe(0o600);
  });

  it('says so when the folder was written by a newer version or cannot be written, and touches nothing', async () => {
    const newer = mkdtempSync(join(tmpdir(), 'wedsync-newer-'));
    writeFileSync(join(newer, 'version'), '99\n');
    await expect(createSupabase(readConfig({ DATA_DIR: newer }), events)).rejects.toThrow(/newer version/);
    expect(readFileSync(join(newer, 'version'), 'utf8')).toBe('99\n');
    rmSync(newer, { recursive: true });
    await expect(createSupabase(readConfig({ DATA_DIR: '/proc/nowhere' }), events)).rejects.toThrow(
      /cannot be written/,
    );
  });

  it('starts again after a first creation that was cut off', async () => {
    const cut = mkdtempSync(join(tmpdir(), 'wedsync-cut-'));
    mkdirSync(join(cut, 'database.new'));
    writeFileSync(join(cut, 'database.new', 'PG_VERSION'), 'half');
    const booted = await createSupabase(readConfig({ DATA_DIR: cut }), events);
    expect(existsSync(join(cut, 'database.new'))).toBe(false);
    await booted.close();
    rmSync(cut, { recursive: true });
  });
});
