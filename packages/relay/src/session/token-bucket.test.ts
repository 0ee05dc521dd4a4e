import { describe, expect, it } from 'vitest';
import { createTokenBucket } from './token-bucket.ts';

describe('RELAY-6 token bucket', () => {
  it('takes exactly its capacity, then what flowed back', () => {
    let now = 0;
    const bucket = createTokenBucket(3, 2, () => now);
    expect([1, 1, 1].map((cost) => bucket.take(cost))).toEqual([true, true, true]);
    expect(bucket.take(1)).toBe(false);
    now = 499;
    expect(bucket.take(1)).toBe(false);
    now = 500;
    expect(bucket.take(1)).toBe(true);
    expect(bucket.take(1)).toBe(false);
  });

  it('never holds more than its capacity, and a clock that runs back adds nothing', () => {
    let now = 0;
    const bucket = createTokenBucket(2, 10, () => now);
    now = 60_000;
    expect(bucket.take(3)).toBe(false);
    expect(bucket.take(2)).toBe(true);
    now = 0;
    expect(bucket.take(1)).toBe(false);
  });
});
