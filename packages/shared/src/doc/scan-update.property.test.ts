// The scanner against Y.decodeUpdate: of every update that it takes, whatever was done to its bytes, both read the same
// structs, deletions and entries. WEDSYNC_FUZZ multiplies the tries, WEDSYNC_SEED moves the start.
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { createRandom, type Random } from '../testing/random.ts';
import { isEntry, stampOf } from './entry.ts';
import { scanUpdate, type UpdateScan } from './scan-update.ts';

const tries = 6_000 * Number(process.env.WEDSYNC_FUZZ ?? 1);
const firstSeed = Number(process.env.WEDSYNC_SEED ?? 1);

function entryOf(random: Random): unknown[] {
  const stamp = [Math.floor(random.next() * 2 ** 52), random.int(2 ** 31)];
  const value = random.pick<unknown>([
    null,
    true,
    -7,
    0.5,
    2 ** 40,
    'Säle',
    '',
    '💍',
    '\uFEFF',
    '\uFEFFSäle',
  ]);
  switch (random.int(4)) {
    case 0:
      return ['r1', { venue: value, price: '1 EUR' }, ...stamp];
    case 1:
      return ['r1', 'venue', value, ...stamp, ...(random.chance(0.5) ? stamp : [])];
    case 2:
      return ['r1', 0, random.pick<unknown>([null, false, { venue: value }]), ...stamp, 'venue', ...stamp];
    default:
      return ['r1', 9, [value], ...stamp];
  }
}

/** Updates of two devices that edit one list, single, merged (with skips) and whole. */
function makeCorpus(random: Random): Uint8Array[] {
  const updates: Uint8Array[] = [];
  const docs = [1, 2].map((device) => {
    const doc = new Y.Doc({ gc: random.chance(0.5) });
    doc.clientID = device * random.int(2 ** 31) + 1;
    doc.on('update', (update: Uint8Array) => updates.push(update));
    return doc;
  });
  for (let step = 3 + random.int(10); step > 0; step -= 1) {
    const doc = random.pick(docs);
    const shard = doc.getArray(`s${random.int(3)}`);
    const action = random.next();
    if (action < 0.3) for (const other of docs) Y.applyUpdate(doc, Y.encodeStateAsUpdate(other));
    else if (action < 0.5 && shard.length > 0) shard.delete(random.int(shard.length));
    else shard.push(Array.from({ length: 1 + random.int(2) }, () => entryOf(random)));
  }
  const some = updates.filter(() => random.chance(0.6));
  if (some.length > 1) updates.push(Y.mergeUpdates(some));
  return [...updates, Y.encodeStateAsUpdate(random.pick(docs))];
}

/** Flips, cuts, repeats and joins: most of it is refused, what is not must be understood. */
function damage(random: Random, bytes: Uint8Array, other: Uint8Array): Uint8Array {
  let damaged = Uint8Array.from(bytes);
  switch (random.int(5)) {
    case 0:
      damaged = damaged.slice(0, random.int(damaged.length));
      break;
    case 1:
      damaged = Uint8Array.from([
        ...damaged.slice(0, random.int(damaged.length)),
        ...other.slice(random.int(other.length)),
      ]);
      break;
    case 2: {
      const at = random.int(damaged.length);
      damaged = Uint8Array.from([...damaged.slice(0, at), random.int(256), ...damaged.slice(at)]);
      break;
    }
    default:
      for (let flips = 1 + random.int(3); flips > 0; flips -= 1)
        damaged[random.int(damaged.length)] = random.int(256);
  }
  return damaged;
}

type Reading = { runs: unknown[]; deletes: string[]; entries: number; highestHlc: number };

function readingOf({ runs, deletes, entries, highestHlc }: UpdateScan): Reading {
  const ranges: string[] = [];
  for (let at = 0; at < deletes.length; at += 3) ranges.push(deletes.slice(at, at + 3).join(':'));
  return {
    runs: runs.map(({ client, start, end, isCut }) => ({ client, start, end, isCut })),
    deletes: ranges,
    entries,
    highestHlc,
  };
}

/** The same from what Yjs decodes. */
function yjsReadingOf(update: Uint8Array): Reading {
  const { structs, ds } = Y.decodeUpdate(update);
  const runs = new Map<number, { client: number; start: number; end: number; isCut: boolean }>();
  const hlcs: number[] = [0];
  let entries = 0;
  for (const struct of structs) {
    const { client, clock } = struct.id;
    const end = clock + struct.length;
    const run = runs.get(client) ?? { client, start: clock, end, isCut: false };
    const isSkip = struct instanceof Y.Skip;
    runs.set(client, { client, start: isSkip ? end : run.start, end, isCut: run.isCut || isSkip });
    if (!(struct instanceof Y.Item) || !(struct.content instanceof Y.ContentAny)) continue;
    for (const element of struct.content.arr) {
      if (!Array.isArray(element)) continue;
      entries += 1;
      if (isEntry(element)) hlcs.push(stampOf(element).hlc);
    }
  }
  const deletes = [...ds.clients].flatMap(([client, ranges]) =>
    ranges.map(({ clock, len }) => `${client}:${clock}:${len}`),
  );
  return { runs: [...runs.values()], deletes, entries, highestHlc: Math.max(...hlcs) };
}

describe('scanUpdate', () => {
  it('RELAY-5 SEC-6 reads in each update that Yjs wrote what Yjs reads in it', () => {
    for (let seed = firstSeed; seed < firstSeed + tries / 20; seed += 1) {
      for (const update of makeCorpus(createRandom(seed))) {
        const result = scanUpdate(update, 'list');
        const reading = result.ok ? readingOf(result.scan) : result;
        // Of shapes that only a newer app knows the scanner may find a number where a stamp would stand.
        const expected = yjsReadingOf(update);
        expect({ ...reading, highestHlc: 0 }, `seed ${seed}`).toEqual({ ...expected, highestHlc: 0 });
        expect(result.ok && result.scan.highestHlc, `seed ${seed}`).toBeGreaterThanOrEqual(
          expected.highestHlc,
        );
      }
    }
  });

  it('RELAY-5 SEC-6 reads damaged bytes as Yjs does, or refuses them; it never throws', () => {
    let taken = 0;
    for (let seed = firstSeed; seed < firstSeed + tries / 10; seed += 1) {
      const random = createRandom(seed);
      const corpus = makeCorpus(random);
      for (let round = 0; round < 10; round += 1) {
        const bytes = damage(random, random.pick(corpus), random.pick(corpus));
        const result = scanUpdate(bytes, random.pick(['list', 'free']));
        if (!result.ok) continue;
        taken += 1;
        const { runs, deletes } = yjsReadingOf(bytes);
        const reading = readingOf(result.scan);
        expect({ runs: reading.runs, deletes: reading.deletes }, `seed ${seed}`).toEqual({ runs, deletes });
      }
    }
    expect(taken).toBeGreaterThan(tries / 20);
  });
});
