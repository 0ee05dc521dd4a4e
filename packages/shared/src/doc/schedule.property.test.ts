// The semantics of the document under seeded schedules of peers: long ones, many short ones in a single shard, and the
// proof that the schedules notice when a rule is broken. WEDSYNC_SCHEDULES multiplies, WEDSYNC_SEED moves the start.
import { describe, expect, it } from 'vitest';
import { idsOfOneShard, runSchedule, type Schedule } from '../testing/schedule.ts';
import { createChange, removeChange, restoreChange, setChange } from './change.ts';
import { type Entry, isBase, isTomb, scopeOf, stampKey, supOf } from './entry.ts';
import { viewOf } from './live.ts';
import type { ChangeFunctions } from './writer.ts';

const times = Number(process.env.WEDSYNC_SCHEDULES ?? 1);
const firstSeed = Number(process.env.WEDSYNC_SEED ?? 1);

const long: Schedule = {
  peers: 4,
  steps: 250,
  isRebuiltAtEachStep: true,
  ids: ['anna', 'bela', 'chris'],
  fields: ['venue', 'status', 'price'],
};
const short: Schedule = {
  peers: 4,
  steps: 14,
  isRebuiltAtEachStep: false,
  ids: idsOfOneShard(2),
  fields: ['a', 'b'],
};

/** What is known of others is often only a part: where superseding without inheritance loses or revives values. */
const scattered: Schedule = { ...short, steps: 40, isScattered: true };

function failureOf(seed: number, plan: Schedule): string | undefined {
  try {
    runSchedule(seed, plan);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function runSeeds(count: number, plan: Schedule): void {
  for (let seed = firstSeed; seed < firstSeed + count; seed++) {
    const failure = failureOf(seed, plan);
    if (failure !== undefined) throw new Error(`schedule with seed ${seed} failed: ${failure}`);
  }
}

describe('DOC-1 DOC-2 DOC-3 DOC-4 DOC-6 DOC-7 DOC-R4 DOC-R5 DOC-R7 DOC-R11 DOC-R12: schedules of peers', () => {
  it('long: all peers show the same, the live set is what nobody overwrote, the index equals a rebuilt one', () => {
    runSeeds(8 * times, long);
  });

  it('many short ones in a single shard, where partial views of others are common', () => {
    runSeeds(800 * times, short);
  });

  it('scattered ones, heard of in any order', () => {
    runSeeds(150 * times, scattered);
  });
});

const right: ChangeFunctions = { createChange, setChange, removeChange, restoreChange };

/** Registers name only the bases that are overwritten here and now. */
const noInheritance: ChangeFunctions = {
  ...right,
  setChange: (id, entries, options) => {
    const change = setChange(id, entries, options);
    const bases = new Set(entries.filter(isBase).map((base) => stampKey(base[2], base[3])));
    const append = change.append.map((entry) => {
      if (typeof entry[1] !== 'string') return entry;
      const own = supOf(entry as never).filter(({ hlc, actor }) => bases.has(stampKey(hlc, actor)));
      return [...entry.slice(0, 5), ...own.flatMap(({ hlc, actor }) => [hlc, actor])] as unknown as Entry;
    });
    return { ...change, append };
  },
};

/** A tomb supersedes its stamps for the whole record. */
const recordWideTombs: ChangeFunctions = {
  ...right,
  removeChange: (id, entries, options) => {
    const change = removeChange(id, entries, options);
    const append = change.append.map((entry) => {
      if (!isTomb(entry)) return entry;
      const tail = scopeOf(entry).flatMap(({ stamp }) =>
        short.fields.flatMap((field) => [field, stamp.hlc, stamp.actor]),
      );
      return [...entry.slice(0, 5), ...tail] as unknown as Entry;
    });
    return { ...change, append };
  },
};

const deletesNothing: ChangeFunctions = {
  ...right,
  setChange: (id, entries, options) => ({ ...setChange(id, entries, options), remove: [] }),
  removeChange: (id, entries, options) => ({ ...removeChange(id, entries, options), remove: [] }),
};

const oldestWins: typeof viewOf = (id, entries) => {
  const view = viewOf(id, entries);
  const [values, stamps] = [{ ...view.values }, { ...view.stamps }];
  for (const [field, live] of Object.entries(view.conflicts)) {
    const last = live.at(-1);
    if (last === undefined) continue;
    values[field] = last.value;
    stamps[field] = last;
  }
  return { ...view, values, stamps };
};

describe('DOC-1: the schedules notice a broken rule', () => {
  /** The seed from which each is looked for: the rare ones start where they were once found. */
  const mutants: readonly [string, Partial<Schedule>, number][] = [
    ['the writer deletes nothing', { changes: deletesNothing }, 1],
    ['the oldest wins', { view: oldestWins }, 1],
    [
      'a register does not inherit what its predecessors superseded (DOC-R7)',
      { changes: noInheritance },
      10_643,
    ],
    ['a tomb supersedes for the whole record (DOC-R11)', { changes: recordWideTombs }, 1_100],
  ];
  for (const [name, broken, from] of mutants) {
    it(name, () => {
      let seed = from;
      while (seed < from + 3_000 && failureOf(seed, { ...scattered, ...broken }) === undefined) seed += 1;
      expect(failureOf(seed, { ...scattered, ...broken })).toMatch(/live values|latest stamp/);
      expect(failureOf(seed, scattered)).toBeUndefined();
    });
  }
});
