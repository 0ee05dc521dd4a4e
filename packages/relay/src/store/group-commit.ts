// Group commit: one append call in flight for the whole relay. What arrives meanwhile, of all rooms, goes with
// the next call. No timer delays a write, so the wait for a receipt is one or two round trips to the database.
import type { AppendResult, AppendRow } from './append-row.ts';

export interface GroupCommitOptions {
  /** One call for rows of any documents, results in order of the rows. Rejects when nothing was decided. */
  readonly append: (rows: readonly AppendRow[]) => Promise<readonly AppendResult[]>;
  /** One call never carries more than this, unless a single row is larger. */
  readonly maxBatchRows: number;
  readonly maxBatchBytes: number;
  /** What may wait in memory while the database is away; see `hasRoomFor`. */
  readonly maxBacklogBytes: number;
  /** Resolves after `ms`, or at once when the commit is closed. */
  readonly wait: (ms: number) => Promise<void>;
  /** In [0, 1), for the jitter of retries. */
  readonly random: () => number;
  readonly now: () => number;
  readonly onHealth?: (health: CommitHealth) => void;
  /** A row was decided this long after it was queued. */
  readonly onDecided?: (result: AppendResult, waitedMs: number) => void;
}

export type CommitHealth =
  | { readonly state: 'ok' }
  /** The database did not take the last `attempts` calls; `since` is the first of them (ms since 1970). */
  | {
      readonly state: 'degraded';
      readonly since: number;
      readonly attempts: number;
      readonly error: unknown;
    };

export type OnDecided = (result: AppendResult) => void;

export interface GroupCommit {
  /**
   * Queues one row and calls back once it was decided: stored under a sequence, or refused for good by the
   * database. A database that cannot be reached is retried for ever, so this may take long. Rows of a document are
   * decided in the order in which they were queued. A callback and not a promise: it is on the path of every edit.
   */
  append(row: AppendRow, onDecided: OnDecided): void;
  /** Whether another `bytes` fit into the bound; asked before an update is relayed, and the answer obeyed. */
  hasRoomFor(bytes: number): boolean;
  /** What is queued or in flight. */
  readonly backlog: {
    readonly rows: number;
    readonly bytes: number;
    /** Since when the oldest of them waits; undefined when nothing does. */
    readonly oldestAt: number | undefined;
  };
  readonly health: CommitHealth;
  /** Resolves when nothing is queued or in flight any more. */
  idle(): Promise<void>;
}

/** Retries wait a random part of 100 ms, 200 ms, … up to this: quick after a restart, gentle in an outage. */
const MAX_RETRY_MS = 5_000;
const FIRST_RETRY_MS = 100;

interface Waiting {
  readonly row: AppendRow;
  readonly at: number;
  readonly onDecided: OnDecided;
}

/** The code of a failure that no retry will change; undefined for everything else. */
function permanentCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('retryable' in error) || error.retryable !== false) return undefined;
  return 'code' in error && typeof error.code === 'string' ? error.code : 'internal';
}

export function createGroupCommit(options: GroupCommitOptions): GroupCommit {
  const queue: Waiting[] = [];
  let inFlight: readonly Waiting[] = [];
  let idleWaiters: (() => void)[] = [];
  let rows = 0;
  let bytes = 0;
  let isRunning = false;
  let health: CommitHealth = { state: 'ok' };

  function setHealth(next: CommitHealth): void {
    const isNews = next.state !== health.state || next.state === 'degraded';
    health = next;
    if (isNews) options.onHealth?.(next);
  }

  function takeBatch(): Waiting[] {
    let size = 0;
    let count = 0;
    for (const { row } of queue) {
      if (count > 0 && (count === options.maxBatchRows || size + row.data.length > options.maxBatchBytes))
        break;
      size += row.data.length;
      count += 1;
    }
    return queue.splice(0, count);
  }

  function finish(waiting: Waiting, result: AppendResult): void {
    rows -= 1;
    bytes -= waiting.row.data.length;
    options.onDecided?.(result, options.now() - waiting.at);
    waiting.onDecided(result);
  }

  /**
   * Results in the order of the batch, or the code with which all of it is refused. It takes as long as the database
   * needs to decide; one that stored a batch and whose answer was lost stores it again.
   */
  async function decide(batch: readonly Waiting[]): Promise<readonly AppendResult[] | string> {
    for (let attempts = 1; ; attempts += 1) {
      try {
        const results = await options.append(batch.map(({ row }) => row));
        if (results.length !== batch.length) throw new Error('append answered another number of rows');
        setHealth({ state: 'ok' });
        return results;
      } catch (error) {
        const permanent = permanentCode(error);
        if (permanent !== undefined) return permanent;
        const since = health.state === 'degraded' ? health.since : options.now();
        setHealth({ state: 'degraded', since, attempts, error });
        const ceiling = Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attempts - 1, 10));
        await options.wait(options.random() * ceiling);
      }
    }
  }

  async function commit(batch: readonly Waiting[]): Promise<void> {
    const decided = await decide(batch);
    if (typeof decided !== 'string') {
      for (let index = 0; index < batch.length; index += 1)
        finish(batch[index] as Waiting, decided[index] as AppendResult);
      return;
    }
    const [only] = batch;
    if (batch.length === 1 && only !== undefined) finish(only, { ok: false, code: decided });
    // One row that the database will never take must not hold up the others of its batch.
    else for (const waiting of batch) await commit([waiting]);
  }

  async function run(): Promise<void> {
    isRunning = true;
    // The rest of this event-loop turn joins the first batch, so that a burst over many sockets is one call.
    await new Promise<void>((done) => setImmediate(done));
    while (queue.length > 0) {
      inFlight = takeBatch();
      await commit(inFlight);
    }
    inFlight = [];
    isRunning = false;
    const waiters = idleWaiters;
    idleWaiters = [];
    for (const done of waiters) done();
  }

  return {
    append(row, onDecided) {
      rows += 1;
      bytes += row.data.length;
      queue.push({ row, at: options.now(), onDecided });
      if (!isRunning) void run();
    },
    hasRoomFor: (more) => bytes + more <= options.maxBacklogBytes,
    get backlog() {
      return { rows, bytes, oldestAt: inFlight[0]?.at ?? queue[0]?.at };
    },
    get health() {
      return health;
    },
    idle: () => (rows === 0 ? Promise.resolve() : new Promise((done) => idleWaiters.push(done))),
  };
}
