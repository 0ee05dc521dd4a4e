// What can be said about an e-mail and a password before they are sent.
import { accountMessages as words } from '../../i18n/messages/account.ts';

export type CredentialErrors = { readonly email?: string; readonly password?: string };

/** GoTrue accepts 6; 8 is what NIST SP 800-63B asks for. Only asked of new passwords. */
export const MIN_PASSWORD = 8;

/** Problems with what was typed; an empty object when it can be sent. */
export function checkCredentials(
  email: string,
  password: string,
  mode: 'sign-in' | 'sign-up',
): CredentialErrors {
  const errors: { email?: string; password?: string } = {};
  if (email.trim() === '') errors.email = words.missingEmail;
  else if (!/^[^\s@]+@[^\s@]+$/.test(email.trim())) errors.email = words.badEmail;
  if (password === '') errors.password = words.missingPassword;
  else if (mode === 'sign-up' && password.length < MIN_PASSWORD) errors.password = words.shortPassword;
  return errors;
}
