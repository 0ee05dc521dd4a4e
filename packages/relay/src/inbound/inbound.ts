// The parts of the way in, put together: what the relay starts and stops as one.
import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { createRefusalLog } from '../audit/refusals.ts';
import type { EventBus } from '../events.ts';
import type { GuardedFetch } from '../net/guarded-fetch.ts';
import type { Rpc } from '../store/rpc.ts';
import type { Tracing } from '../tracing/tracing.ts';
import type { DocumentWriter } from '../writer/document-writer.ts';
import { type Changes, createChanges } from './changes.ts';
import { createDeliveries, type Deliveries } from './deliveries.ts';
import { registerWebhookRoute } from './gateway.ts';
import { createInbox } from './inbox.ts';
import { createInboxWorker } from './inbox-worker.ts';
import { createExpressionRunner, type ExpressionRunner } from './mapping/expression.ts';
import { createAccounts } from './readers/accounts.ts';
import { createSecretBox } from './secret-box.ts';
import { createSourceStore, type SourceStore } from './source-store.ts';

/** What was done is known this long; a repeat after the second is a new event, which changes nothing any more. */
const DELIVERY_DAYS = 180;
const DAY_MS = 24 * 3_600_000;

export interface InboundOptions {
  readonly rpc: Rpc;
  readonly writer: Pick<DocumentWriter, 'applyEvents'>;
  readonly events: EventBus;
  readonly log: Logger;
  /** For secrets at rest. */
  readonly encryptionKey: string;
  readonly maxBodyBytes: number;
  readonly maxWaiting: number;
  readonly failuresPerMinute: number;
  /** Days for which entries of the audit log are kept. */
  readonly auditDays: number;
  /** Address under which senders reach this relay, without a slash at the end. */
  readonly baseUrl: () => string;
  /** Reaches the APIs of providers. */
  readonly fetch: GuardedFetch;
  readonly now: () => number;
  /** Only where a collector is set. */
  readonly tracing: Tracing | undefined;
}

export interface Inbound {
  readonly sources: SourceStore;
  readonly deliveries: Deliveries;
  readonly expressions: ExpressionRunner;
  /** Adds `POST /webhooks/:sourceId`. */
  registerWebhooks(app: FastifyInstance): void;
  /** Other programs may have put something into `client_changes`. */
  wakeChanges(): void;
  /** Begins to apply what waits. */
  start(): void;
  /** Ends after the batch that is under way. */
  close(): Promise<void>;
}

export function createInbound(options: InboundOptions): Inbound {
  const { rpc, writer, events, log, now, tracing } = options;
  const timers = new Set<NodeJS.Timeout>();
  const schedule = (ms: number, callback: () => void) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      callback();
    }, ms);
    timers.add(timer);
    return () => {
      timers.delete(timer);
      clearTimeout(timer);
    };
  };
  const box = createSecretBox(options.encryptionKey);
  const sources = createSourceStore({
    rpc,
    box,
    now,
    schedule,
    onChanged: (sourceId) => events.emit('source.changed', { sourceId }),
  });
  const expressions = createExpressionRunner();
  const inbox = createInbox({
    rpc,
    maxWaiting: options.maxWaiting,
    onStored: (sourceId) => events.emit('inbox.stored', { sourceId }),
    now,
    wait: (ms) => new Promise((done) => void schedule(ms, () => done())),
  });
  const refusals = createRefusalLog({
    rpc,
    schedule,
    onError: (error) => log.warn({ error }, 'refused webhooks could not be written to the audit log'),
  });
  const { fetch, baseUrl } = options;
  const accounts = createAccounts({ rpc, sources, inbox, box, fetch, log, baseUrl, schedule, now });
  async function prune(): Promise<void> {
    try {
      const days = { p_audit_days: String(options.auditDays), p_body_days: String(DELIVERY_DAYS) };
      await rpc('ws_inbound_prune', days);
    } catch (error) {
      log.warn({ error }, 'old deliveries could not be ended');
    }
    schedule(DAY_MS, () => void prune());
  }
  let worker: ReturnType<typeof createInboxWorker> | undefined;
  let changes: Changes | undefined;

  return {
    sources,
    expressions,
    deliveries: createDeliveries(rpc),
    registerWebhooks(app) {
      registerWebhookRoute(app, {
        sources,
        inbox,
        refusals,
        maxBodyBytes: options.maxBodyBytes,
        baseUrl,
        failuresPerMinute: options.failuresPerMinute,
        onHeard: (sourceId, outcome) => events.emit('source.heard', { sourceId, outcome, count: 1 }),
        now,
        tracing,
      });
    },
    wakeChanges: () => changes?.wake(),
    start() {
      changes ??= createChanges({
        rpc,
        onStored: (sourceId) => events.emit('inbox.stored', { sourceId }),
        onError: (error) => log.warn({ error }, 'the changes of other programs could not be read'),
        schedule,
      });
      worker ??= createInboxWorker({
        ...{ rpc, writer, accounts, expressions, events, log, schedule, tracing },
        newToken: randomUUID,
      });
      accounts.start();
      schedule(DAY_MS / 24, () => void prune());
    },
    async close() {
      await Promise.all([changes?.close(), worker?.close(), accounts.close()]);
      await expressions.close();
      await refusals.close();
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}
