// What a bench case is. A case measures this project and what it is compared with in the same run, on the same data,
// and reports ratios: they hold on slow and busy machines, where times do not.

export type BenchOptions = {
  /** Small and few: does it run at all. Targets are shown, but small inputs do not prove them. */
  readonly isQuick: boolean;
  /** All sizes, which takes minutes. */
  readonly isFull: boolean;
  /** Only what shows this promise; all when undefined. A case that measures everything at once may ignore it. */
  readonly promise: string | undefined;
  /** Tells whoever waits what is being measured. */
  readonly say: (text: string) => void;
};

export type BenchRow = {
  readonly label: string;
  /** What was measured, in `unit`: mostly how many times the compared one ("×"). */
  readonly ratio: number;
  /** None: shown for information. */
  readonly target?: number;
  /** Whether the target is an upper bound; else a lower one. */
  readonly isAtMost: boolean;
  readonly unit: string;
  /** Absolute figures behind the ratio. */
  readonly detail?: string;
};

export type BenchCase = {
  readonly name: string;
  /** Promises of docs/promises.md that the case shows. */
  readonly promises: readonly string[];
  run(options: BenchOptions): Promise<readonly BenchRow[]>;
};

/** A figure that is no number is a miss: nothing was measured. */
export function isMet(row: BenchRow): boolean {
  if (row.target === undefined) return true;
  return row.isAtMost ? row.ratio <= row.target : row.ratio >= row.target;
}
