// How many requests ended in an error of the server, over the last five minutes, hour and day. In memory, from the
// start of the process on.

export interface Rate {
  readonly requests: number;
  readonly errors: number;
  /** errors / requests, 0 without requests. */
  readonly rate: number;
}

export interface ErrorRate {
  note(isError: boolean): void;
  over(ms: number): Rate;
}

export const FIVE_MINUTES_MS = 5 * 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

const MINUTE_MS = 60_000;
const MINUTES = DAY_MS / MINUTE_MS;

/** @param now ms since 1970 */
export function createErrorRate(now: () => number): ErrorRate {
  const minutes: { minute: number; requests: number; errors: number }[] = [];

  return {
    note(isError) {
      const minute = Math.floor(now() / MINUTE_MS);
      let last = minutes.at(-1);
      if (last?.minute !== minute) {
        last = { minute, requests: 0, errors: 0 };
        minutes.push(last);
        if (minutes.length > MINUTES) minutes.shift();
      }
      last.requests += 1;
      if (isError) last.errors += 1;
    },
    over(ms) {
      const first = Math.floor((now() - ms) / MINUTE_MS) + 1;
      let requests = 0;
      let errors = 0;
      for (let index = minutes.length - 1; index >= 0; index -= 1) {
        const bucket = minutes[index];
        if (bucket === undefined || bucket.minute < first) break;
        requests += bucket.requests;
        errors += bucket.errors;
      }
      return { requests, errors, rate: requests === 0 ? 0 : errors / requests };
    },
  };
}
