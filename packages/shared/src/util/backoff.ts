// How long to wait before the next attempt: exponential, full jitter, with a ceiling.

/** Settings of a backoff; all times in ms. */
export interface BackoffOptions {
  /** Ceiling of the first wait. */
  readonly minMs: number;
  /** Ceiling of any wait. */
  readonly maxMs: number;
  /** Growth of the ceiling per attempt; 2 by default. */
  readonly factor?: number;
  /** Uniform in [0, 1). Passed in, so that tests and simulations are repeatable. */
  readonly random: () => number;
}

/** Hands out waits. Not a timer: the owner sleeps, and may wake early. */
export interface Backoff {
  /** Attempts since the last reset. */
  readonly attempt: number;
  /** The next wait in ms, uniform in [0, ceiling), but at least `atLeastMs` (for example `Retry-After`). */
  next(atLeastMs?: number): number;
  /** Called on proven health (a completed handshake, a committed write), not on a mere connection. */
  reset(): void;
}

/**
 * Full jitter (uniform from 0 to the ceiling) spreads a crowd that was cut off together best. A server's minimum
 * is put below the jitter, not in its place: otherwise the crowd would come back in step.
 */
export function createBackoff({ minMs, maxMs, factor = 2, random }: BackoffOptions): Backoff {
  if (!(minMs > 0 && maxMs >= minMs && factor >= 1)) throw new RangeError('backoff needs 0 < minMs <= maxMs');
  let attempt = 0;
  return {
    get attempt() {
      return attempt;
    },
    next(atLeastMs = 0) {
      const ceiling = Math.min(maxMs, minMs * factor ** attempt);
      attempt += 1;
      return Math.floor(atLeastMs + random() * ceiling);
    },
    reset() {
      attempt = 0;
    },
  };
}
