// Asks one provider for one source: tried again with jitter, and left alone for a while when it keeps failing.
import {
  BrokenCircuitError,
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleWhen,
  retry,
  wrap,
} from 'cockatiel';
import type { FetchRequest, GuardedFetch } from '../../net/guarded-fetch.ts';
import type { Json } from '../adapters/json.ts';
import { ProviderProblem, readAnswer } from './reader.ts';

const BREAK_MS = 30_000;
const FAILURES_IN_A_ROW = 5;

/** Only what another try may mend. */
const isTransient = (error: unknown) => !(error instanceof ProviderProblem) || error.code === 'provider-away';

export type Asker = (url: string, request?: FetchRequest) => Promise<Json>;

export function createAsker(fetch: GuardedFetch, options: { readonly firstDelayMs?: number } = {}): Asker {
  const policy = wrap(
    retry(handleWhen(isTransient), {
      maxAttempts: 2,
      backoff: new ExponentialBackoff({ initialDelay: options.firstDelayMs ?? 250, maxDelay: 2_000 }),
    }),
    circuitBreaker(handleWhen(isTransient), {
      halfOpenAfter: BREAK_MS,
      breaker: new ConsecutiveBreaker(FAILURES_IN_A_ROW),
    }),
  );
  return async (url, request) => {
    try {
      return await policy.execute(async () => readAnswer(await fetch(url, request)));
    } catch (error) {
      if (error instanceof ProviderProblem) throw error;
      throw new ProviderProblem('provider-away', error instanceof BrokenCircuitError ? BREAK_MS : undefined);
    }
  };
}
