// Who is signed in on this device. Works offline: a stored sign-in with an expired token still opens local lists. The
// library that talks to Supabase is loaded when it is first needed, and knows nothing of where the session is kept.
import {
  type ConfigResponse,
  createSubscribable,
  ERROR_CODES,
  type ErrorCode,
  type Subscribable,
} from '@wedsync/shared';
import type { GetToken, TokenResult } from '../transport/link.ts';
import { tokenTimes } from '../transport/token-times.ts';
import type { AuthPort, AuthSession } from './auth-port.ts';
import { createStoredValue } from './stored-value.ts';

/** The signed-in person; `id` is the `sub` of the verified token. */
export type Person = { readonly id: string; readonly email: string };

export type AccountState =
  | { readonly state: 'loading' }
  | { readonly state: 'signed-out' }
  /** `needsSignIn`: the server no longer accepts this sign-in; local lists stay open, nothing is sent. */
  | { readonly state: 'signed-in'; readonly person: Person; readonly needsSignIn: boolean };

/** Expected failures of sign-in and sign-up; `code` is from the error registry or `confirm-email`. */
export type SignInResult =
  | { readonly ok: true; readonly person: Person }
  | { readonly ok: false; readonly code: ErrorCode | 'confirm-email'; readonly message: string };

/** Answer of `GET /api/config`. */
export type AppConfig = ConfigResponse;

export type Account = {
  readonly state: Subscribable<AccountState>;
  /** The server's public settings; undefined until it has been reached once on this device. */
  readonly config: Subscribable<AppConfig | undefined>;
  signUp(email: string, password: string): Promise<SignInResult>;
  signIn(email: string, password: string): Promise<SignInResult>;
  /** Forgets the sign-in; with `wipeDevice` also every list that this person has on this device. */
  signOut(options?: { wipeDevice?: boolean }): Promise<void>;
  /** A token that is valid for at least 30 s, refreshed when needed; undefined when signed out or unreachable. */
  token(): Promise<string | undefined>;
  /** The same with the reason for its absence, and on demand a newer one: one refresh for all who ask. */
  readonly getToken: GetToken;
  close(): void;
};

/** A token that is about to expire would be refused on its way. */
const LEAST_VALIDITY_MS = 30_000;

export type AccountOptions = {
  /** Reads `GET /api/config`; rejects when the server does not answer. */
  readonly loadConfig: () => Promise<AppConfig>;
  readonly loadAuth: (config: AppConfig) => Promise<AuthPort>;
  /** Deletes what this person has on this device. */
  readonly wipeDevice: (personId: string) => Promise<void>;
  /** Deletes copies that are not kept beyond a sign-in. */
  readonly forgetCopies: (personId: string) => Promise<void>;
  /** Keeps two tabs from refreshing at the same time; runs the work as it is where Web Locks are missing. */
  readonly exclusively: <T>(work: () => Promise<T>) => Promise<T>;
  readonly storage: Storage | undefined;
  readonly now: () => number;
};

