// Items that were read from a provider go through the same inbox as what it sends: marked, so that its adapter knows
// the whole thing from a thin event.
import { type Json, textOf, toBytes } from './json.ts';

const MARK = 'wedsyncRead';

/** `at`: when it was read, UTC ms, for things that do not say when they changed. */
export function toReadItem(kind: string, at: number, item: Json): Uint8Array {
  return toBytes({ ...item, [MARK]: kind, at: new Date(at).toISOString() });
}

/** What was read, '' for an event as the provider sent it. */
export const readItemOf = (item: Json): string => textOf(item[MARK]);
