// What the database keeps about health: the canary, numbers of queues and sources, history, incidents.
import { callJson, type Rpc } from '../store/rpc.ts';
import type { SourceFacts } from './judge-source.ts';
import type { QueueFacts } from './judge-system.ts';

export interface Incident {
  readonly id: string;
  /** Of the check that failed. */
  readonly key: string;
  /** Null for what concerns the whole relay. */
  readonly listId: string | null;
  readonly title: string;
  readonly cause: string;
  readonly fix: string;
  readonly openedAt: number;
  readonly closedAt: number | null;
}

export type NewIncident = Pick<Incident, 'key' | 'listId' | 'title' | 'cause' | 'fix' | 'openedAt'>;

/** One bucket of the history of a check. */
export interface HistoryBucket {
  readonly key: string;
  readonly startMs: number;
  readonly ok: number;
  readonly degraded: number;
  readonly failing: number;
  readonly latencyMaxMs: number | null;
}

export type HistoryWidth = 'fine' | 'coarse';
/** As the table has them. */
const WIDTH_S: Readonly<Record<HistoryWidth, number>> = { fine: 300, coarse: 3_600 };

/** Every call rejects with a retryable AppError when the database is away. */
export interface HealthStore {
  /** The write canary; resolves with when any relay last stored an update. */
  beat(lastStoredAt: number | undefined): Promise<number | undefined>;
  /** Whether this relay was the first by name of those that beat within `withinMs`. */
  isFirst(withinMs: number): Promise<boolean>;
  queues(): Promise<
    Pick<QueueFacts, 'inboxWaiting' | 'inboxOldestMs' | 'projectionBehind' | 'projectionLag'>
  >;
  sources(): Promise<readonly SourceFacts[]>;
  putHistory(
    atMs: number,
    rows: readonly { key: string; state: string; latencyMs?: number }[],
  ): Promise<void>;
  history(keys: readonly string[], width: HistoryWidth, sinceMs: number): Promise<readonly HistoryBucket[]>;
  /** Undefined when the list is gone. `isNew` for the one relay that opened it. */
  openIncident(incident: NewIncident): Promise<{ isNew: boolean; incident: Incident } | undefined>;
  /** The incident for the one relay that closed it. */
  closeIncident(key: string, atMs: number): Promise<Incident | undefined>;
  openIncidents(): Promise<readonly Incident[]>;
  /** Of a list and of the whole relay, newest first. */
  incidents(listId: string, limit: number): Promise<readonly Incident[]>;
  /** Addresses of the owners of a list, or of all lists. */
  ownerMails(listId: string | null): Promise<readonly string[]>;
}

type HistoryRow = [string, number, number, number, number, number | null];

/** @param relay names this relay in the canary's table, the same after every start */
export function createHealthStore(rpc: Rpc, relay: string): HealthStore {
  const optional = <T>(text: string): T | undefined => (text === '' ? undefined : (JSON.parse(text) as T));
  return {
    async beat(lastStoredAt) {
      const args = { p_relay: relay, p_last_sync: lastStoredAt === undefined ? '' : String(lastStoredAt) };
      const last = await rpc('ws_health_canary', args);
      return last === '' ? undefined : Number(last);
    },
    isFirst: async (withinMs) => (await rpc('ws_health_first', { p_within: String(withinMs) })) === relay,
    queues: () => callJson(rpc, 'ws_health_queues', {}),
    sources: () => callJson(rpc, 'ws_health_sources', {}),
    async putHistory(atMs, rows) {
      await rpc('ws_health_put', { p_at: String(atMs), p_rows: JSON.stringify(rows) });
    },
    async history(keys, width, sinceMs) {
      const rows = await callJson<HistoryRow[]>(rpc, 'ws_health_history', {
        p_keys: keys,
        p_width_s: String(WIDTH_S[width]),
        p_since: String(sinceMs),
      });
      return rows.map(([key, startMs, ok, degraded, failing, latencyMaxMs]) => ({
        key,
        startMs,
        ok,
        degraded,
        failing,
        latencyMaxMs,
      }));
    },
    async openIncident({ key, listId, title, cause, fix, openedAt }) {
      const args = {
        p_key: key,
        p_list: listId ?? '',
        p_title: title,
        p_cause: cause,
        p_fix: fix,
        p_at: String(openedAt),
      };
      return optional(await rpc('ws_incident_open', args));
    },
    closeIncident: async (key, atMs) =>
      optional(await rpc('ws_incident_close', { p_key: key, p_at: String(atMs) })),
    openIncidents: () => callJson(rpc, 'ws_incidents_open', {}),
    incidents: (listId, limit) => callJson(rpc, 'ws_incidents', { p_list: listId, p_limit: String(limit) }),
    ownerMails: (listId) => callJson(rpc, 'ws_owner_mails', { p_list: listId ?? '' }),
  };
}
