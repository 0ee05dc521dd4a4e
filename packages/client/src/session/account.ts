// Who is signed in on this device. Works offline: a stored session with an expired token still opens local lists.
import type { Subscribable } from './document-view.ts';

/** The signed-in person; `id` is the `sub` of the verified token. */
export type Person = { readonly id: string; readonly email: string };

export type AccountState =
  | { readonly state: 'loading' }
  | { readonly state: 'signed-out' }
  | { readonly state: 'signed-in'; readonly person: Person };

/** Expected failures of sign-in and sign-up; `code` is from the error registry (`invalid-credentials`, `offline`, …). */
export type SignInResult =
  | { readonly ok: true; readonly person: Person }
  | { readonly ok: false; readonly code: string; readonly message: string };

/** Answer of `GET /api/config`. */
export type AppConfig = {
  readonly supabaseUrl: string;
  readonly publishableKey: string;
  readonly embedded: boolean;
  readonly demo?: { readonly email: string; readonly password: string };
  readonly version: string;
  readonly serverTime: number;
};

export type Account = {
  readonly state: Subscribable<AccountState>;
  /** The server's public settings; undefined until it has been reached once on this device. */
  readonly config: Subscribable<AppConfig | undefined>;
  signUp(email: string, password: string): Promise<SignInResult>;
  signIn(email: string, password: string): Promise<SignInResult>;
  /** Forgets the sign-in; lists on this device stay unless `wipeDevice` is given. */
  signOut(options?: { wipeDevice?: boolean }): Promise<void>;
  /** A token that is valid for at least 30 s, refreshed when needed; undefined when signed out or unreachable. */
  token(): Promise<string | undefined>;
  /** One refresh, also when the current token still looks valid; undefined means: sign in again, or offline. */
  renewToken(): Promise<string | undefined>;
  close(): void;
};
