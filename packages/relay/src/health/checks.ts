// The checks of this installation: what each asks, over the parts that know.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Reading } from './check-state.ts';
import type { ErrorRate } from './error-rate.ts';
import type { HealthStore } from './health-store.ts';
import { judgeSource } from './judge-source.ts';
import { judgeDisk, judgeErrors, judgeEventLoop, judgeQueues, judgeSync } from './judge-system.ts';
import type { Check, CheckGroup } from './monitor.ts';
import { readFreeBytes } from './probes.ts';
import { type SystemCheckKey, WORDS, type Words } from './words.ts';

/** Rejects when what it asks is away. */
export type Probe = (signal: AbortSignal) => Promise<void>;

export interface CheckDeps {
  readonly store: HealthStore;
  readonly now: () => number;
  readonly errors: ErrorRate;
  /** Updates that wait in memory to be stored. */
  readonly backlog: () => {
    readonly rows: number;
    readonly bytes: number;
    readonly limitBytes: number;
    readonly oldestMs: number;
  };
  readonly inboxLimit: number;
  /** When this relay last stored an update. */
  readonly lastStoredAt: () => number | undefined;
  /** Undefined where there is none: the check is then off. */
  readonly realtime: Probe | undefined;
  readonly endpoint: Probe;
  readonly external: ReadonlyMap<string, Probe>;
  readonly smtp: Probe | undefined;
  readonly redis: Probe | undefined;
  /** Folder of the embedded database. */
  readonly dataDir: string | undefined;
}

export interface Checks {
  readonly checks: readonly Check[];
  readonly groups: readonly CheckGroup[];
  close(): void;
}

/** A write that takes this long is felt. */
const SLOW_WRITE_MS = 2_000;
export const SOURCE_PREFIX = 'source:';

export function createChecks(deps: CheckDeps): Checks {
  const { store, now, backlog } = deps;
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  let lastSyncAt: number | undefined;
  let inboxWaiting = 0;
  const checks: Check[] = [];

  function add(key: SystemCheckKey, away: Words, run: Check['run']): void {
    checks.push({ key, run, fault: { state: 'failing', ...away } });
  }
  /** `bad` when it does not answer; off where it does not exist. */
  function addProbe(key: SystemCheckKey, probe: Probe | undefined, off: Words, away: Words): void {
    add(key, away, async (signal): Promise<Reading> => {
      if (probe === undefined) return { state: 'off', ...said(off) };
      await probe(signal);
      return { state: 'ok' };
    });
  }

  add('database', deps.dataDir === undefined ? WORDS.databaseAway : WORDS.databaseAwayHere, async () => {
    const startedAt = now();
    lastSyncAt = await store.beat(deps.lastStoredAt());
    const latencyMs = now() - startedAt;
    return latencyMs > SLOW_WRITE_MS
      ? { state: 'degraded', ...WORDS.databaseSlow, latencyMs }
      : { state: 'ok', latencyMs };
  });
  addProbe('supabaseRealtime', deps.realtime, WORDS.realtimeOff, WORDS.realtimeAway);
  add('webhookEndpoint', WORDS.endpointAway, async (signal) => {
    await deps.endpoint(signal);
    return inboxWaiting >= deps.inboxLimit ? { state: 'failing', ...WORDS.endpointFull } : { state: 'ok' };
  });
  add('externalAPIs', WORDS.externalAway, (signal) => askAll(deps.external, signal));
  addProbe('smtp', deps.smtp, WORDS.smtpOff, WORDS.smtpAway);
  addProbe('redis', deps.redis, WORDS.redisOff, WORDS.redisAway);
  add('queues', WORDS.queueStuck, async () => {
    const { rows, bytes, limitBytes, oldestMs } = backlog();
    const inDatabase = await store.queues();
    inboxWaiting = inDatabase.inboxWaiting;
    return judgeQueues({
      backlogRows: rows,
      backlogBytes: bytes,
      backlogLimitBytes: limitBytes,
      oldestUnstoredMs: oldestMs,
      inboxLimit: deps.inboxLimit,
      ...inDatabase,
    });
  });
  add('eventLoop', WORDS.loadHigh, async () => readDelay(delay));
  const { dataDir } = deps;
  if (dataDir !== undefined)
    checks.push({
      key: 'disk',
      run: async () => judgeDisk(await readFreeBytes(dataDir)),
      fault: judgeDisk(undefined),
    });
  add('errorRate', WORDS.errorsMany, async () => judgeErrors(deps.errors));
  add('lastSyncTime', WORDS.syncWaiting, async () => {
    const own = deps.lastStoredAt();
    const newest = Math.max(own ?? 0, lastSyncAt ?? 0);
    return judgeSync({ lastSyncAt: newest === 0 ? undefined : newest, oldestUnstoredMs: backlog().oldestMs });
  });

  return {
    checks,
    groups: [{ prefix: SOURCE_PREFIX, run: () => readSources(store, now) }],
    close: () => void delay.disable(),
  };
}

/** Words of a check that is off: without a fix there is nothing to do. */
function said({ cause, fix }: Words): Pick<Reading, 'cause' | 'fix'> {
  return fix === '' ? { cause } : { cause, fix };
}

function readDelay(delay: ReturnType<typeof monitorEventLoopDelay>): Reading {
  const nanosecondsPerMs = 1e6;
  const reading = judgeEventLoop(
    Math.round(delay.percentile(99) / nanosecondsPerMs),
    Math.round(delay.max / nanosecondsPerMs),
  );
  delay.reset();
  return reading;
}

async function askAll(probes: ReadonlyMap<string, Probe>, signal: AbortSignal): Promise<Reading> {
  if (probes.size === 0) return { state: 'off', ...said(WORDS.externalNone) };
  const answers = await Promise.all(
    [...probes].map(async ([name, probe]) => {
      const answers = await probe(signal).then(
        () => true,
        () => false,
      );
      return [name, answers ? 'ok' : 'failing'] as const;
    }),
  );
  const data = Object.fromEntries(answers);
  const away = answers.flatMap(([name, state]) => (state === 'failing' ? [name] : []));
  if (away.length === 0) return { state: 'ok', data };
  const { cause, fix } = WORDS.externalAway;
  return { state: 'failing', cause: `${cause} (${away.join(', ')})`, fix, data };
}

async function readSources(store: HealthStore, now: () => number): Promise<ReadonlyMap<string, Reading>> {
  const sources = await store.sources();
  return new Map(
    sources.map((facts) => {
      const { id, listId, name } = facts;
      const reading = judgeSource(facts, now());
      return [`${SOURCE_PREFIX}${id}`, { ...reading, data: { sourceId: id, listId, name } }];
    }),
  );
}
