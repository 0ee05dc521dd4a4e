import { expect, test } from 'vitest';
import { initialOf, seasonHue } from './season.ts';

test('a wedding has the hue of its month, an undecided one has none', () => {
  expect(seasonHue('2027-07-10')).toBe(seasonHue('2031-07-01'));
  expect(seasonHue('2027-07-10')).not.toBe(seasonHue('2027-12-10'));
  expect(seasonHue('tbd')).toBeUndefined();
  expect(seasonHue(null)).toBeUndefined();
  expect(seasonHue('2027-13-10')).toBeUndefined();
});

test('initials are whole letters in every script', () => {
  expect(initialOf('ánna')).toBe('Á');
  expect(initialOf('  Đặng')).toBe('Đ');
  expect(initialOf('👩🏽‍🎨 Zoë')).toBe('👩🏽‍🎨');
  expect(initialOf('é́lan').length).toBeGreaterThan(0);
  expect(initialOf('')).toBe('');
});
