// When a JWT was made and when it expires, by the server's clock. Read without verifying: only for planning the
// renewal; the relay decides.

/** Ms since 1970; absent in a token without them or of another form. */
export type TokenTimes = { readonly issuedAt?: number; readonly expiresAt?: number };

export function tokenTimes(token: string): TokenTimes {
  const [, payload] = token.split('.');
  if (payload === undefined) return {};
  try {
    const claims = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) as {
      iat?: unknown;
      exp?: unknown;
    };
    return {
      ...(typeof claims.iat === 'number' && { issuedAt: claims.iat * 1000 }),
      ...(typeof claims.exp === 'number' && { expiresAt: claims.exp * 1000 }),
    };
  } catch {
    return {};
  }
}
