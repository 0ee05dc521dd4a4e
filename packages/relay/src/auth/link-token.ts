// Tokens that travel in a link: in its fragment, which browsers keep to themselves, and in the database as a hash.
import { createHash, randomBytes } from 'node:crypto';

export interface LinkToken {
  readonly token: string;
  /** What is stored. The token has 256 random bits: a plain hash cannot be guessed back. */
  readonly hash: string;
}

export function createLinkToken(): LinkToken {
  const token = randomBytes(32).toString('base64url');
  return { token, hash: hashLinkToken(token) };
}

export function hashLinkToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
