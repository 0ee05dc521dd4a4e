// Takes deliveries out of the inbox under a lease, lets adapters read them and the writer write them, and decides
// what happens to those that fail: again later, or aside where a person sees them.
import { AppError, type SourceSettings } from '@wedsync/shared';
import type { Logger } from 'pino';
import type { EventBus } from '../events.ts';
import { callJson, type Rpc } from '../store/rpc.ts';
import type { ApplyTraces } from '../tracing/tracing.ts';
import type { DocumentWriter } from '../writer/document-writer.ts';
import type { SourceEvent } from '../writer/event.ts';
import type { ExpressionRunner } from './mapping/expression.ts';
import { noteRowsSeen } from './mapping/rows-seen.ts';
import type { Accounts } from './readers/accounts.ts';
import { toReason } from './reasons.ts';
import { understand } from './understand.ts';

/** A delivery as the claim answers it. */
interface ClaimedRow {
  readonly id: number;
  readonly sourceId: string;
  readonly listId: string;
  readonly eventKey: string;
  /** base64 */
  readonly body: string;
  readonly receivedAt: number;
  readonly attempts: number;
  readonly provider: string;
  readonly sourceName: string;
  readonly settleMs: number;
  readonly settings: SourceSettings;
}

/** What `ws_inbox_finish` takes. */
interface Finish {
  readonly id: number;
  readonly state: 'waiting' | 'quarantined' | 'failed' | 'ignored';
  readonly reason: string | null;
  readonly retryMs?: number;
  readonly event?: string;
}

export interface InboxWorkerOptions {
  readonly rpc: Rpc;
  readonly writer: Pick<DocumentWriter, 'applyEvents'>;
  readonly accounts: Pick<Accounts, 'readAnnounced'>;
  readonly expressions: ExpressionRunner;
  readonly events: EventBus;
  readonly log: Logger;
  readonly tracing?: ApplyTraces | undefined;
  readonly newToken: () => string;
  /** Calls back once after `ms` unless cancelled by the function that comes back. */
  readonly schedule: (ms: number, callback: () => void) => () => void;
}

export interface InboxWorker {
  /** Ends after what is under way. */
  close(): Promise<void>;
}

const CLAIM_ROWS = 100;
/** A worker that dies holds its deliveries this long. Far longer than a batch takes. */
const LEASE_MS = 30_000;
/** Other relays' deliveries are found by asking; own ones wake the worker. */
const POLL_MS = 2_000;
/** Tries of a delivery that fails by itself, not because the database is away. */
const MAX_ATTEMPTS = 6;
const FIRST_RETRY_MS = 500;
const MAX_RETRY_MS = 5 * 60_000;

function retryMs(attempts: number): number {
  return Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attempts, 16));
}

function groupByTarget(rows: readonly ClaimedRow[]): ClaimedRow[][] {
  return [...Map.groupBy(rows, (row) => `${row.listId} ${row.sourceId}`).values()];
}

type Reading =
  | { readonly event: SourceEvent; readonly problems: readonly string[] }
  | { readonly aside: Finish }
  | { readonly announced: string };

/** What a row says; what it cannot say goes aside. */
async function read(row: ClaimedRow, options: InboxWorkerOptions): Promise<Reading> {
  const { settings, sourceId } = row;
  const body = Buffer.from(row.body, 'base64');
  const delivery = { body, sourceId, receivedAtMs: row.receivedAt, settings };
  const { adapted, payload } = await understand(row.provider, delivery, options.expressions);
  if (adapted === undefined)
    return { aside: { id: row.id, state: 'quarantined', reason: 'unknown-provider' } };
  const { event } = adapted;
  if (!adapted.ok) {
    const reason = toReason(adapted.reason, adapted.problems);
    return { aside: { id: row.id, state: 'quarantined', reason, event } };
  }
  const { kind, problems } = adapted;
  if (kind === 'read') return { announced: adapted.externalId };
  if (kind === 'upsert') await noteRowsSeen(options.rpc, { sourceId, event, payload, settings });
  const { ok: _, problems: __, ...said } = adapted;
  return { event: { ...said, kind, id: row.id, eventKey: row.eventKey }, problems };
}

