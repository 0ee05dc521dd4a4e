// How often something may be tried: counted per key in this process.
import { AppError } from '@wedsync/shared';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

export interface Attempts {
  /** Counts one. Throws `rate-limited` beyond the limit. */
  take(key: string): Promise<void>;
}

export function createAttempts({ points, windowS }: { points: number; windowS: number }): Attempts {
  const limiter = new RateLimiterMemory({ points, duration: windowS });
  return {
    async take(key) {
      try {
        await limiter.consume(key);
      } catch (error) {
        throw error instanceof RateLimiterRes ? new AppError('rate-limited') : error;
      }
    },
  };
}
