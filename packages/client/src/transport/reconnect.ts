// When to try again: exponential backoff with full jitter, so that clients cut off together come back spread out.

/** Doubling from one second: a relay restart (1 to 2 s) costs most people one attempt. */
const FIRST_WINDOW_MS = 1_000;
/** A person who looks at "retrying in …" should not wait longer; `online`, visible and "retry now" cut it short. */
const LONGEST_WINDOW_MS = 30_000;

/** A uniformly random delay in [`leastMs`, `leastMs` + window]; `failures` counts from 1, `random` is in [0, 1). */
export function reconnectDelay(failures: number, random: number, leastMs = 0): number {
  const window = Math.min(FIRST_WINDOW_MS * 2 ** Math.max(0, failures - 1), LONGEST_WINDOW_MS);
  return leastMs + Math.floor(random * window);
}
