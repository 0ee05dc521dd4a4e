// How a webhook source is doing, from what the database knows of it. "Nothing happened" and "nothing arrives" are
// different: silence counts only for a source that usually speaks.
import type { Reading } from './check-state.ts';
import { WORDS } from './words.ts';

/** As `ws_health_sources` answers; times in ms since 1970. */
export interface SourceFacts {
  readonly id: string;
  readonly listId: string;
  readonly name: string;
  readonly state: 'active' | 'paused';
  readonly lastEventAt: number | null;
  readonly refusedAt: number | null;
  readonly refusedReason: string | null;
  /** Outcome of the delivery that was finished last. */
  readonly lastState: string | null;
  readonly lastReason: string | null;
  readonly lastFinishedAt: number | null;
  readonly waiting: number;
  readonly oldestWaitingAt: number | null;
  /** Of the newest fifty deliveries: how many there are, and when the first of them came. */
  readonly recentCount: number;
  readonly recentFirstAt: number | null;
}

/** A refusal says something about the source this long; after that it may have been a stranger. */
const REFUSAL_MS = 6 * 3_600_000;
const STUCK_MS = 60_000;
/** Silence is unusual from this many mean gaps on, and never before a day. */
const UNUSUAL_GAPS = 8;
const MIN_SILENCE_MS = 24 * 3_600_000;
/** Fewer deliveries say nothing about how often something comes. */
const MIN_DELIVERIES = 5;

/** After how long a silence of the source is unusual, in ms; undefined when nothing can be said. */
export function unusualSilenceMs(facts: SourceFacts): number | undefined {
  const { recentCount, recentFirstAt, lastEventAt } = facts;
  if (recentCount < MIN_DELIVERIES || recentFirstAt === null || lastEventAt === null) return undefined;
  const meanGapMs = (lastEventAt - recentFirstAt) / (recentCount - 1);
  return Math.max(MIN_SILENCE_MS, UNUSUAL_GAPS * meanGapMs);
}

export function judgeSource(facts: SourceFacts, now: number): Reading {
  const { lastEventAt, refusedAt, lastState, oldestWaitingAt } = facts;
  const worked =
    lastState === 'applied' || lastState === 'ignored' ? (facts.lastFinishedAt ?? undefined) : undefined;
  const certain = { isCertain: true, ...(worked === undefined ? {} : { successAt: worked }) } as const;
  if (facts.state === 'paused') return { ...certain, state: 'paused', ...WORDS.sourcePaused };
  if (refusedAt !== null && refusedAt > (lastEventAt ?? 0) && now - refusedAt < REFUSAL_MS) {
    const isLate = facts.refusedReason === 'outside-window';
    return { ...certain, state: 'failing', ...(isLate ? WORDS.sourceLate : WORDS.sourceRefused) };
  }
  if (lastState === 'failed') return { ...certain, state: 'failing', ...WORDS.sourceFailed };
  if (oldestWaitingAt !== null && now - oldestWaitingAt > STUCK_MS)
    return { ...certain, state: 'failing', ...WORDS.sourceStuck };
  if (lastState === 'quarantined') return { ...certain, state: 'degraded', ...WORDS.sourceUnread };
  if (lastEventAt === null) return { ...certain, state: 'unknown', ...WORDS.sourceSilent };
  const limitMs = unusualSilenceMs(facts);
  if (limitMs !== undefined && now - lastEventAt > limitMs)
    return { ...certain, state: 'degraded', ...WORDS.sourceMissing };
  return { ...certain, state: 'ok' };
}
