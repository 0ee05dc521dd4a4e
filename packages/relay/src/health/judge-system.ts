// How the parts of the relay itself are doing, from their numbers. Pure; the limits stand here.

import type { Reading } from './check-state.ts';
import type { ErrorRate } from './error-rate.ts';
import { DAY_MS, FIVE_MINUTES_MS, HOUR_MS } from './error-rate.ts';
import { WORDS } from './words.ts';

/** What waits: in memory for the database, in the database to be applied and projected. */
export interface QueueFacts {
  readonly backlogRows: number;
  readonly backlogBytes: number;
  readonly backlogLimitBytes: number;
  /** 0 when nothing waits. */
  readonly oldestUnstoredMs: number;
  readonly inboxWaiting: number;
  readonly inboxLimit: number;
  /** How long the oldest delivery could have been applied already. */
  readonly inboxOldestMs: number;
  /** Lists behind their log, and the largest distance in updates. */
  readonly projectionBehind: number;
  readonly projectionLag: number;
}

/** A delivery is applied within a second. With a round and its repeat that is inside the minute of HEALTH-1. */
const SLOW_MS = 5_000;
const STUCK_MS = 15_000;
const MAX_LAG = 1_000;
const MEBIBYTE = 1024 * 1024;

export function judgeQueues(facts: QueueFacts): Reading {
  const data = { ...facts };
  if (facts.backlogBytes >= facts.backlogLimitBytes) return { state: 'failing', ...WORDS.backlogFull, data };
  if (facts.inboxOldestMs > STUCK_MS) return { state: 'failing', ...WORDS.queueStuck, data };
  if (facts.inboxOldestMs > SLOW_MS) return { state: 'degraded', ...WORDS.queueSlow, data };
  if (facts.projectionLag > MAX_LAG) return { state: 'degraded', ...WORDS.projectionBehind, data };
  return { state: 'ok', data };
}

/** Percentile 99 of the delay of the event loop, in ms. */
export function judgeEventLoop(p99Ms: number, maxMs: number): Reading {
  const data = { p99Ms, maxMs };
  if (p99Ms > 1_000) return { state: 'failing', ...WORDS.loadHigh, data };
  if (p99Ms > 200) return { state: 'degraded', ...WORDS.loadHigh, data };
  return { state: 'ok', data };
}

/** @param freeBytes undefined where the system does not say */
export function judgeDisk(freeBytes: number | undefined): Reading {
  if (freeBytes === undefined) return { state: 'unknown', ...WORDS.diskUnknown };
  const data = { freeBytes };
  if (freeBytes < 64 * MEBIBYTE) return { state: 'failing', ...WORDS.diskLow, data };
  if (freeBytes < 512 * MEBIBYTE) return { state: 'degraded', ...WORDS.diskLow, data };
  return { state: 'ok', data };
}

/** A few errors are no rate yet. */
export function judgeErrors(errors: Pick<ErrorRate, 'over'>): Reading {
  const last5Minutes = errors.over(FIVE_MINUTES_MS);
  const data = { last5Minutes, lastHour: errors.over(HOUR_MS), last24Hours: errors.over(DAY_MS) };
  if (last5Minutes.errors >= 10 && last5Minutes.rate > 0.1)
    return { state: 'failing', ...WORDS.errorsMany, data };
  if (last5Minutes.errors >= 3 && last5Minutes.rate > 0.01)
    return { state: 'degraded', ...WORDS.errorsMany, data };
  return { state: 'ok', data };
}

export interface SyncFacts {
  /** When an update was last stored, by any relay. */
  readonly lastSyncAt: number | undefined;
  readonly oldestUnstoredMs: number;
}

export function judgeSync({ lastSyncAt, oldestUnstoredMs }: SyncFacts): Reading {
  const data = { at: lastSyncAt ?? null, oldestUnstoredMs };
  const successAt = lastSyncAt === undefined ? {} : { successAt: lastSyncAt };
  if (oldestUnstoredMs > STUCK_MS) return { state: 'failing', ...WORDS.syncWaiting, ...successAt, data };
  if (oldestUnstoredMs > SLOW_MS) return { state: 'degraded', ...WORDS.syncWaiting, ...successAt, data };
  if (lastSyncAt === undefined) return { state: 'unknown', ...WORDS.syncQuiet, data };
  return { state: 'ok', ...successAt, data };
}
