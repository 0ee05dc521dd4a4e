// The document store on the embedded default, booted in its thread as the relay boots it.
import { createHmac } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@supabase/supabase-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { createListStore } from '../../src/store/list-store.ts';
import { createRpc } from '../../src/store/rpc.ts';
import { createSupabase, type Supabase } from '../../src/supabase/client.ts';

const owner = '6f1d2c1e-0d55-4f0b-9a54-3d1a1f0f1a01';
const listId = `l_${'a'.repeat(22)}`;
const events = { onProgress: () => undefined, onCrash: () => undefined };

let dataDir: string;
let supabase: Supabase;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'wedsync-store-'));
  supabase = await createSupabase(readConfig({ DATA_DIR: dataDir }), events);
  await createListStore(createRpc(supabase.client)).create({ id: listId, name: 'Couples', owner });
});

afterAll(async () => {
  await supabase.close();
  rmSync(dataDir, { recursive: true, force: true });
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
