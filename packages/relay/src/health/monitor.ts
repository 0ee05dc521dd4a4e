// Runs the checks every interval, each with a time limit, and keeps what is known of each. A reading that differs
// from what is known is repeated soon, so that a fault counts within one interval and one repeat.
import { type CheckStatus, newStatus, type Reading, stepCheck } from './check-state.ts';

/** One thing that is looked at. */
export interface Check {
  readonly key: string;
  run(signal: AbortSignal): Promise<Reading>;
  /** What counts when it takes too long or throws. */
  readonly fault: Reading;
}

/** Several of one kind that come and go, read in one call: the sources. */
export interface CheckGroup {
  /** Keys begin with it. Those that are not answered any more are forgotten. */
  readonly prefix: string;
  run(signal: AbortSignal): Promise<ReadonlyMap<string, Reading>>;
}

export interface Transition {
  readonly key: string;
  readonly from: CheckStatus;
  readonly to: CheckStatus;
}

export interface MonitorOptions {
  readonly checks: readonly Check[];
  readonly groups: readonly CheckGroup[];
  readonly intervalMs: number;
  readonly now: () => number;
  /** Calls back once after `ms` unless cancelled by the function that comes back. */
  readonly schedule: (ms: number, callback: () => void) => () => void;
  /** A check is in another state, or is new. */
  readonly onChange: (transition: Transition) => void;
  /** After every full round. */
  readonly onRound: () => void;
  /** A group that could not be read. */
  readonly onError: (error: unknown) => void;
}

export interface Monitor {
  status(key: string): CheckStatus | undefined;
  /** Whether there is no such check any more; false while nobody has looked. */
  isGone(key: string): boolean;
  all(): ReadonlyMap<string, CheckStatus>;
  /** The newest reading of a check, before hysteresis. */
  newest(key: string): Reading | undefined;
  nextCheckAt(): number;
  /** Looks at a group again in a moment: something was heard. */
  hear(prefix: string): void;
  /** Resolves when the checks that run have ended. */
  close(): Promise<void>;
}

/** A check that has not answered by then has failed; with the repeat that is inside the minute of HEALTH-1. */
const CHECK_LIMIT_MS = 8_000;
const REPEAT_MS = 5_000;
/** What is heard of is first written down by others, half a second later. */
const HEAR_MS = 1_000;

export function createMonitor(options: MonitorOptions): Monitor {
  const { now, schedule } = options;
  const statuses = new Map<string, CheckStatus>();
  const readings = new Map<string, Reading>();
  const readGroups = new Set<string>();
  const running = new Map<string, AbortController>();
  const cancels = new Map<string, () => void>();
  const work = new Set<Promise<void>>();
  let isClosed = false;
  let nextAt = now();

  for (const { key } of options.checks) statuses.set(key, newStatus(now()));

  function later(name: string, ms: number, callback: () => void): void {
    if (isClosed || cancels.has(name)) return;
    cancels.set(
      name,
      schedule(ms, () => {
        cancels.delete(name);
        callback();
      }),
    );
  }

  function take(key: string, reading: Reading): CheckStatus {
    const known = statuses.get(key);
    const from = known ?? newStatus(now());
    const to = stepCheck(from, reading, now());
    statuses.set(key, to);
    readings.set(key, reading);
    if ((to.state !== from.state || known === undefined) && !isClosed) options.onChange({ key, from, to });
    return to;
  }

  /** One run at a time for each; the limit holds also for a check that does not heed its signal. */
  async function limited<Result>(
    name: string,
    run: (signal: AbortSignal) => Promise<Result>,
  ): Promise<Result | 'busy'> {
    if (running.has(name)) return 'busy';
    const abort = new AbortController();
    running.set(name, abort);
    const late = new Promise<never>((_done, fail) => {
      abort.signal.addEventListener('abort', () => fail(new Error(`${name} was not answered in time`)));
    });
    const cancel = schedule(CHECK_LIMIT_MS, () => abort.abort());
    try {
      return await Promise.race([run(abort.signal), late]);
    } finally {
      cancel();
      running.delete(name);
    }
  }

  async function runCheck(check: Check): Promise<void> {
    const startedAt = now();
    const reading = await limited(check.key, (signal) => check.run(signal)).catch(() => check.fault);
    if (reading === 'busy' || isClosed) return;
    const latencyMs = reading.latencyMs ?? now() - startedAt;
    const isMeasured = reading.state !== 'off' && reading.state !== 'unknown';
    const { pending } = take(check.key, isMeasured ? { ...reading, latencyMs } : reading);
    if (pending !== undefined) later(check.key, REPEAT_MS, () => start(runCheck(check)));
  }

  async function runGroup(group: CheckGroup): Promise<void> {
    try {
      const found = await limited(group.prefix, (signal) => group.run(signal));
      if (found === 'busy') hear(group);
      if (found === 'busy' || isClosed) return;
      readGroups.add(group.prefix);
      for (const [key, reading] of found) take(key, reading);
      for (const key of [...statuses.keys()])
        if (key.startsWith(group.prefix) && !found.has(key)) statuses.delete(key);
    } catch (error) {
      // The database check says what is wrong; what was known of these stays.
      options.onError(error);
    }
  }

  function hear(group: CheckGroup): void {
    later(`hear ${group.prefix}`, HEAR_MS, () => start(runGroup(group)));
  }

  function start(task: Promise<void>): void {
    work.add(task);
    void task.finally(() => work.delete(task));
  }

  async function round(): Promise<void> {
    await Promise.all([...options.checks.map(runCheck), ...options.groups.map(runGroup)]);
    if (!isClosed) options.onRound();
  }

  function tick(): void {
    nextAt = now() + options.intervalMs;
    start(round());
    later('round', options.intervalMs, tick);
  }
  tick();

  return {
    status: (key) => statuses.get(key),
    isGone(key) {
      const group = options.groups.find(({ prefix }) => key.startsWith(prefix));
      return !statuses.has(key) && (group === undefined || readGroups.has(group.prefix));
    },
    all: () => statuses,
    newest: (key) => readings.get(key),
    nextCheckAt: () => nextAt,
    hear(prefix) {
      const group = options.groups.find((one) => one.prefix === prefix);
      if (group !== undefined) hear(group);
    },
    async close() {
      isClosed = true;
      for (const cancel of cancels.values()) cancel();
      cancels.clear();
      for (const abort of running.values()) abort.abort();
      await Promise.all(work);
    },
  };
}
