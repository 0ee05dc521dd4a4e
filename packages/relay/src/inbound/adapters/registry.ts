// Which adapter reads which provider's deliveries.
import type { Adapter } from './adapter.ts';
import { adaptStandard } from './standard.ts';

const ADAPTERS: Readonly<Record<string, Adapter>> = Object.freeze({ standard: adaptStandard });

export const PROVIDERS: readonly string[] = Object.keys(ADAPTERS);

/** Undefined for a provider of a newer version. */
export function adapterOf(provider: string): Adapter | undefined {
  return Object.hasOwn(ADAPTERS, provider) ? ADAPTERS[provider] : undefined;
}
