// A token bucket: so much at once, so much per second. Used for messages and bytes of a socket.

export interface TokenBucket {
  /** Takes `cost` and answers true, or answers false and takes nothing. */
  take(cost: number): boolean;
}

/**
 * @param capacity what may come at once; also what the bucket holds at the start
 * @param perSecond what flows back
 * @param now ms, monotonic or not: time that runs backwards counts as standing still
 */
export function createTokenBucket(capacity: number, perSecond: number, now: () => number): TokenBucket {
  let level = capacity;
  let filledAt = now();
  return {
    take(cost) {
      const at = now();
      level = Math.min(capacity, level + (Math.max(0, at - filledAt) / 1_000) * perSecond);
      filledAt = at;
      if (cost > level) return false;
      level -= cost;
      return true;
    },
  };
}
