// Who or what changed which couple, when and from where: as the API says it and the app shows and exports it.
import * as z from 'zod/mini';
import '../util/jitless.ts';

export const ACTIVITY_KINDS = ['all', 'people', 'sources', 'settings', 'problems'] as const;
export type ActivityKind = (typeof ACTIVITY_KINDS)[number];

export const activityEntrySchema = z.object({
  id: z.string(),
  /** UTC ms. */
  at: z.number(),
  /** `stranger`: could not show who they are. `id` is a user id or a source id. */
  who: z.object({
    kind: z.enum(['person', 'source', 'service', 'stranger']),
    id: z.string(),
    name: z.optional(z.string()),
  }),
  /** `couple.edit`, `webhook`, `source.create`, …; new ones may come. */
  action: z.string(),
  outcome: z.string(),
  /** A sentence for people. */
  reason: z.optional(z.string()),
  recordId: z.optional(z.string()),
  /** Names of the fields touched. */
  fields: z.array(z.string()),
  sourceName: z.optional(z.string()),
  /** How many alike this one stands for. */
  count: z.number(),
});
export type ActivityEntry = z.infer<typeof activityEntrySchema>;

/** `GET /api/lists/:id/activity`: newest first; `next` is the cursor of the page after, missing on the last. */
export const activityResponseSchema = z.object({
  entries: z.array(activityEntrySchema),
  next: z.optional(z.string()),
});
export type ActivityPage = z.infer<typeof activityResponseSchema>;
