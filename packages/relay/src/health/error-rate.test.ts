import { expect, it } from 'vitest';
import { createErrorRate, DAY_MS, FIVE_MINUTES_MS, HOUR_MS } from './error-rate.ts';

it('counts over five minutes, an hour and a day, and forgets what is older', () => {
  let now = 1_800_000_000_000;
  const rate = createErrorRate(() => now);
  expect(rate.over(DAY_MS)).toEqual({ requests: 0, errors: 0, rate: 0 });
  for (let n = 0; n < 10; n += 1) rate.note(n === 0);
  now += 10 * 60_000;
  rate.note(true);
  expect(rate.over(FIVE_MINUTES_MS)).toEqual({ requests: 1, errors: 1, rate: 1 });
  expect(rate.over(HOUR_MS)).toEqual({ requests: 11, errors: 2, rate: 2 / 11 });
  now += DAY_MS;
  expect(rate.over(DAY_MS)).toEqual({ requests: 0, errors: 0, rate: 0 });
});
