// Updates that were refused for good, as a finding: who sent them, to which list, and why.
import * as z from 'zod';
import type { Finding } from './finding.ts';

export const refusedLatelySchema = z.array(
  z.object({
    documentId: z.string(),
    code: z.string(),
    detail: z.string(),
    /** E-mail address, or `source:<id>`, or `service`. */
    by: z.string(),
    count: z.number(),
    /** ms since 1970, of the newest */
    at: z.number(),
  }),
);
export type RefusedLately = z.infer<typeof refusedLatelySchema>[number];

/** More lines than this help nobody; the worst come first. */
export const REFUSED_LIMIT = 20;

function toLine({ documentId, code, detail, by, count, at }: RefusedLately): string {
  const why = detail === '' ? code : `${code} (${detail})`;
  return `${documentId}: ${count} × ${why} from ${by}, last at ${new Date(at).toISOString()}`;
}

export function findRefused(refused: readonly RefusedLately[]): Finding {
  const check = 'refused updates';
  if (refused.length === 0) return { check, state: 'ok', text: 'None in the last seven days.' };
  return {
    check,
    state: 'warning',
    text: `Refused for good in the last seven days: ${refused.map(toLine).join('; ')}.`,
    fix: 'Nothing was stored of them; the devices keep them aside and offer them as a file. Update the app on the device that sent them; if they go on, ask who it is.',
  };
}
