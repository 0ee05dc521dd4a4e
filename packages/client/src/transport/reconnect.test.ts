import { describe, expect, it } from 'vitest';
import { reconnectDelay } from './reconnect.ts';

describe('reconnect delay', () => {
  it('SYNC-4 doubles its window up to a ceiling and starts at zero', () => {
    const longest = [1, 2, 3, 4, 5, 6, 7, 50].map((failures) => reconnectDelay(failures, 0.999_999));
    expect(longest).toEqual([999, 1999, 3999, 7999, 15999, 29999, 29999, 29999]);
    expect(reconnectDelay(5, 0)).toBe(0);
  });

  it('SYNC-4 spreads 1,000 clients evenly over the window', () => {
    // A fixed low-discrepancy sequence stands for random numbers, so that the test cannot fail by chance.
    const seconds = new Array<number>(8).fill(0);
    for (let client = 0; client < 1_000; client++) {
      const second = Math.floor(reconnectDelay(4, (client * 0.618_033_988_75) % 1) / 1_000);
      seconds[second] = (seconds[second] ?? 0) + 1;
    }
    for (const count of seconds) expect(count).toBeLessThanOrEqual(1_000 / 8 + 50);
  });

  it('adds the least wait that the relay asked for', () => {
    expect(reconnectDelay(1, 0.5, 5_000)).toBe(5_500);
  });
});
