// Times and memory. The sides of a comparison take turns, and of all rounds the fast ones count: what else runs on the
// machine can only add to a time.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** The value below which `share` (0 to 1) of all values lie. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
}

function timeOf(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

/** Shortest time of each piece of work in ms, taken in turns; the first round warms up. */
export function compareTimes<Name extends string>(
  rounds: number,
  works: Record<Name, () => unknown>,
): Record<Name, number> {
  const names = Object.keys(works) as Name[];
  const times = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      collectGarbage();
      const ms = timeOf(works[name]);
      if (round > 0) times.get(name)?.push(ms);
    }
  }
  return Object.fromEntries(names.map((name) => [name, Math.min(...(times.get(name) ?? []))])) as Record<
    Name,
    number
  >;
}

/** Time of one item of each side in µs: in batches, in turns, the lower quartile of the batches. */
export function compareItems(
  items: number,
  works: readonly [(item: number) => void, (item: number) => void],
): [number, number] {
  const batch = 50;
  const times: [number[], number[]] = [[], []];
  for (let from = 0; from < items; from += batch) {
    works.forEach((work, side) => {
      const start = performance.now();
      for (let item = from; item < from + batch; item++) work(item);
      if (from >= items / 5) times[side as 0 | 1].push(((performance.now() - start) / batch) * 1_000);
    });
  }
  return [quantile(times[0], 0.25), quantile(times[1], 0.25)];
}

/** Objects that something still waits for are only free after a turn of the event loop. */
async function settle(): Promise<void> {
  for (let round = 0; round < 3; round++) {
    collectGarbage();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Bytes of heap that stay for what `build` returns. What earlier cases left must be gone first, or it counts as less. */
export async function heapOf(build: () => unknown): Promise<number> {
  await settle();
  const before = process.memoryUsage();
  const kept = build();
  await settle();
  const after = process.memoryUsage();
  if (kept === undefined) throw new Error('nothing was built');
  const bytes = after.heapUsed - before.heapUsed + after.arrayBuffers - before.arrayBuffers;
  // Less than nothing is no measurement, and must not pass for a good one.
  return bytes > 0 ? bytes : Number.NaN;
}
