import { describe, expect, it, vi } from 'vitest';
import { createMemoryStorage } from '../testing/memory-storage.ts';
import { type Account, type AppConfig, createAccount } from './account.ts';
import { createApi, loadConfig } from './api.ts';
import type { AuthPort, AuthResult, AuthSession, RefreshResult } from './auth-port.ts';
import { createKnownLists } from './lists.ts';

const config: AppConfig = {
  supabaseUrl: 'http://localhost:8787',
  publishableKey: 'key',
  embedded: true,
  version: '0.1.0',
  serverTime: 0,
};
const person = { id: 'p1', email: 'anna@example.com' };
const now = 1_000_000;

/** A token that is told apart by its number and expires in `seconds`. */
const tokenOf = (number: number, seconds = 3_600): string =>
  `h.${btoa(JSON.stringify({ number, iat: now / 1000, exp: now / 1000 + seconds }))}.s`;
const sessionOf = (number: number, seconds?: number): AuthSession => ({
  accessToken: tokenOf(number, seconds),
  refreshToken: `refresh-${number}`,
  person,
});

type Server = {
  isDown: boolean;
  refreshes: string[];
  refresh: () => RefreshResult;
  signIn: () => AuthResult;
  wiped: string[];
  forgotten: string[];
};

function open(
  storage = createMemoryStorage(),
  deviceNow = () => now,
): { account: Account; server: Server; storage: Storage } {
  const server: Server = {
    isDown: false,
    refreshes: [],
    refresh: () => ({ ok: true, session: sessionOf(2) }),
    signIn: () => ({ ok: true, session: sessionOf(1) }),
    wiped: [],
    forgotten: [],
  };
  const assertUp = (): void => {
    if (server.isDown) throw new TypeError('fetch failed');
  };
  const auth: AuthPort = {
    signUp: async () => {
      assertUp();
      return server.signIn();
    },
    signIn: async () => {
      assertUp();
      return server.signIn();
    },
    refresh: async (refreshToken) => {
      assertUp();
      server.refreshes.push(refreshToken);
      return server.refresh();
    },
    signOut: async () => undefined,
  };
  const account = createAccount({
    loadConfig: async () => {
      assertUp();
      return config;
    },
    loadAuth: async () => auth,
    forgetCopies: async (id) => void server.forgotten.push(id),
    wipeDevice: async (id) => void server.wiped.push(id),
    exclusively: (work) => work(),
    storage,
    now: deviceNow,
  });
  return { account, server, storage };
}

describe('account', () => {
  it('signs in, and is still signed in after a reload without network', async () => {
    const { account, storage } = open();
    expect(account.state.value).toEqual({ state: 'signed-out' });
    expect(await account.signIn('anna@example.com', 'secret')).toEqual({ ok: true, person });
    const again = open(storage);
    again.server.isDown = true;
    expect(again.account.state.value).toEqual({ state: 'signed-in', person, needsSignIn: false });
    expect(again.account.config.value).toEqual(config);
    expect(await again.account.token()).toBe(tokenOf(1));
  });

  it('says in plain words why a sign-in failed', async () => {
    const { account, server } = open();
    server.signIn = () => ({ ok: false, code: 'sign-in-failed' });
    expect(await account.signIn('a', 'b')).toMatchObject({ ok: false, code: 'sign-in-failed' });
    server.signIn = () => ({ ok: false, code: 'confirm-email' });
    expect(await account.signUp('a', 'b')).toMatchObject({
      code: 'confirm-email',
      message: expect.stringMatching(/e-mail/),
    });
    const down = open();
    down.server.isDown = true;
    expect(await down.account.signIn('a', 'b')).toMatchObject({ ok: false, code: 'unreachable' });
  });

  it('SYNC-5 refreshes once for all who ask, before a token is too old to use', async () => {
    const { account, server } = open();
    server.signIn = () => ({ ok: true, session: sessionOf(1, 20) });
    await account.signIn('a', 'b');
    const tokens = await Promise.all([account.token(), account.token(), account.token()]);
    expect(new Set(tokens)).toEqual(new Set([tokenOf(2)]));
    expect(server.refreshes).toEqual(['refresh-1']);
  });

  it('SYNC-5 gives a newer token on demand, and the same one to those who come later', async () => {
    const { account, server } = open();
    await account.signIn('a', 'b');
    const first = tokenOf(1);
    expect(await account.getToken({ than: first })).toMatchObject({ token: tokenOf(2) });
    expect(await account.getToken({ than: first })).toMatchObject({ token: tokenOf(2) });
    expect(server.refreshes).toHaveLength(1);
  });

  it('SYNC-5 asks for a sign-in when the refresh is refused, and keeps the person and the lists', async () => {
    const { account, server } = open();
    await account.signIn('a', 'b');
    server.refresh = () => ({ ok: false, code: 'token-expired' });
    expect(await account.getToken({ than: tokenOf(1) })).toEqual({ missing: 'signed-out' });
    expect(account.state.value).toEqual({ state: 'signed-in', person, needsSignIn: true });
    expect(await account.getToken({ than: tokenOf(1) })).toEqual({ missing: 'signed-out' });
    expect(server.refreshes).toEqual(['refresh-1']);
    server.signIn = () => ({ ok: true, session: sessionOf(3) });
    await account.signIn('a', 'b');
    expect(account.state.value).toMatchObject({ needsSignIn: false });
  });

  it('SYNC-5 does not ask for a sign-in because the server is away', async () => {
    const { account, server } = open();
    await account.signIn('a', 'b');
    server.isDown = true;
    expect(await account.getToken({ than: tokenOf(1) })).toEqual({ missing: 'unreachable' });
    server.isDown = false;
    server.refresh = () => ({ ok: false, code: 'rate-limited' });
    expect(await account.getToken({ than: tokenOf(1) })).toEqual({ missing: 'unreachable' });
    expect(account.state.value).toMatchObject({ needsSignIn: false });
  });

  it('DOC-4 SYNC-5 a device clock that is years off causes no refresh before its time', async () => {
    for (const years of [-9, 9]) {
      let clock = now + years * 31_536_000_000;
      const { account, server } = open(createMemoryStorage(), () => clock);
      await account.signIn('a', 'b');
      expect(await account.getToken()).toEqual({ token: tokenOf(1), expiresAt: clock + 3_600_000 });
      clock += 3_590_000;
      expect(await account.getToken()).toMatchObject({ token: tokenOf(2) });
      expect(server.refreshes).toEqual(['refresh-1']);
    }
  });

  it('takes the token that another tab has refreshed meanwhile', async () => {
    const { account, server, storage } = open();
    await account.signIn('a', 'b');
    storage.setItem('wedsync-session', JSON.stringify(sessionOf(7)));
    expect(await account.getToken({ than: tokenOf(1) })).toMatchObject({ token: tokenOf(7) });
    expect(server.refreshes).toEqual([]);
  });

  it('forgets the sign-in, and the lists only when asked to', async () => {
    const { account, server } = open();
    await account.signIn('a', 'b');
    await account.signOut();
    expect(account.state.value).toEqual({ state: 'signed-out' });
    expect(server.wiped).toEqual([]);
    expect(server.forgotten).toEqual(['p1']);
    await account.signIn('a', 'b');
    await account.signOut({ wipeDevice: true });
    expect(server.wiped).toEqual(['p1']);
  });
});

