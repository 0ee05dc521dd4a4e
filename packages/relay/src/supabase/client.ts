// One way to Supabase for everything above: supabase-js with the secret key, hosted or embedded.
import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import type { Config } from '../config.ts';
import { startEmbedded } from './embedded/embedded.ts';

export type Supabase = {
  /** Acts as service_role. Never used to sign anybody in: it would keep their session. */
  readonly client: SupabaseClient;
  /** What browsers need to sign in. */
  readonly publishableKey: string;
  readonly url: string;
  readonly jwt: { readonly secret?: string; readonly jwksUrl?: string; readonly issuer?: string };
  /** Key for secrets at rest: 32 bytes as base64. */
  readonly encryptionKey: string | undefined;
  /** The embedded default alone: answers /auth/v1/* and /rest/v1/* for browsers; signs its own tokens. */
  readonly embedded: { fetch(request: Request): Promise<Response>; readonly jwtSecret: string } | undefined;
  close(): Promise<void>;
};

/** A database that does not answer counts as away: RELAY-2 wants that known within 30 s. */
const HOSTED_TIMEOUT_MS = 20_000;

const options = { auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false } };

/**
 * Connects, or boots the embedded default when no `SUPABASE_URL` is set. Owner closes it.
 * `onCrash` tells that the embedded database ended by itself, or could not be opened again; it is opened anew until
 * that succeeds, and every call fails with `storage-unavailable` meanwhile.
 */
export async function createSupabase(
  config: Config,
  events: { onProgress: (line: string) => void; onCrash: (error: Error) => void },
  hostedTimeoutMs: number = HOSTED_TIMEOUT_MS,
): Promise<Supabase> {
  if (config.SUPABASE_URL !== undefined) return connectHosted(config, config.SUPABASE_URL, hostedTimeoutMs);
  const embedded = await startEmbedded({ dataDir: config.DATA_DIR, ...events });
  const { secrets } = embedded;
  const url = 'http://embedded.invalid';
  const send: typeof fetch = (input, init) => embedded.fetch(new Request(input, init));
  return {
    client: createClient(url, secrets.secretKey, { ...options, global: { fetch: send } }),
    publishableKey: secrets.publishableKey,
    url,
    jwt: { secret: secrets.jwtSecret },
    encryptionKey: config.RELAY_ENCRYPTION_KEY ?? secrets.encryptionKey,
    embedded: { fetch: embedded.fetch, jwtSecret: secrets.jwtSecret },
    close: () => embedded.close(),
  };
}

function connectHosted(config: Config, url: string, timeoutMs: number): Supabase {
  const base = url.replace(/\/$/, '');
  const jwt =
    config.SUPABASE_JWT_SECRET === undefined
      ? { jwksUrl: `${base}/auth/v1/.well-known/jwks.json`, issuer: `${base}/auth/v1` }
      : { secret: config.SUPABASE_JWT_SECRET };
  const send: typeof fetch = (input, init) => {
    const limit = AbortSignal.timeout(timeoutMs);
    const signal = init?.signal ? AbortSignal.any([init.signal, limit]) : limit;
    return fetch(input, { ...init, signal });
  };
  return {
    client: createClient(base, config.SUPABASE_SECRET_KEY ?? '', { ...options, global: { fetch: send } }),
    publishableKey: config.SUPABASE_PUBLISHABLE_KEY ?? '',
    url: base,
    jwt,
    encryptionKey: config.RELAY_ENCRYPTION_KEY,
    embedded: undefined,
    close: async () => undefined,
  };
}
