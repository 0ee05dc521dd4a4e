// Numbers for Prometheus: what the parts count as it happens, and what is read when somebody asks.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { RoomRegistry } from '../room/registry.ts';
import type { SyncServer } from '../session/upgrade.ts';
import type { AppendResult } from '../store/append-row.ts';
import type { GroupCommit } from '../store/group-commit.ts';
import type { Rpc } from '../store/rpc.ts';
import type { CheckStatus } from './check-state.ts';
import { CHECK_STATES } from './check-state.ts';

/** What is read at every scrape. */
export interface MetricsSource {
  readonly registry: Pick<RoomRegistry, 'counts'>;
  readonly sockets: Pick<SyncServer, 'counts' | 'bytes'>;
  readonly commit: Pick<GroupCommit, 'backlog'>;
  readonly statuses: () => ReadonlyMap<string, CheckStatus>;
  readonly incidents: () => number;
  readonly now: () => number;
}

export interface Metrics {
  readonly contentType: string;
  /** The text that Prometheus reads. */
  render(): Promise<string>;
  /** An update was stored or refused by the database, so long after it came. */
  noteReceipt(result: AppendResult, waitedMs: number): void;
  /** An update was refused before it came to that. */
  noteRejected(code: string): void;
  noteWebhook(source: string, outcome: string, count: number): void;
  noteRequest(status: number, durationMs: number): void;
  /** The same calls, timed. */
  timed(rpc: Rpc): Rpc;
  /** From now on there is something to read. */
  observe(source: MetricsSource): void;
}

