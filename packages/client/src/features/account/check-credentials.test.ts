import { expect, test } from 'vitest';
import { checkCredentials } from './check-credentials.ts';

test('an e-mail and a password that could be right may be sent', () => {
  expect(checkCredentials(' ann@example.com ', 'long enough', 'sign-up')).toEqual({});
});

test('empty and malformed input is named in plain words', () => {
  expect(checkCredentials('', '', 'sign-in')).toEqual({
    email: 'Type your e-mail address.',
    password: 'Type your password.',
  });
  expect(checkCredentials('ann', 'x', 'sign-in').email).toMatch(/e-mail/);
});

test('only a new password must be long: an old short one still signs in', () => {
  expect(checkCredentials('a@b', 'short', 'sign-in')).toEqual({});
  expect(checkCredentials('a@b', 'short', 'sign-up').password).toMatch(/8 characters/);
});
