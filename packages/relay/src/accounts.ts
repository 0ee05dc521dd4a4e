// Accounts and lists as the API and the commands see them, over Supabase.
import { randomBytes } from 'node:crypto';
import { AppError, type ListSummary } from '@wedsync/shared';
import { SignJWT } from 'jose';
import type { ListStore } from './store/list-store.ts';
import type { Rpc } from './store/rpc.ts';

export interface AccountsOptions {
  readonly lists: ListStore;
  readonly rpc: Rpc;
  /** Writes a new list's first record (name and format) into its document. */
  readonly writeFirst: (list: { readonly id: string; readonly name: string }) => Promise<void>;
  /** Answers /auth/v1 of the embedded Supabase; undefined where people sign up elsewhere. */
  readonly authFetch: ((request: Request) => Promise<Response>) | undefined;
  readonly publishableKey: string;
  /** Signs tokens where the relay holds the secret. */
  readonly jwtSecret: string | undefined;
  readonly now: () => number;
}

export type TokenSubject =
  | { readonly role: 'service_role' }
  | { readonly userId: string; readonly email: string };

export interface Accounts {
  listsOf(userId: string): Promise<ListSummary[]>;
  createList(name: string, owner: { readonly userId: string; readonly email: string }): Promise<ListSummary>;
  findUser(email: string): Promise<string | undefined>;
  /** Signs somebody up. Rejects `already-registered`, `weak-password` or `not-configured`. */
  signUp(email: string, password: string): Promise<string>;
  findOrCreateUser(email: string): Promise<string>;
  signToken(subject: TokenSubject): Promise<string>;
}

const TOKEN_LIFE_S = 3_600;

/** A new list id: `l_` and 16 random bytes as base64url. */
export function newListId(): string {
  return `l_${randomBytes(16).toString('base64url')}`;
}

export function createAccounts(options: AccountsOptions): Accounts {
  const { lists, rpc, authFetch } = options;

  async function findUser(email: string): Promise<string | undefined> {
    const userId = await rpc('ws_user_id', { p_email: email });
    return userId === '' ? undefined : userId;
  }

  async function signUp(email: string, password: string): Promise<string> {
    if (authFetch === undefined)
      throw new AppError('not-configured', { message: 'people sign up at the hosted Supabase' });
    const response = await authFetch(
      new Request('http://embedded.invalid/auth/v1/signup', {
        method: 'POST',
        headers: { apikey: options.publishableKey, 'content-type': 'application/json' },
        body: JSON.stringify({ email, password }),
      }),
    );
    if (response.ok) {
      const answer = (await response.json()) as { user?: { id: string }; id?: string };
      const userId = answer.user?.id ?? answer.id;
      if (userId !== undefined) return userId;
    }
    if (response.status === 422 || response.status === 400) throw new AppError('already-registered');
    throw new AppError('storage-unavailable', { message: `sign-up was answered ${response.status}` });
  }

  return {
    findUser,
    signUp,
    async listsOf(userId) {
      return (await lists.lists(userId)).map(({ id, name, role, records }) => ({ id, name, role, records }));
    },
    async createList(name, owner) {
      const id = newListId();
      const made = await lists.create({ id, name, owner: owner.userId, email: owner.email });
      if (made === 'no-account') throw new AppError('unauthorized');
      // 128 random bits are taken by nobody; if they are, something is wrong with the randomness.
      if (made === 'exists') throw new AppError('internal', { message: 'a random list id was taken' });
      await options.writeFirst({ id, name });
      return { id, name, role: 'owner', records: 0 };
    },
    findOrCreateUser: async (email) =>
      (await findUser(email)) ?? signUp(email, randomBytes(24).toString('base64url')),
    async signToken(subject) {
      if (options.jwtSecret === undefined) {
        const message = 'this relay does not sign tokens; sign in at the hosted Supabase';
        throw new AppError('not-configured', { message });
      }
      const claims =
        'role' in subject
          ? { role: subject.role }
          : { role: 'authenticated', aud: 'authenticated', sub: subject.userId, email: subject.email };
      return signToken(claims, options.jwtSecret, options.now());
    },
  };
}

/** An HS256 token for an hour. @param now ms since 1970 */
export function signToken(claims: Record<string, unknown>, secret: string, now: number): Promise<string> {
  const issuedAt = Math.floor(now / 1_000);
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + TOKEN_LIFE_S)
    .sign(new TextEncoder().encode(secret));
}
