// Seeded schedules of edits, lost lines, a slow and failing store and killed relays over the real rooms.
// `SIMULATION_RUNS=500` runs more of them, `WEDSYNC_SEED` others; a failing seed is named below.
import { describe, expect, it } from 'vitest';
import { POISON_KINDS } from './poison.ts';
import { runWorld } from './world.ts';

const RUNS = Number(process.env.SIMULATION_RUNS ?? 12);
const SEED = Number(process.env.WEDSYNC_SEED ?? 20_261_122);

describe('simulation', () => {
  it(`RELAY-1 RELAY-2 RELAY-5 RELAY-8 SCALE-1 ${RUNS} schedules lose no receipted edit and end with everybody equal`, {
    timeout: 60_000 + RUNS * 10_000,
  }, async () => {
    const totals = new Map<string, number>();
    const refused = new Map<string, number>();
    for (let run = 0; run < RUNS; run += 1) {
      const seed = SEED + run;
      const relays = 1 + (run % 2);
      try {
        const result = await runWorld({ seed, steps: 540, devices: 2 + (run % 4), relays });
        for (const [what, count] of Object.entries(result.counts))
          totals.set(what, (totals.get(what) ?? 0) + count);
        for (const [kind, count] of result.refused) refused.set(kind, (refused.get(kind) ?? 0) + count);
      } catch (error) {
        throw new Error(`seed ${seed}, ${relays} relays`, { cause: error });
      }
    }
    // Schedules in which nothing goes wrong show nothing; in a few of them not everything does.
    if (RUNS < 12) return;
    for (const [what, count] of totals) expect(count, what).toBeGreaterThan(0);
    expect([...refused.keys()].sort()).toEqual([...POISON_KINDS, 'viewer'].sort());
  });

  it(`DOC-R20 DOC-10 ${RUNS} schedules in which the list is rebuilt under new lineages lose nothing either`, {
    timeout: 60_000 + RUNS * 10_000,
  }, async () => {
    let generations = 0;
    for (let run = 0; run < RUNS; run += 1) {
      const seed = SEED + run;
      const relays = 1 + (run % 2);
      const plan = { seed, steps: 540, devices: 2 + (run % 4), relays, withGenerations: true };
      const result = await runWorld(plan).catch((cause: unknown) => {
        throw new Error(`seed ${seed}, ${relays} relays, with generations`, { cause });
      });
      generations += result.generations;
    }
    expect(generations).toBeGreaterThan(RUNS / 2);
  });

  // Each fails when what was mended for it is taken back. Changes of the simulation move the seeds: find them again.
  it.each([
    [
      'another relay trimmed rows that this one had not read',
      { seed: 20_261_123, steps: 540, devices: 3, relays: 2 },
    ],
    ['a long tail behind a hole', { seed: 20_261_283, steps: 540, devices: 3, relays: 2 }],
    [
      'a row known in part from what is not stored yet',
      { seed: 20_261_369, steps: 540, devices: 5, relays: 2 },
    ],
  ])('RELAY-8 %s', async (_what, options) => {
    await runWorld(options);
  });

  it('the same seed is the same schedule', async () => {
    const options = { seed: SEED, steps: 300, devices: 3, relays: 2 };
    const first = await runWorld(options);
    expect((await runWorld(options)).digest).toBe(first.digest);
  });
});
