// From a JWT to a principal. Which algorithms and keys count is decided by the configuration alone: a shared
// secret allows HS256, a key set allows ES256 and RS256, and what the token's header says only picks among these.
import {
  createRemoteJWKSet,
  decodeProtectedHeader,
  errors,
  type JWTPayload,
  type JWTVerifyOptions,
  jwtVerify,
} from 'jose';
import type { Principal } from './principal.ts';

export interface JwtSettings {
  /** Shared secret of the embedded default and of older hosted projects. */
  readonly secret?: string | undefined;
  /** Where a hosted project publishes its public keys. */
  readonly jwksUrl?: string | undefined;
  /** Expected `iss` of people's tokens; unchecked when unset (the embedded default writes none). */
  readonly issuer?: string | undefined;
}

export type TokenResult =
  | { readonly ok: true; readonly principal: Principal }
  /** `unauthorized` is the one answer for every bad token; `storage-unavailable`: the keys could not be read. */
  | { readonly ok: false; readonly code: 'unauthorized' | 'storage-unavailable' };

export type TokenVerifier = (token: string) => Promise<TokenResult>;

/** Longer than any real token; what is longer is not even parsed. */
const MAX_TOKEN_LENGTH = 8_192;
/** Clocks of two servers are seconds apart at most. */
const CLOCK_TOLERANCE_S = 5;
const MAX_NAME_LENGTH = 80;

/** @param now ms since 1970 */
export function createTokenVerifier(settings: JwtSettings, now: () => number = Date.now): TokenVerifier {
  const secret = settings.secret === undefined ? undefined : new TextEncoder().encode(settings.secret);
  const keySet = settings.jwksUrl === undefined ? undefined : createRemoteJWKSet(new URL(settings.jwksUrl));
  const options = (): JWTVerifyOptions => ({
    currentDate: new Date(now()),
    clockTolerance: CLOCK_TOLERANCE_S,
    requiredClaims: ['exp', 'role'],
  });

  async function verify(token: string): Promise<JWTPayload | undefined> {
    const { alg } = decodeProtectedHeader(token);
    if (alg === 'HS256' && secret !== undefined)
      return (await jwtVerify(token, secret, { ...options(), algorithms: ['HS256'] })).payload;
    if ((alg === 'ES256' || alg === 'RS256') && keySet !== undefined)
      return (await jwtVerify(token, keySet, { ...options(), algorithms: ['ES256', 'RS256'] })).payload;
    return undefined;
  }

  return async (token) => {
    if (token.length === 0 || token.length > MAX_TOKEN_LENGTH) return { ok: false, code: 'unauthorized' };
    try {
      const payload = await verify(token);
      const principal = payload === undefined ? undefined : toPrincipal(payload, settings.issuer);
      return principal === undefined ? { ok: false, code: 'unauthorized' } : { ok: true, principal };
    } catch (error) {
      return { ok: false, code: isUnavailable(error) ? 'storage-unavailable' : 'unauthorized' };
    }
  };
}

/** True when the key set could not be fetched: the token may be good, so the device shall come back later. */
function isUnavailable(error: unknown): boolean {
  if (error instanceof errors.JWKSTimeout) return true;
  // jose answers a key server's error status with its base class; what fetch throws is no JOSEError at all.
  if (error instanceof errors.JOSEError) return error.code === 'ERR_JOSE_GENERIC';
  return error instanceof TypeError && error.message === 'fetch failed';
}

function toPrincipal(payload: JWTPayload, issuer: string | undefined): Principal | undefined {
  const expiresAt = (payload.exp ?? 0) * 1_000;
  if (payload.role === 'service_role') return { kind: 'service', expiresAt };
  if (payload.role !== 'authenticated' || payload.sub === undefined || payload.sub === '') return undefined;
  const audience = typeof payload.aud === 'string' ? [payload.aud] : (payload.aud ?? []);
  if (!audience.includes('authenticated')) return undefined;
  if (issuer !== undefined && payload.iss !== issuer) return undefined;
  const email = typeof payload.email === 'string' ? payload.email : '';
  return { kind: 'person', userId: payload.sub, email, name: nameOf(payload, email), expiresAt };
}

function nameOf(payload: JWTPayload, email: string): string {
  const metadata = payload.user_metadata;
  const claimed =
    typeof metadata === 'object' && metadata !== null && 'name' in metadata ? metadata.name : undefined;
  const name =
    typeof claimed === 'string' && claimed.trim() !== '' ? claimed.trim() : (email.split('@')[0] ?? '');
  return name.slice(0, MAX_NAME_LENGTH);
}