export function createAccount(options: AccountOptions): Account {
  const session = createStoredValue<AuthSession>('wedsync-session', options.storage);
  const savedConfig = createStoredValue<AppConfig>('wedsync-config', options.storage);
  const state = createSubscribable<AccountState>(stateOf(session.value, false), isSameState);
  let refreshing: Promise<TokenResult> | undefined;
  /** Refused for good: asking again would be a loop, and every open document asks. */
  let deadRefreshToken: string | undefined;
  let auth: Promise<AuthPort> | undefined;
  const ends = [session.subscribe((next) => state.set(stateOf(next, false)))];

  async function config(): Promise<AppConfig> {
    try {
      const fresh = await options.loadConfig();
      savedConfig.set(fresh);
      return fresh;
    } catch (error) {
      if (savedConfig.value !== undefined) return savedConfig.value;
      throw error;
    }
  }

  async function port(): Promise<AuthPort> {
    auth ??= config().then(options.loadAuth);
    try {
      return await auth;
    } catch (error) {
      auth = undefined;
      throw error;
    }
  }

  async function enter(work: (auth: AuthPort) => ReturnType<AuthPort['signIn']>): Promise<SignInResult> {
    try {
      const result = await work(await port());
      if (!result.ok) return failure(result.code);
      state.set(stateOf(keep(result.session), false));
      return { ok: true, person: result.session.person };
    } catch {
      return failure(globalThis.navigator?.onLine === false ? 'offline' : 'unreachable');
    }
  }

  /** The answer for a token; its end by this device's clock, which may be years off the server's. */
  function toResult({ accessToken, receivedAt }: AuthSession): { token: string; expiresAt?: number } {
    const { issuedAt, expiresAt } = tokenTimes(accessToken);
    if (expiresAt === undefined) return { token: accessToken };
    const isLifeKnown = receivedAt !== undefined && issuedAt !== undefined;
    return {
      token: accessToken,
      expiresAt: isLifeKnown ? receivedAt + expiresAt - issuedAt : expiresAt,
    };
  }

  const isValid = (current: AuthSession): boolean =>
    (toResult(current).expiresAt ?? Infinity) - options.now() > LEAST_VALIDITY_MS;

  const keep = (next: AuthSession): AuthSession => {
    const kept = { ...next, receivedAt: options.now() };
    session.set(kept);
    return kept;
  };

  const getToken: GetToken = async (renew) => {
    const current = session.value;
    if (current === undefined) return { missing: 'signed-out' };
    const { accessToken } = current;
    const isWanted = renew === undefined || accessToken !== renew.than;
    if (isWanted && isValid(current)) return toResult(current);
    refreshing ??= options
      .exclusively(() => refresh(accessToken))
      .finally(() => {
        refreshing = undefined;
      });
    return await refreshing;
  };

  async function refresh(stale: string): Promise<TokenResult> {
    // Another tab may have been faster while this one waited for its turn.
    session.reread();
    const current = session.value;
    if (current === undefined) return { missing: 'signed-out' };
    if (current.accessToken !== stale && isValid(current)) return toResult(current);
    if (current.refreshToken === deadRefreshToken) return { missing: 'signed-out' };
    try {
      const result = await (await port()).refresh(current.refreshToken);
      if (result.ok) return toResult(keep(result.session));
      if (ERROR_CODES[result.code].retryable) return { missing: 'unreachable' };
      deadRefreshToken = current.refreshToken;
      state.set(stateOf(current, true));
      return { missing: 'signed-out' };
    } catch {
      return { missing: 'unreachable' };
    }
  }

  // The settings are wanted at the first screen, e.g. for the demo account; without network the saved ones do.
  void config().catch(() => undefined);

  return {
    state,
    config: savedConfig,
    signUp: (email, password) => enter((auth) => auth.signUp(email, password)),
    signIn: (email, password) => enter((auth) => auth.signIn(email, password)),
    async signOut({ wipeDevice = false } = {}) {
      const current = session.value;
      session.set(undefined);
      if (current === undefined) return;
      // Best effort: the refresh token dies on the server too when it can be reached.
      void port()
        .then((auth) => auth.signOut(current.accessToken))
        .catch(() => undefined);
      await options.forgetCopies(current.person.id);
      if (wipeDevice) await options.wipeDevice(current.person.id);
    },
    async token() {
      const result = await getToken();
      return 'token' in result ? result.token : undefined;
    },
    getToken,
    close() {
      for (const end of ends) end();
      session.close();
      savedConfig.close();
    },
  };
}

function stateOf(session: AuthSession | undefined, needsSignIn: boolean): AccountState {
  return session === undefined
    ? { state: 'signed-out' }
    : { state: 'signed-in', person: session.person, needsSignIn };
}

const isSameState = (a: AccountState, b: AccountState): boolean => JSON.stringify(a) === JSON.stringify(b);

function failure(code: ErrorCode | 'confirm-email'): SignInResult {
  const message =
    code === 'confirm-email'
      ? 'Please open the link in the e-mail that was just sent to you.'
      : ERROR_CODES[code].message;
  return { ok: false, code, message };
}
