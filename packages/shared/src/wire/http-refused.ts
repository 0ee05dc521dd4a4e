// Body of the HTTP API about updates that the relay refused for good.
import * as z from 'zod/mini';
import '../util/jitless.ts';

/** `code` is the name of a close code, `detail` a machine word; `by` an e-mail address, '' for none. */
export const refusedUpdateSchema = z.object({
  id: z.string(),
  code: z.string(),
  detail: z.string(),
  bytes: z.number(),
  at: z.number(),
  by: z.string(),
});
export type RefusedUpdate = z.infer<typeof refusedUpdateSchema>;
export const refusedResponseSchema = z.object({ refused: z.array(refusedUpdateSchema) });
