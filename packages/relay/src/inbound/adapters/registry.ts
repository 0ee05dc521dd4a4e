// Which provider reads which deliveries, and what is particular to each.

import type { SignedRequest } from '../verify/verdict.ts';
import { acuity } from './acuity.ts';
import type { Adapted, Delivery, Part, Provider } from './adapter.ts';
import { airtable } from './airtable.ts';
import { calendly } from './calendly.ts';
import { generic } from './generic.ts';
import { googleCalendar } from './google-calendar.ts';
import { hubspot } from './hubspot.ts';
import { jotform } from './jotform.ts';
import { pipedrive } from './pipedrive.ts';
import { standard } from './standard.ts';
import { stripe } from './stripe.ts';
import { typeform } from './typeform.ts';
import { vscoWorkspace } from './vsco-workspace.ts';

const PROVIDERS: Readonly<Record<string, Provider>> = Object.freeze({
  standard,
  generic,
  zapier: generic,
  make: generic,
  hubspot,
  pipedrive,
  calendly,
  'google-calendar': googleCalendar,
  typeform,
  jotform,
  acuity,
  airtable,
  'vsco-workspace': vscoWorkspace,
  stripe,
});

/** Undefined for a provider of a newer version. */
export function providerOf(id: string): Provider | undefined {
  return Object.hasOwn(PROVIDERS, id) ? PROVIDERS[id] : undefined;
}

/** The events of a verified request; one that cannot be taken apart is one event, kept whole. */
export async function takeApart(
  provider: Provider | undefined,
  request: SignedRequest,
): Promise<readonly Part[]> {
  try {
    const parts = await provider?.intake?.(request);
    return parts === undefined || parts.length === 0 ? [{ body: request.body }] : parts;
  } catch {
    return [{ body: request.body }]; // Kept, and shown as not understood.
  }
}

/** What an adapter makes of an event; a mistake of ours must not lose it, so nothing is thrown. */
export function adaptSafely(provider: Provider, delivery: Delivery): Adapted {
  try {
    return provider.adapt(delivery);
  } catch {
    return { ok: false, reason: 'malformed', event: '', externalId: '', problems: [] };
  }
}
