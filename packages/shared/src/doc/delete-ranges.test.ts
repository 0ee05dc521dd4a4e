import { expect, it, vi } from 'vitest';
import * as Y from 'yjs';
import { createRandom } from '../testing/random.ts';
import { createDeletedClocks, encodeDeletes } from './delete-ranges.ts';

/** Each clock of ranges, as text. */
function clocksOf(ranges: readonly number[]): string[] {
  const clocks: string[] = [];
  for (let at = 0; at < ranges.length; at += 3)
    for (let clock = 0; clock < (ranges[at + 2] as number); clock += 1)
      clocks.push(`${ranges[at]}:${(ranges[at + 1] as number) + clock}`);
  return clocks;
}

function rangesOf(update: Uint8Array): number[] {
  const { ds } = Y.decodeUpdate(update);
  return [...ds.clients].flatMap(([client, items]) =>
    items.flatMap(({ clock, len }) => [client, clock, len]),
  );
}

it('ranges in any order, over each other and twice, few and many, are what a set of clocks would be', () => {
  for (let seed = 1; seed <= 400; seed += 1) {
    const random = createRandom(seed);
    const deleted = createDeletedClocks();
    const expected = new Set<string>();
    for (let round = 0; round < 4; round += 1) {
      const ranges = Array.from({ length: 1 + random.int(random.pick([3, 40])) }, () => [
        1 + random.int(2),
        random.int(120),
        1 + random.int(random.pick([2, 2, 20])),
      ]).flat();
      const missing = clocksOf(deleted.missing(ranges));
      expect(new Set(missing).size, `seed ${seed}`).toBe(missing.length);
      expect(new Set(missing), `seed ${seed}`).toEqual(
        new Set(clocksOf(ranges).filter((clock) => !expected.has(clock))),
      );
      const encoded = Buffer.concat([Uint8Array.of(0), encodeDeletes(ranges)]);
      expect(new Set(clocksOf(rangesOf(encoded))), `seed ${seed}`).toEqual(new Set(clocksOf(ranges)));
      deleted.add(ranges);
      for (const clock of clocksOf(ranges)) expected.add(clock);
      const all = rangesOf(deleted.toUpdate());
      expect(clocksOf(all).sort(), `seed ${seed}`).toEqual([...expected].sort());
      for (let at = 3; at < all.length; at += 3)
        if (all[at] === all[at - 3])
          expect(all[at + 1], `seed ${seed}`).toBeGreaterThan(
            (all[at - 2] as number) + (all[at - 1] as number),
          );
    }
  }
});

it('RELAY-5 many ranges from the last to the first move nothing in the list, new or encoded', () => {
  const count = 20_000;
  const ranges = Array.from({ length: count }, (_, index) => [9, (count - index) * 2, 1]).flat();
  const deleted = createDeletedClocks();
  deleted.add([9, count * 4, 1, 9, count * 4 + 2, 1]);
  const splice = vi.spyOn(Array.prototype, 'splice');
  try {
    const missing = deleted.missing(ranges);
    encodeDeletes(missing);
    deleted.add(ranges);
    expect(missing).toHaveLength(3 * count);
    expect(splice).not.toHaveBeenCalled();
  } finally {
    splice.mockRestore();
  }
  expect(rangesOf(deleted.toUpdate())).toHaveLength(3 * (count + 2));
});

it('RELAY-5 ranges over each other are counted once: an answer is never longer than what was asked and what is', () => {
  const deleted = createDeletedClocks();
  deleted.add(Array.from({ length: 1_000 }, (_, index) => [9, index * 2, 1]).flat());
  const missing = deleted.missing(Array.from({ length: 500 }, () => [9, 0, 2_000]).flat());
  expect(missing).toHaveLength(3 * 1_000);
});
