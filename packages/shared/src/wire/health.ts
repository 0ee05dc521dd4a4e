// How the relay and the sources of a list are doing, as the API says it and the app shows it.
import * as z from 'zod/mini';
import '../util/jitless.ts';

const ms = z.number();

export const HEALTH_STATES = ['ok', 'degraded', 'failing', 'unknown', 'paused', 'off'] as const;
export type HealthState = (typeof HEALTH_STATES)[number];

/** The worst of a span of time; `none` where nothing was measured. */
export const BAR_STATES = ['none', 'ok', 'degraded', 'failing'] as const;
export type BarState = (typeof BAR_STATES)[number];

/** One check. `cause` and `fix` are sentences for people. */
export const healthCheckSchema = z.object({
  key: z.string(),
  title: z.string(),
  /** Of checks of a webhook source. */
  sourceId: z.optional(z.string()),
  state: z.enum(HEALTH_STATES),
  since: ms,
  lastSuccessAt: z.optional(ms),
  lastCheckAt: z.optional(ms),
  latencyMs: z.optional(z.number()),
  cause: z.optional(z.string()),
  fix: z.optional(z.string()),
  /** Oldest first. */
  bars: z.array(z.enum(BAR_STATES)),
});
export type HealthCheck = z.infer<typeof healthCheckSchema>;

export const incidentSchema = z.object({
  id: z.string(),
  title: z.string(),
  /** Null for what concerns the whole relay. */
  listId: z.nullable(z.string()),
  cause: z.string(),
  fix: z.string(),
  openedAt: ms,
  closedAt: z.nullable(ms),
});
export type HealthIncident = z.infer<typeof incidentSchema>;

export const HEALTH_RANGES = ['day', 'quarter'] as const;
export type HealthRange = (typeof HEALTH_RANGES)[number];

/** `GET /api/lists/:id/health`. */
export const listHealthSchema = z.object({
  status: z.string(),
  checkedAt: ms,
  nextCheckAt: ms,
  /** Start of the first bar, and how long each is. */
  barsFrom: ms,
  barMs: z.number(),
  checks: z.array(healthCheckSchema),
  /** Newest first. */
  incidents: z.array(incidentSchema),
});
export type ListHealth = z.infer<typeof listHealthSchema>;
