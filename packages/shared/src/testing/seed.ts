// One seed for property tests, so that a check that passes here passes everywhere. `PROPERTY_SEED=random` (or a
// number) and `PROPERTY_RUNS=20` (times the usual number) look further; a failing case prints its seed and path.

/** Settings for `fc.configureGlobal`, from the environment of the test run. */
export function propertySettings(env: Readonly<Record<string, string | undefined>>): { seed?: number } {
  const wanted = env.PROPERTY_SEED;
  if (wanted === 'random') return {};
  return { seed: wanted === undefined ? 20_261_122 : Number(wanted) };
}

/** A number of runs, times `PROPERTY_RUNS`. */
export function propertyRuns(env: Readonly<Record<string, string | undefined>>, runs: number): number {
  return runs * Math.max(1, Number(env.PROPERTY_RUNS ?? 1) || 1);
}
