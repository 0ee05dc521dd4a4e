// CPU time of a server per unit of work, in rounds: in each round every server does the same work, one after the other,
// and what counts is the median of the rounds' ratios, since the machine's speed changes with what else runs on it.
import { cpuMs } from './process.ts';
import type { RunningServer } from './servers.ts';

export type Measured = { readonly cpuMs: number; readonly units: number; readonly wallMs: number };

export async function measure(pid: number, units: number, work: () => Promise<void>): Promise<Measured> {
  const cpuBefore = cpuMs(pid);
  const start = performance.now();
  await work();
  return { cpuMs: cpuMs(pid) - cpuBefore, units, wallMs: performance.now() - start };
}

export const perUnit = ({ cpuMs, units }: Measured): number => (cpuMs * 1_000) / units;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  if (sorted.length % 2 === 1) return sorted[middle] ?? Number.NaN;
  return ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** What each server took per unit, round by round. */
export class Rounds {
  readonly #byServer = new Map<string, number[]>();

  add(server: RunningServer, value: number): void {
    this.#byServer.set(server.name, [...(this.#byServer.get(server.name) ?? []), value]);
  }

  of(name: string): number[] {
    return this.#byServer.get(name) ?? [];
  }

  median(name: string): number {
    return median(this.of(name));
  }

  /** Median of the ratios within each round. */
  ratio(name: string, to: string): number {
    const base = this.of(to);
    return median(this.of(name).map((value, round) => value / (base[round] ?? Number.NaN)));
  }
}

/** All servers in turn, `rounds` times; the first time, which is not counted, warms them up. */
export async function inRounds(
  servers: readonly RunningServer[],
  rounds: number,
  work: (server: RunningServer, isWarmUp: boolean) => Promise<Measured>,
): Promise<Rounds> {
  const result = new Rounds();
  for (let round = 0; round <= rounds; round++)
    for (const server of servers) {
      const measured = await work(server, round === 0);
      if (round > 0) result.add(server, perUnit(measured));
    }
  return result;
}
