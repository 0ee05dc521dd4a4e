// The durable inbox of verified deliveries: one call to the database for everything that arrived while the last one
// was under way. Nobody is told that a delivery was taken before it is stored.
import { AppError } from '@wedsync/shared';
import { callJson, type Rpc } from '../store/rpc.ts';

/** A verified delivery on its way into the inbox. */
export interface InboxRow {
  readonly sourceId: string;
  /** The sender's id of the event; '' when it has none. */
  readonly eventId: string;
  readonly bodyHash: string;
  readonly body: Uint8Array;
  readonly event: string;
  /** Deliveries of one source and key are applied in order of arrival. */
  readonly orderKey: string;
  /** `quarantined` when it was not understood: kept, visible, replayable. */
  readonly state: 'waiting' | 'quarantined';
  readonly reason: string;
  /** Which secret signed it. */
  readonly secretId: string;
}

export type PutOutcome =
  | { readonly outcome: 'stored'; readonly id: number }
  | { readonly outcome: 'duplicate'; readonly id: number }
  /** Nothing was stored: too much is waiting already. */
  | { readonly outcome: 'full' }
  /** Nothing was stored: the source is gone. */
  | { readonly outcome: 'unknown' };

export interface Inbox {
  /** Resolves when it is decided; rejects with a retryable AppError when the database did not answer in time. */
  put(row: InboxRow): Promise<PutOutcome>;
}

export interface InboxOptions {
  readonly rpc: Rpc;
  /** What may wait in the database before deliveries are refused. */
  readonly maxWaiting: number;
  readonly onStored: (sourceId: string) => void;
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
}

/** One call carries at most this. */
const BATCH_ROWS = 200;
const BATCH_BYTES = 4 * 1024 * 1024;
/** What may wait in memory for the database; beyond it senders are asked to come back. */
const MAX_BACKLOG_BYTES = 64 * 1024 * 1024;
/** A sender waits this long at most for an answer: many give up after ten seconds. */
const GIVE_UP_MS = 8_000;
const RETRY_MS = 200;

type Waiting = {
  readonly row: InboxRow;
  readonly until: number;
  readonly done: (outcome: PutOutcome) => void;
  readonly fail: (error: AppError) => void;
};

const toBase64 = (bytes: Uint8Array) =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');

export function createInbox(options: InboxOptions): Inbox {
  const { rpc, now } = options;
  const queue: Waiting[] = [];
  let backlogBytes = 0;
  let isRunning = false;

  function takeBatch(): Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const { row } of queue) {
      if (count > 0 && (count === BATCH_ROWS || bytes + row.body.length > BATCH_BYTES)) break;
      bytes += row.body.length;
      count += 1;
    }
    return queue.splice(0, count);
  }

  function send(rows: readonly InboxRow[]): Promise<[number | null, string][]> {
    return callJson(rpc, 'ws_inbox_put', {
      p_sources: rows.map((row) => row.sourceId),
      p_event_ids: rows.map((row) => row.eventId),
      p_hashes: rows.map((row) => row.bodyHash),
      p_bodies: rows.map((row) => toBase64(row.body)),
      p_events: rows.map((row) => row.event),
      p_order_keys: rows.map((row) => row.orderKey),
      p_states: rows.map((row) => row.state),
      p_reasons: rows.map((row) => row.reason),
      p_secret_ids: rows.map((row) => row.secretId),
      p_limit: String(options.maxWaiting),
    });
  }

  function settle(waiting: Waiting, answer: [number | null, string] | undefined): void {
    const [id, outcome] = answer ?? [null, 'unknown'];
    if (id !== null && (outcome === 'stored' || outcome === 'duplicate')) waiting.done({ outcome, id });
    else waiting.done(outcome === 'full' ? { outcome } : { outcome: 'unknown' });
    if (outcome === 'stored' && waiting.row.state === 'waiting') options.onStored(waiting.row.sourceId);
  }

  /** Tries until the last sender of the batch has given up: a repeat that was stored already is a duplicate. */
  async function commit(batch: readonly Waiting[]): Promise<void> {
    let open = batch;
    while (open.length > 0) {
      try {
        const answers = await send(open.map(({ row }) => row));
        for (const [index, waiting] of open.entries()) settle(waiting, answers[index]);
        return;
      } catch (error) {
        const cause =
          error instanceof AppError ? error : new AppError('storage-unavailable', { cause: error });
        // One row that the database will never take must not hold up the others.
        if (!cause.retryable && open.length > 1) {
          for (const waiting of open) await commit([waiting]);
          return;
        }
        const isOver = (waiting: Waiting) => !cause.retryable || waiting.until <= now() + RETRY_MS;
        for (const waiting of open)
          if (isOver(waiting)) waiting.fail(new AppError('storage-unavailable', { cause }));
        open = open.filter((waiting) => !isOver(waiting));
        if (open.length > 0) await options.wait(RETRY_MS);
      }
    }
  }

  async function run(): Promise<void> {
    isRunning = true;
    // What else arrives in this turn of the event loop goes with the first call.
    await new Promise<void>((done) => setImmediate(done));
    while (queue.length > 0) {
      const batch = takeBatch();
      await commit(batch);
      for (const { row } of batch) backlogBytes -= row.body.length;
    }
    isRunning = false;
  }

  return {
    put(row) {
      if (backlogBytes + row.body.length > MAX_BACKLOG_BYTES) return Promise.resolve({ outcome: 'full' });
      backlogBytes += row.body.length;
      return new Promise((done, fail) => {
        queue.push({ row, until: now() + GIVE_UP_MS, done, fail });
        if (!isRunning) void run();
      });
    },
  };
}
