// Whether the structs of an update can be taken in an order in which everything stands before what builds on it,
// as Yjs integrates them. Runs of several clients may build on each other in turns; in a circle they may not:
// that would stay pending in every document for ever.
import type { StructRun } from './scan-update.ts';

/** One thing that a run builds on in another run of the same update. */
interface CrossNeed {
  /** Clock of the struct that needs it. */
  readonly own: number;
  /** Clock that must be there in the other run. */
  readonly clock: number;
  readonly by: Progress;
  isMet: boolean;
}

interface Progress {
  readonly run: StructRun;
  /** What this run needs of others, in its own order, and how many of these are met. */
  readonly needs: CrossNeed[];
  met: number;
  /** What others need of this run, later sorted by clock, and how many of these were told. */
  readonly needed: CrossNeed[];
  told: number;
  /** The clocks below are in. */
  after: number;
}

/** Client → how many of its clocks are there. */
export type Clocks = ReadonlyMap<number, number>;

export const clockOf = (clocks: Clocks, client: number): number => clocks.get(client) ?? 0;

/**
 * @param clocks what is there already
 * @returns false when something is missing or the order does not exist. Linear in the runs and what they need.
 */
export function canSettle(runs: readonly StructRun[], clocks: Clocks): boolean {
  const [only] = runs;
  if (runs.length === 1 && only !== undefined) return settlesAlone(only, clocks);
  const progress = new Map<number, Progress>();
  for (const run of runs) {
    if (run.start > clockOf(clocks, run.client)) return false;
    progress.set(run.client, { run, needs: [], met: 0, needed: [], told: 0, after: -1 });
  }
  let isCrossed = false;
  for (const by of progress.values()) {
    const { needs, client: ownClient } = by.run;
    for (let index = 0; index < needs.length; index += 3) {
      const own = needs[index] as number;
      const client = needs[index + 1] as number;
      const clock = needs[index + 2] as number;
      if (client === ownClient ? clock < own : clock < clockOf(clocks, client)) continue;
      const other = progress.get(client);
      if (client === ownClient || other === undefined || clock >= other.run.end) return false;
      const need: CrossNeed = { own, clock, by, isMet: false };
      by.needs.push(need);
      other.needed.push(need);
      isCrossed = true;
    }
  }
  return !isCrossed || settleInTurns([...progress.values()]);
}

/** Of one client, as nearly every update: no order to find, and nothing to allocate. */
export function settlesAlone({ client, start, needs }: StructRun, clocks: Clocks): boolean {
  if (start > clockOf(clocks, client)) return false;
  for (let index = 0; index < needs.length; index += 3) {
    const needed = needs[index + 1] as number;
    const limit = needed === client ? (needs[index] as number) : clockOf(clocks, needed);
    if ((needs[index + 2] as number) >= limit) return false;
  }
  return true;
}

function settleInTurns(all: readonly Progress[]): boolean {
  for (const { needed } of all) needed.sort((a, b) => a.clock - b.clock);
  const queue = [...all];
  for (let run = queue.pop(); run !== undefined; run = queue.pop()) {
    while (run.needs[run.met]?.isMet === true) run.met += 1;
    run.after = run.needs[run.met]?.own ?? run.run.end;
    for (
      let need = run.needed[run.told];
      need !== undefined && need.clock < run.after;
      need = run.needed[run.told]
    ) {
      need.isMet = true;
      run.told += 1;
      if (need.by.needs[need.by.met] === need) queue.push(need.by);
    }
  }
  return all.every(({ run, after }) => after === run.end);
}
