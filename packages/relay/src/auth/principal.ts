// Who is behind a verified token. Everything about rights starts from this value, never from what a browser says.

export type Principal =
  | {
      readonly kind: 'person';
      /** Supabase user id (uuid). */
      readonly userId: string;
      readonly email: string;
      /** How the person is shown to others: the name of the account, else the first part of the address. */
      readonly name: string;
      /** ms since 1970; from then on the token is worth nothing. */
      readonly expiresAt: number;
    }
  /** Another service with the project's service role: may open any document, is a member of nothing. */
  | { readonly kind: 'service'; readonly expiresAt: number };

/** What a log row names as its sender. */
export function senderOf(principal: Principal): string {
  return principal.kind === 'person' ? principal.userId : 'service';
}