describe('api', () => {
  const answering = (status: number, body: unknown) =>
    vi.fn(async (_url: string, _init?: RequestInit) => new Response(JSON.stringify(body), { status }));
  const signedIn = { getToken: async () => ({ token: 'jwt' }) };
  const list = { id: 'l_1', name: 'Couples', role: 'owner', records: 3 };

  it('calls with the token and reads by the schema', async () => {
    const fetcher = answering(200, { lists: [list] });
    const api = createApi(signedIn, fetcher as unknown as typeof fetch);
    expect(await api.lists()).toEqual({ ok: true, value: [list] });
    const [url, init] = fetcher.mock.calls[0] ?? [];
    expect(url).toBe('/api/lists');
    expect(new Headers(init?.headers).get('authorization')).toBe('Bearer jwt');
  });

  it('gives codes of the registry for refusals, other answers and no answer', async () => {
    const call = async (fetcher: unknown) => {
      const result = await createApi(signedIn, fetcher as typeof fetch).createList('x');
      return result.ok ? 'ok' : result.code;
    };
    const error = { error: { code: 'forbidden', message: '', retryable: false } };
    expect(await call(answering(403, error))).toBe('forbidden');
    expect(await call(answering(502, { message: 'proxy' }))).toBe('unreachable');
    expect(await call(answering(200, { nonsense: true }))).toBe('upstream-failed');
    expect(await call(vi.fn(() => Promise.reject(new TypeError('failed'))))).toBe('unreachable');
    expect(await call(answering(200, list))).toBe('ok');
  });

  it('does not call at all without a sign-in, and encodes what goes into a path', async () => {
    const fetcher = answering(204, undefined);
    const nobody = { getToken: async () => ({ missing: 'signed-out' as const }) };
    expect(await createApi(nobody, fetcher as unknown as typeof fetch).lists()).toMatchObject({
      code: 'unauthorized',
    });
    expect(fetcher).not.toHaveBeenCalled();
    const deleting = vi.fn(async (_url: string) => new Response(null, { status: 204 }));
    const result = await createApi(signedIn, deleting as unknown as typeof fetch).deleteSource('../x');
    expect(result.ok).toBe(true);
    expect(deleting.mock.calls[0]?.[0]).toBe('/api/sources/..%2Fx');
  });

  it('reads the public settings, and remembers the lists for an offline start', async () => {
    expect(await loadConfig(answering(200, config) as unknown as typeof fetch)).toEqual(config);
    const storage = createMemoryStorage();
    const api = createApi(signedIn, answering(200, { lists: [list] }) as unknown as typeof fetch);
    const known = createKnownLists(person, api, storage);
    expect(known.lists.value).toBeUndefined();
    await known.refresh();
    expect(createKnownLists(person, api, storage).lists.value).toEqual([list]);
    expect(createKnownLists({ id: 'p2', email: '' }, api, storage).lists.value).toBeUndefined();
  });
});
