// Bodies that may hold several events at once, as an array: each becomes an event of its own.
import type { Intake } from './adapter.ts';
import { readJson, toBytes } from './json.ts';

/** More than any provider documents; a longer array is kept whole and shown. */
const MAX_PARTS = 500;

/** @param eventIdOf the id of one item, '' when it has none */
export function splitArray(eventIdOf: (item: unknown) => string): Intake {
  return ({ body }) => {
    const json = readJson(body);
    if (!Array.isArray(json) || json.length === 0 || json.length > MAX_PARTS) return [{ body }];
    return json.map((item) => {
      const eventId = eventIdOf(item);
      return { body: toBytes(item), ...(eventId && { eventId }) };
    });
  };
}