export function createInboxWorker(options: InboxWorkerOptions): InboxWorker {
  const { rpc, writer, events, log, tracing } = options;
  let state: 'idle' | 'running' | 'closing' = 'idle';
  let isWoken = false;
  let cancelPoll: (() => void) | undefined;
  let running: Promise<void> = Promise.resolve();
  const following = new Map<number, Promise<unknown>>();

  async function finish(token: string, sourceId: string, results: readonly Finish[]): Promise<void> {
    await rpc('ws_inbox_finish', { p_token: token, p_results: JSON.stringify(results) });
    tell(sourceId, results);
  }

  /** What became of deliveries, by outcome; one that is tried again has none yet. */
  function tell(sourceId: string, results: readonly { readonly id: number; readonly state: string }[]): void {
    tracing?.decided(results);
    for (const [outcome, alike] of Map.groupBy(results, ({ state: name }) => name))
      events.emit('source.heard', {
        sourceId,
        outcome: outcome === 'waiting' ? 'retried' : outcome,
        count: alike.length,
      });
  }

  /** What becomes of rows whose batch failed as a whole. */
  function afterFailure(rows: readonly ClaimedRow[], error: unknown): Finish[] {
    const isTransient = error instanceof AppError && error.code === 'storage-unavailable';
    return rows.map(({ id, attempts }) =>
      isTransient || attempts < MAX_ATTEMPTS
        ? { id, state: 'waiting', reason: 'retrying', retryMs: retryMs(attempts) }
        : { id, state: 'failed', reason: 'failed' },
    );
  }

  /** What an event announced is read beside everything else: a slow provider holds up nobody. */
  function follow(row: ClaimedRow, externalId: string, token: string): void {
    const work = options.accounts
      .readAnnounced(row.sourceId, externalId)
      .then((read): Finish => {
        const { id } = row;
        if (read.outcome === 'aside') return { id, state: 'quarantined', reason: read.reason };
        if (read.outcome === 'wait')
          return { id, state: 'waiting', reason: read.reason, retryMs: read.retryMs };
        return { id, state: 'ignored', reason: read.items === 0 ? 'nothing-new' : 'was-read' };
      })
      .catch((error: unknown): Finish => {
        log.warn({ error, source: row.sourceId }, 'an announced change could not be read');
        return { id: row.id, state: 'waiting', reason: 'retrying', retryMs: retryMs(row.attempts) };
      })
      .then((result) => finish(token, row.sourceId, [result]))
      .catch((error: unknown) => log.warn({ error }, 'a lease will have to run out'));
    following.set(row.id, work);
    void work.then(() => following.delete(row.id));
  }

  async function apply(rows: readonly ClaimedRow[], token: string): Promise<void> {
    const [first] = rows;
    if (first === undefined) return;
    tracing?.claimed(rows.map(({ id }) => id));
    const readings = await Promise.all(rows.map((row) => read(row, options)));
    for (const [index, reading] of readings.entries()) {
      const row = rows[index];
      if ('announced' in reading && row !== undefined && !following.has(row.id))
        follow(row, reading.announced, token);
    }
    const aside = readings.flatMap((result) => ('aside' in result ? [result.aside] : []));
    if (aside.length > 0) await finish(token, first.sourceId, aside);
    const batch = readings.flatMap((result) => ('event' in result ? [result] : []));
    if (batch.length === 0) return;
    tracing?.writing(batch.map(({ event }) => event.id));
    const outcome = await writer.applyEvents(
      {
        listId: first.listId,
        source: { id: first.sourceId, name: first.sourceName, settleMs: first.settleMs },
        events: batch.map(({ event }) => event),
        leftOut: Object.fromEntries(
          batch.flatMap(({ event, problems }) =>
            problems.length === 0 ? [] : [[event.id, toReason('left-out', problems)]],
          ),
        ),
      },
      token,
    );
    if (outcome.outcome === 'committed') tell(first.sourceId, outcome.results);
    if (outcome.outcome === 'lease-lost')
      tracing?.decided(batch.map(({ event }) => ({ id: event.id, state: outcome.outcome })));
    if (outcome.outcome === 'gone')
      await finish(
        token,
        first.sourceId,
        batch.map(({ event }) => ({ id: event.id, state: 'failed', reason: 'list-gone' })),
      );
  }

  /** A batch that fails is tried one by one: a delivery that breaks it must not hold up the others. */
  async function applyOrRetry(rows: readonly ClaimedRow[], token: string): Promise<void> {
    try {
      await apply(rows, token);
    } catch (error) {
      const isTransient = error instanceof AppError && error.code === 'storage-unavailable';
      if (rows.length > 1 && !isTransient) {
        for (const row of rows) await applyOrRetry([row], token);
        return;
      }
      log.warn(
        { error, source: rows[0]?.sourceId, deliveries: rows.length },
        'deliveries could not be applied',
      );
      const others = rows.filter(({ id }) => !following.has(id));
      await finish(token, rows[0]?.sourceId ?? '', afterFailure(others, error));
    }
  }

  /** One round; whether there may be more at once. */
  async function round(): Promise<boolean> {
    const token = options.newToken();
    const rows = await callJson<ClaimedRow[]>(rpc, 'ws_inbox_claim', {
      p_limit: String(CLAIM_ROWS),
      p_lease_ms: String(LEASE_MS),
      p_token: token,
    });
    await Promise.all(groupByTarget(rows).map((group) => applyOrRetry(group, token)));
    return rows.length === CLAIM_ROWS;
  }

  async function run(): Promise<void> {
    do {
      isWoken = false;
      try {
        isWoken = (await round()) || isWoken;
      } catch (error) {
        log.warn({ error }, 'the inbox could not be read');
        break;
      }
    } while (isWoken && state === 'running');
  }

  async function untilWoken(): Promise<void> {
    let waitMs = POLL_MS;
    try {
      const due = await rpc('ws_inbox_due', {});
      if (due !== '') waitMs = Math.min(POLL_MS, Math.max(20, Number(due)));
    } catch (error) {
      log.debug({ error }, 'the inbox did not say when the next delivery is due');
    }
    if (state === 'closing') return;
    state = 'idle';
    if (isWoken) wake();
    else cancelPoll = options.schedule(waitMs, wake);
  }

  function wake(): void {
    isWoken = true;
    if (state !== 'idle') return;
    state = 'running';
    cancelPoll?.();
    cancelPoll = undefined;
    running = run().then(untilWoken);
  }

  const unsubscribe = events.on('inbox.stored', wake);
  wake();

  return {
    async close() {
      unsubscribe();
      state = 'closing';
      cancelPoll?.();
      await running;
      await Promise.all(following.values());
    },
  };
}
