// Tokens and API clients of people, as a browser or another program has them.
import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import { SignJWT } from 'jose';
import type { Supabase } from '../../src/supabase/client.ts';

/** A token as Supabase signs it, valid for an hour; `claims` replace the usual ones. */
export function signToken(secret: string, claims: Record<string, unknown>): Promise<string> {
  return new SignJWT({ role: 'authenticated', aud: 'authenticated', ...claims })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(secret));
}

/** A stock supabase-js client with a key and, for a person, a token. */
export function apiClient(supabase: Supabase, key: string, token?: string): SupabaseClient {
  const send: typeof fetch = (input, init) =>
    supabase.embedded?.fetch(new Request(input, init)) ?? fetch(input, init);
  return createClient(supabase.url, key, {
    auth: { persistSession: false, autoRefreshToken: false },
    global: {
      fetch: send,
      ...(token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }),
    },
  });
}
