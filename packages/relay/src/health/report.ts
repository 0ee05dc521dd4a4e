// What is known of the health, as answers: for load balancers, for programs with a token, for the page of a list.
import type { BarState, HealthCheck, HealthIncident, HealthRange, ListHealth } from '@wedsync/shared';
import type { CheckStatus } from './check-state.ts';
import { type Health, listOf, titleOf } from './health.ts';
import type { HistoryBucket, Incident } from './health-store.ts';
import { CHECK_TITLES } from './words.ts';

export type Readiness = 'ok' | 'starting' | 'degraded' | 'draining';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const INCIDENTS_SHOWN = 50;

/** Half hours of a day, days of a quarter. */
const RANGES = {
  day: { barMs: 30 * MINUTE_MS, bars: 48, width: 'fine' },
  quarter: { barMs: DAY_MS, bars: 90, width: 'coarse' },
} as const satisfies Record<HealthRange, { barMs: number; bars: number; width: 'fine' | 'coarse' }>;

/** In one word: the readiness when that is not `ok`, else whether some part of the relay needs attention. */
export function overallStatus(readiness: Readiness, statuses: ReadonlyMap<string, CheckStatus>): string {
  if (readiness !== 'ok') return readiness;
  const isBad = [...statuses].some(
    ([key, { state }]) => key in CHECK_TITLES && (state === 'failing' || state === 'degraded'),
  );
  return isBad ? 'degraded' : 'ok';
}

/**
 * Everything, by the names of the checks. Sources stand inside `webhookEndpoint`.
 * @param lists whose sources may be shown; all of them when undefined
 */
export function toReport(
  health: Health,
  readiness: Readiness,
  lists: ReadonlySet<string> | undefined,
): Record<string, unknown> {
  const statuses = health.statuses();
  const maySee = (listId: string | null) => listId === null || lists === undefined || lists.has(listId);
  const system: Record<string, Record<string, unknown>> = {};
  const sources: unknown[] = [];
  for (const [key, status] of statuses) {
    const { data, pending: _, ...known } = status;
    if (key in CHECK_TITLES) system[key] = { ...known, ...data };
    else if (maySee(listOf(status))) sources.push({ ...known, ...data });
  }
  if (system.webhookEndpoint !== undefined) system.webhookEndpoint.sources = sources;
  return {
    status: overallStatus(readiness, statuses),
    nextCheckAt: health.nextCheckAt(),
    ...system,
    incidents: health.openIncidents().filter(({ listId }) => maySee(listId)),
  };
}

/** `count` bars of `barMs` from `fromMs` on, each as bad as the worst in it. */
export function toBars(
  buckets: readonly HistoryBucket[],
  { fromMs, barMs, count }: { fromMs: number; barMs: number; count: number },
): BarState[] {
  const bars: BarState[] = Array.from({ length: count }, () => 'none');
  const order: readonly BarState[] = ['none', 'ok', 'degraded', 'failing'];
  for (const { startMs, ok, degraded, failing } of buckets) {
    const index = Math.floor((startMs - fromMs) / barMs);
    const seen = bars[index];
    if (seen === undefined) continue;
    const state: BarState = failing > 0 ? 'failing' : degraded > 0 ? 'degraded' : ok > 0 ? 'ok' : 'none';
    if (order.indexOf(state) > order.indexOf(seen)) bars[index] = state;
  }
  return bars;
}

function toCheck(key: string, status: CheckStatus, bars: BarState[]): HealthCheck {
  const { data, pending: _, ...known } = status;
  const sourceId = data?.sourceId;
  return {
    key,
    title: titleOf(key, status),
    ...known,
    ...(typeof sourceId === 'string' ? { sourceId } : {}),
    bars,
  };
}

function toIncident({ id, title, listId, cause, fix, openedAt, closedAt }: Incident): HealthIncident {
  return { id, title, listId, cause, fix, openedAt, closedAt };
}

/** What the page of a list shows; the relay's own parts alone when it is undefined. Without the database there are no bars, and of incidents only the open ones. */
export async function toListHealth(
  health: Health,
  readiness: Readiness,
  listId: string | undefined,
  range: HealthRange,
  now: number,
): Promise<ListHealth> {
  const { barMs, bars, width } = RANGES[range];
  const fromMs = (Math.floor(now / barMs) + 1 - bars) * barMs;
  const shown = [...health.statuses()].filter(([, status]) => {
    const owner = listOf(status);
    return owner === null || owner === listId;
  });
  const keys = shown.map(([key]) => key);
  const isAway = listId === undefined || health.isCanaryFailing();
  const buckets = isAway ? [] : await health.store.history(keys, width, fromMs).catch(() => []);
  const byKey = Map.groupBy(buckets, ({ key }) => key);
  const open = health
    .openIncidents()
    .filter((incident) => incident.listId === null || incident.listId === listId)
    .map((incident) => ({ ...incident, id: `${incident.key}@${incident.openedAt}`, closedAt: null }));
  const kept = isAway
    ? open
    : await health.store.incidents(listId, INCIDENTS_SHOWN).catch((): readonly Incident[] => open);
  return {
    status: overallStatus(readiness, health.statuses()),
    checkedAt: now,
    nextCheckAt: health.nextCheckAt(),
    barsFrom: fromMs,
    barMs,
    checks: shown.map(([key, status]) =>
      toCheck(key, status, toBars(byKey.get(key) ?? [], { fromMs, barMs, count: bars })),
    ),
    incidents: kept.map(toIncident),
  };
}
