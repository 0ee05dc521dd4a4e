// Gives an account a new password, by the one way that each Supabase has for it.

import type { SupabaseClient } from '@supabase/supabase-js';
import { AppError } from '@wedsync/shared';

export interface PasswordTarget {
  readonly client: Pick<SupabaseClient, 'auth'>;
  readonly publishableKey: string;
  readonly embedded: { fetch(request: Request): Promise<Response> } | undefined;
}

export interface PasswordOwner {
  readonly userId: string;
  readonly email: string;
}

/** Rejects `weak-password` when Supabase does not take it. @param signToken a token as that person has */
export async function setPassword(
  supabase: PasswordTarget,
  owner: PasswordOwner,
  password: string,
  signToken: (owner: PasswordOwner) => Promise<string>,
): Promise<void> {
  const status =
    supabase.embedded === undefined
      ? await setHosted(supabase.client, owner.userId, password)
      : await setEmbedded(supabase.embedded, supabase.publishableKey, await signToken(owner), password);
  if (status === 422 || status === 400) throw new AppError('weak-password');
  if (status >= 400)
    throw new AppError('storage-unavailable', { message: `a password was answered ${status}` });
}

async function setHosted(
  client: PasswordTarget['client'],
  userId: string,
  password: string,
): Promise<number> {
  const { error } = await client.auth.admin.updateUserById(userId, { password });
  return error === null ? 200 : (error.status ?? 503);
}

/** The embedded one has no admin API: the account itself changes it. */
async function setEmbedded(
  embedded: { fetch(request: Request): Promise<Response> },
  apikey: string,
  token: string,
  password: string,
): Promise<number> {
  const headers = { apikey, authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ password });
  const url = 'http://embedded.invalid/auth/v1/user';
  return (await embedded.fetch(new Request(url, { method: 'PUT', headers, body }))).status;
}
