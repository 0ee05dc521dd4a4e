import { expect, test } from 'vitest';
import { phoneToE164 } from './phone-number.ts';

test.each([
  ['22 33 44 55', 'nb-NO', '+4722334455'],
  ['+47 22 33 44 55', 'en-US', '+4722334455'],
  ['020 7946 0018', 'en-GB', '+442079460018'],
  ['(020) 7946 0018 ext. 4', 'en-GB', '+442079460018'],
  ['044 668 18 00', 'de-CH', '+41446681800'],
  ['030 901820', 'de', '+4930901820'],
])('HOOK-7 %s typed in %s is %s', (text, locale, e164) => {
  expect(phoneToE164(text, locale)).toBe(e164);
});

test.each([
  ['ask her mother', 'en-GB'],
  ['12345', 'en-GB'],
  ['22 33 44 55', 'eo-001'],
  ['22 33 44 55', 'no such locale'],
])('HOOK-7 %s in %s is no number of any plan', (text, locale) => {
  expect(phoneToE164(text, locale)).toBeUndefined();
});
