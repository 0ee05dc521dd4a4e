// What the account needs of Supabase Auth, and the one implementation of it, on @supabase/auth-js.
import type { AuthError, Session } from '@supabase/auth-js';
import type { ErrorCode } from '@wedsync/shared';
import type { AppConfig, Person } from './account.ts';

/** As kept on this device. The token's own times are by the server's clock. */
export type AuthSession = {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly person: Person;
  /** When this device got it, by the device's own clock. */
  readonly receivedAt?: number;
};

export type AuthResult =
  | { readonly ok: true; readonly session: AuthSession }
  | { readonly ok: false; readonly code: ErrorCode | 'confirm-email' };
export type RefreshResult =
  | { readonly ok: true; readonly session: AuthSession }
  | { readonly ok: false; readonly code: ErrorCode };

export type AuthPort = {
  signUp(email: string, password: string): Promise<AuthResult>;
  signIn(email: string, password: string): Promise<AuthResult>;
  refresh(refreshToken: string): Promise<RefreshResult>;
  signOut(accessToken: string): Promise<void>;
};

/** Loads auth-js (25 KB) and connects it to the project's auth server. It keeps nothing itself. */
export async function loadAuthPort({ supabaseUrl, publishableKey }: AppConfig): Promise<AuthPort> {
  const { AuthClient } = await import('@supabase/auth-js');
  const url = `${supabaseUrl.replace(/\/$/, '')}/auth/v1`;
  const headers = { apikey: publishableKey };
  const create = () =>
    new AuthClient({
      url,
      headers,
      persistSession: false,
      autoRefreshToken: false,
      detectSessionInUrl: false,
    });
  const auth = create();
  return {
    async signUp(email, password) {
      const { data, error } = await auth.signUp({ email, password });
      if (error !== null) return { ok: false, code: toCode(error, 'sign-in-failed') };
      // A project that wants the address confirmed first gives no session yet.
      return data.session === null ? { ok: false, code: 'confirm-email' } : toSession(data.session);
    },
    async signIn(email, password) {
      const { data, error } = await auth.signInWithPassword({ email, password });
      return error === null ? toSession(data.session) : { ok: false, code: toCode(error, 'sign-in-failed') };
    },
    async refresh(refreshToken) {
      const { data, error } = await auth.refreshSession({ refresh_token: refreshToken });
      if (error !== null) return { ok: false, code: toCode(error, 'token-expired') };
      return data.session === null ? { ok: false, code: 'token-expired' } : toSession(data.session);
    },
    async signOut(accessToken) {
      await auth.admin.signOut(accessToken, 'local');
    },
  };
}

function toSession({ access_token, refresh_token, user }: Session): { ok: true; session: AuthSession } {
  const person: Person = { id: user.id, email: user.email ?? '' };
  return { ok: true, session: { accessToken: access_token, refreshToken: refresh_token, person } };
}

const CODES: Readonly<Record<string, ErrorCode>> = {
  invalid_credentials: 'sign-in-failed',
  user_already_exists: 'already-registered',
  email_exists: 'already-registered',
  weak_password: 'weak-password',
  over_request_rate_limit: 'rate-limited',
  over_email_send_rate_limit: 'rate-limited',
};

function toCode({ code, status, name }: AuthError, refused: ErrorCode): ErrorCode {
  const known = CODES[code ?? ''];
  if (known !== undefined) return known;
  if (status === 429) return 'rate-limited';
  // auth-js gives network failures and 5xx a class of their own, without a useful code.
  if (name === 'AuthRetryableFetchError' || status === undefined || status >= 500) return 'unreachable';
  return refused;
}
