// Bodies of the HTTP API about versions of a list.
import * as z from 'zod/mini';
import '../util/jitless.ts';

/** `daily` by the relay, `named` by a person, `restore` right before a restore. Times are UTC ms. */
export const versionSchema = z.object({
  id: z.string(),
  kind: z.enum(['daily', 'named', 'restore']),
  name: z.string(),
  records: z.number(),
  bytes: z.number(),
  at: z.number(),
  /** E-mail address of who made it; '' for the relay. */
  by: z.string(),
});
export type Version = z.infer<typeof versionSchema>;

/** Newest first. */
export const versionsResponseSchema = z.object({ versions: z.array(versionSchema) });
export const createVersionRequestSchema = z.object({
  name: z.string().check(z.trim(), z.minLength(1), z.maxLength(120)),
});

/** How many couples a restore changes, or would change. `leftOut`: deleted for good since. */
export const restoreCountsSchema = z.object({
  changed: z.number(),
  broughtBack: z.number(),
  removed: z.number(),
  leftOut: z.number(),
});
export type RestoreCounts = z.infer<typeof restoreCountsSchema>;
/** `undoVersionId` is the version of right before: restoring it takes this restore back. */
export const restoreResponseSchema = z.extend(restoreCountsSchema, { undoVersionId: z.string() });
export type RestoreResponse = z.infer<typeof restoreResponseSchema>;
