// The health of a running relay: its parts and settings made into what the checks, the metrics and the sockets need.
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { EventBus } from '../events.ts';
import type { Mail } from '../mail/mail.ts';
import type { Rpc } from '../store/rpc.ts';
import type { Supabase } from '../supabase/client.ts';
import type { SyncService } from '../sync.ts';
import type { Probe } from './checks.ts';
import type { ErrorRate } from './error-rate.ts';
import { createHealth, type Health, relayIdOf } from './health.ts';
import type { Metrics } from './metrics.ts';
import { probeHttp, probeRealtime, probeRedis } from './probes.ts';

export interface StartHealthOptions extends Pick<SyncService, 'commit' | 'sockets' | 'registry'> {
  readonly config: Config;
  readonly supabase: Supabase;
  readonly rpc: Rpc;
  readonly bus: EventBus;
  readonly log: Logger;
  readonly mail: Mail;
  readonly errors: ErrorRate;
  readonly metrics: Metrics;
  readonly baseUrl: () => string;
}

/** Devices are told to read again at most this often. */
const TELL_MS = 1_000;

/** Hosted services that this installation cannot do without. */
function externalProbes(supabase: Supabase): ReadonlyMap<string, Probe> {
  const probes = new Map<string, Probe>();
  if (supabase.embedded === undefined) {
    const headers = { apikey: supabase.publishableKey };
    probes.set('Supabase Auth', (signal) => probeHttp(`${supabase.url}/auth/v1/health`, signal, headers));
  }
  return probes;
}

function schedule(ms: number, callback: () => void): () => void {
  const timer = setTimeout(callback, ms);
  timer.unref();
  return () => clearTimeout(timer);
}

/** Begins to look, to count and to tell. Owner closes it before the parts it looks at. */
export function startHealth(options: StartHealthOptions): Health {
  const { config, supabase, bus, commit, sockets, metrics, baseUrl } = options;
  const { REDIS_URL: redisUrl } = config;
  const now = Date.now;
  const health = createHealth({
    ...options,
    now,
    schedule,
    intervalMs: config.HEALTH_INTERVAL * 1_000,
    operator: config.OPERATOR_EMAIL,
    relayId: relayIdOf(config.DATA_DIR),
    letterFile: join(config.DATA_DIR, 'letters.json'),
    inboxLimit: config.INBOX_MAX_WAITING,
    backlog() {
      const { rows, bytes, oldestAt } = commit.backlog;
      const oldestMs = oldestAt === undefined ? 0 : now() - oldestAt;
      return { rows, bytes, limitBytes: config.BACKLOG_MAX_BYTES, oldestMs };
    },
    endpoint: (signal) => probeHttp(`${baseUrl()}/webhooks/health`, signal),
    external: externalProbes(supabase),
    realtime:
      supabase.embedded === undefined ? (signal) => probeRealtime(supabase.client, signal) : undefined,
    redis: redisUrl === undefined ? undefined : (signal) => probeRedis(redisUrl, signal),
    dataDir: supabase.embedded === undefined ? undefined : config.DATA_DIR,
  });
  metrics.observe({
    ...options,
    statuses: health.statuses,
    incidents: () => health.openIncidents().length,
    now,
  });

  const stale = new Set<string | null>();
  let cancelTell: (() => void) | undefined;
  function tellStale(): void {
    cancelTell = undefined;
    const lists = stale.has(null) ? [null] : [...stale];
    stale.clear();
    for (const listId of lists) sockets.tell(listId, { type: 'health.changed' });
  }
  const stops = [
    bus.on('health.changed', ({ listId }) => {
      stale.add(listId);
      cancelTell ??= schedule(TELL_MS, tellStale);
    }),
    bus.on('health.incident', ({ incident }) => {
      const { key: _, ...said } = incident;
      sockets.tell(incident.listId, { type: 'health.incident', ...said });
    }),
    bus.on('source.heard', ({ sourceId, outcome, count }) => metrics.noteWebhook(sourceId, outcome, count)),
  ];
  return {
    ...health,
    async close() {
      for (const stop of stops) stop();
      cancelTell?.();
      await health.close();
    },
  };
}
