import { expect, test } from 'vitest';
import { contactHref } from './contact-href.ts';

test('a phone number as typed becomes a number that can be called', () => {
  expect(contactHref('phone', '+44 (0)7700 900-123')).toBe('tel:+447700900123');
  expect(contactHref('phone', '07700 900123')).toBe('tel:07700900123');
  expect(contactHref('phone', '*100#')).toBe('tel:*100%23');
  expect(contactHref('phone', 'ask')).toBeUndefined();
});

test('SEC-5 an address from outside cannot add anything to the link', () => {
  expect(contactHref('email', 'a@b.example?bcc=x@y.example')).toBe('mailto:a@b.example%3Fbcc%3Dx@y.example');
  expect(contactHref('email', 'javascript:alert(1)')).toBeUndefined();
  expect(contactHref('venue', 'Kew & more')).toBe(
    'https://www.openstreetmap.org/search?query=Kew%20%26%20more',
  );
});

test('empty and other fields have no link', () => {
  expect(contactHref('email', ' ')).toBeUndefined();
  expect(contactHref('price', '12')).toBeUndefined();
});