const SECOND_MS = 1_000;
/** From a call on one machine to one that is about to fail. */
const BUCKETS_S = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
/** Names of checks of sources are ids: counted together, so that their number does not grow the metrics. */
const isSource = (key: string) => key.startsWith('source:');

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  let source: MetricsSource | undefined;

  const receiptLatency = new Histogram({
    name: 'wedsync_sync_latency_seconds',
    help: 'From the arrival of an update to its receipt.',
    buckets: BUCKETS_S,
    registers,
  });
  /** Counted here and read when asked: a labelled counter costs each update more than its place in a batch. */
  const decided = { stored: 0, refused: 0 };
  new Counter({
    name: 'wedsync_receipts_total',
    help: 'Updates that the database decided on, by outcome (stored, refused).',
    labelNames: ['outcome'],
    registers,
    collect() {
      this.reset();
      for (const [outcome, count] of Object.entries(decided)) this.inc({ outcome }, count);
    },
  });
  const rejected = new Counter({
    name: 'wedsync_rejected_updates_total',
    help: 'Updates refused before they were stored, by code.',
    labelNames: ['code'],
    registers,
  });
  const webhooks = new Counter({
    name: 'wedsync_webhooks_total',
    help: 'Webhook events by source and outcome; unknown sources under the empty name.',
    labelNames: ['source', 'outcome'],
    registers,
  });
  const requests = new Histogram({
    name: 'wedsync_http_request_seconds',
    help: 'HTTP requests by class of status.',
    labelNames: ['status'],
    buckets: BUCKETS_S,
    registers,
  });
  const calls = new Histogram({
    name: 'wedsync_database_seconds',
    help: 'Calls of the database by function and outcome.',
    labelNames: ['call', 'outcome'],
    buckets: BUCKETS_S,
    registers,
  });

  /** A gauge that is read when asked; `read` sets it through the function it is given. */
  function gauge(
    name: string,
    help: string,
    label: string | undefined,
    read: (from: MetricsSource, set: (value: number, of?: string) => void) => void,
  ): void {
    new Gauge<string>({
      name,
      help,
      labelNames: label === undefined ? [] : [label],
      registers,
      collect() {
        if (source === undefined) return;
        this.reset();
        read(source, (value, of) =>
          label === undefined ? this.set(value) : this.set({ [label]: of ?? '' }, value),
        );
      },
    });
  }
  const numberOf = (from: MetricsSource, name: string): number => {
    const value = from.statuses().get('queues')?.data?.[name];
    return typeof value === 'number' ? value : 0;
  };

  gauge(
    'wedsync_oldest_unstored_seconds',
    'How long the oldest update waits to be stored.',
    undefined,
    (from, set) => {
      const since = from.commit.backlog.oldestAt;
      set(since === undefined ? 0 : (from.now() - since) / SECOND_MS);
    },
  );
  gauge(
    'wedsync_queue_depth',
    'What waits: backlog (updates in memory), inbox (webhook events).',
    'queue',
    (from, set) => {
      set(from.commit.backlog.rows, 'backlog');
      set(numberOf(from, 'inboxWaiting'), 'inbox');
    },
  );
  gauge(
    'wedsync_backlog_bytes',
    'Bytes of updates that wait in memory to be stored.',
    undefined,
    (from, set) => set(from.commit.backlog.bytes),
  );
  gauge(
    'wedsync_inbox_oldest_seconds',
    'How long the oldest webhook event could have been applied.',
    undefined,
    (from, set) => set(numberOf(from, 'inboxOldestMs') / SECOND_MS),
  );
  gauge(
    'wedsync_projection_lag_updates',
    'Updates that the read model of the slowest list is behind.',
    undefined,
    (from, set) => set(numberOf(from, 'projectionLag')),
  );
  gauge('wedsync_projection_behind_lists', 'Lists whose read model is behind.', undefined, (from, set) =>
    set(numberOf(from, 'projectionBehind')),
  );
  gauge('wedsync_rooms', 'Rooms by state.', 'state', (from, set) => {
    for (const [state, count] of Object.entries(from.registry.counts())) set(count, state);
  });
  gauge('wedsync_sockets', 'Sockets by state.', 'state', (from, set) => {
    for (const [state, count] of Object.entries(from.sockets.counts())) set(count, state);
  });
  gauge('wedsync_sources', 'Webhook sources by health.', 'state', (from, set) => {
    const states = [...from.statuses()].filter(([key]) => isSource(key)).map(([, status]) => status.state);
    for (const state of CHECK_STATES) set(states.filter((one) => one === state).length, state);
  });
  gauge(
    'wedsync_check_failing',
    '1 for a check that fails, 0.5 for a degraded one, else 0.',
    'check',
    (from, set) => {
      for (const [key, { state }] of from.statuses())
        if (!isSource(key)) set(state === 'failing' ? 1 : state === 'degraded' ? 0.5 : 0, key);
    },
  );
  gauge('wedsync_incidents_open', 'Incidents that are open.', undefined, (from, set) =>
    set(from.incidents()),
  );
  const bytes = new Counter({
    name: 'wedsync_socket_bytes_total',
    help: 'Bytes over sockets by direction (received, sent).',
    labelNames: ['direction'],
    registers,
    collect() {
      if (source === undefined) return;
      const { received, sent } = source.sockets.bytes();
      this.reset();
      this.inc({ direction: 'received' }, received);
      this.inc({ direction: 'sent' }, sent);
    },
  });
  bytes.inc({ direction: 'received' }, 0);

  return {
    contentType: registry.contentType,
    // The library writes `Nan`, which not every reader takes for a number.
    render: async () => (await registry.metrics()).replaceAll(/ Nan$/gm, ' NaN'),
    noteReceipt(result, waitedMs) {
      decided[result.ok ? 'stored' : 'refused'] += 1;
      receiptLatency.observe(waitedMs / SECOND_MS);
    },
    noteRejected: (code) => rejected.inc({ code }),
    noteWebhook: (from, outcome, count) => webhooks.inc({ source: from, outcome }, count),
    noteRequest(status, durationMs) {
      requests.observe({ status: `${Math.floor(status / 100)}xx` }, durationMs / SECOND_MS);
    },
    timed: (rpc) => async (name, args) => {
      const end = calls.startTimer({ call: name });
      try {
        const answer = await rpc(name, args);
        end({ outcome: 'ok' });
        return answer;
      } catch (error) {
        end({ outcome: 'failed' });
        throw error;
      }
    },
    observe(from) {
      source = from;
    },
  };
}
