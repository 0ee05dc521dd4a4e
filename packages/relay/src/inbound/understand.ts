// What an event of a source means, with everything that its owner set: the adapter, its mapping and its expression.
import type { SourceSettings } from '@wedsync/shared';
import type { Adapted, Delivery } from './adapters/adapter.ts';
import { adaptSafely, providerOf } from './adapters/registry.ts';
import type { ExpressionRunner } from './mapping/expression.ts';

export interface Understanding {
  /** Undefined for a provider of a newer version. */
  readonly adapted: Adapted | undefined;
  /** What mapping and expression see. */
  readonly payload: unknown;
}

/** Never rejects. */
export async function understand(
  providerId: string,
  delivery: Delivery & { readonly settings: SourceSettings },
  runner: ExpressionRunner,
): Promise<Understanding> {
  const provider = providerOf(providerId);
  if (provider === undefined) return { adapted: undefined, payload: undefined };
  const payload = provider.payloadOf?.(delivery);
  const { expression } = delivery.settings;
  if (expression === undefined || payload === undefined)
    return { adapted: adaptSafely(provider, delivery), payload };
  const plain = adaptSafely(provider, delivery);
  if (plain.ok && plain.kind !== 'upsert') return { adapted: plain, payload };
  const expressed = await runner.run(expression, payload);
  if (expressed.ok)
    return { adapted: adaptSafely(provider, { ...delivery, expressed: expressed.changes }), payload };
  const { event, externalId } = plain;
  const adapted: Adapted = {
    ok: false,
    reason: 'expression-failed',
    event,
    externalId,
    problems: [expressed.message],
  };
  return { adapted, payload };
}
