// What is known of one check, and how a new reading changes it. Pure: the clock comes with the reading.
//
//   unknown ──► ok ◄──► degraded ◄──► failing     worse or better counts when two readings in a row say so
//   any ──► paused, off, unknown                  at once: nothing was measured

/** `off`: does not apply to this installation. `unknown`: nothing measured yet, or nothing has happened yet. */
export const CHECK_STATES = ['ok', 'degraded', 'failing', 'unknown', 'paused', 'off'] as const;
export type CheckStateName = (typeof CHECK_STATES)[number];

/** What one run of a check found. */
export interface Reading {
  readonly state: CheckStateName;
  /** Why, in plain words; for people. */
  readonly cause?: string;
  /** What to do about it. */
  readonly fix?: string;
  readonly latencyMs?: number;
  /** Evidence, not a sample: counts at once, without a second reading. */
  readonly isCertain?: boolean;
  /** When it last worked, where that is not the time of the reading. */
  readonly successAt?: number;
  /** Numbers of this check alone. */
  readonly data?: Readonly<Record<string, unknown>>;
}

export interface CheckStatus {
  readonly state: CheckStateName;
  /** In this state since, ms since 1970. */
  readonly since: number;
  readonly lastSuccessAt?: number;
  readonly lastCheckAt?: number;
  readonly latencyMs?: number;
  readonly cause?: string;
  readonly fix?: string;
  readonly data?: Readonly<Record<string, unknown>>;
  /** Another state was read once; the next reading decides. */
  readonly pending?: CheckStateName;
}

const MEASURED: readonly CheckStateName[] = ['ok', 'degraded', 'failing'];
const rank = (state: CheckStateName): number => MEASURED.indexOf(state);

/** Nothing measured yet. */
export function newStatus(now: number): CheckStatus {
  return { state: 'unknown', since: now };
}

/** Whether a reading needs a second one to count. */
function needsSecond(status: CheckStatus, reading: Reading): boolean {
  if (reading.state === status.state || reading.isCertain === true) return false;
  if (rank(reading.state) < 0) return false;
  // The first good reading ends not knowing.
  if (rank(status.state) < 0) return reading.state !== 'ok';
  return true;
}

/** Two readings agree on leaving a state when both lie on the same side of it; the milder of them counts. */
function agreed(status: CheckStatus, reading: Reading): CheckStateName | undefined {
  const { pending, state } = status;
  if (pending === undefined) return undefined;
  const from = rank(state);
  const side = (name: CheckStateName) => Math.sign(rank(name) - from);
  if (side(pending) !== side(reading.state)) return undefined;
  return MEASURED[side(pending) > 0 ? Math.min(rank(pending), rank(reading.state)) : rank(reading.state)];
}

/** The status after a reading at `now`. */
export function stepCheck(status: CheckStatus, reading: Reading, now: number): CheckStatus {
  const isSecondNeeded = needsSecond(status, reading);
  const settled = isSecondNeeded ? agreed(status, reading) : reading.state;
  const state = settled ?? status.state;
  const isHeld = settled === undefined;
  const said = isHeld ? status : reading;
  const successAt = reading.successAt ?? (reading.state === 'ok' ? now : status.lastSuccessAt);
  return {
    state,
    since: state === status.state ? status.since : now,
    lastCheckAt: now,
    ...(successAt === undefined ? {} : { lastSuccessAt: successAt }),
    ...(reading.latencyMs === undefined ? {} : { latencyMs: reading.latencyMs }),
    ...(said.cause === undefined ? {} : { cause: said.cause }),
    ...(said.fix === undefined ? {} : { fix: said.fix }),
    ...(reading.data === undefined ? {} : { data: reading.data }),
    ...(isHeld ? { pending: reading.state } : {}),
  };
}
