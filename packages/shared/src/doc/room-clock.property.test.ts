// The scanner and the room clock against Yjs itself: whatever real documents write, in any order and mixture, and
// whatever noise is made of it, both must come to the same verdict.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { createRandom, type Random } from '../testing/random.ts';
import { type ClockVerdict, createRoomClock, type RoomClock } from './room-clock.ts';
import { scanUpdate, type UpdateScan } from './scan-update.ts';

/**
 * One edit. The first four kinds are all that lists and notes know; in maps, nested types and formats Yjs deletes
 * by itself what was overwritten, without saying so in an update.
 */
function edit(doc: Y.Doc, random: Random, isPlain: boolean): void {
  const list = doc.getArray<unknown>(`s${random.int(3)}`);
  const text = doc.getText('r1');
  const map = doc.getMap<unknown>('map');
  switch (random.int(isPlain ? 5 : 8)) {
    case 0:
      list.insert(random.int(list.length + 1), [
        [
          'r1',
          'venue',
          `${random.pick(['', '\uFEFF'])}Säle ${random.int(9)}`,
          random.int(9) * 2 ** 40,
          random.int(9),
        ],
      ]);
      break;
    case 1:
      list.push([['r1', { a: null, b: [true, 1.5, -7, -(2 ** 40)] }, 12, 1], 'text', new Uint8Array(3)]);
      break;
    case 2:
      if (list.length > 0) list.delete(random.int(list.length), 1);
      break;
    case 3:
      // No surrogate pairs: Yjs replaces a pair that an edit splits, which changes bytes without an update to see.
      text.insert(random.int(text.length + 1), random.pick(['néü!', '\uFEFFé', '\uFEFF']));
      break;
    case 4:
      if (text.length > 1) text.delete(random.int(text.length - 1), 1);
      break;
    case 5:
      map.set(
        `k${random.int(3)}`,
        random.int(2) === 0 ? random.int(9) : new Y.Map([['deep', new Y.Array()]]),
      );
      break;
    case 6:
      text.insert(random.int(text.length + 1), random.pick(['b', '\uFEFFb']), { bold: true });
      break;
    default:
      map.delete(`k${random.int(3)}`);
  }
}

/** Updates of some peers who now and then hear of each other, as they would send them: single, merged, full. */
function makeUpdates(random: Random, isPlain = false): Uint8Array[] {
  const updates: Uint8Array[] = [];
  const docs = Array.from({ length: 1 + random.int(3) }, (_, index) => {
    const doc = new Y.Doc({ gc: random.int(2) === 0 });
    doc.clientID = 1_000 * (index + 1) + random.int(900);
    doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== 'peer') updates.push(update);
    });
    return doc;
  });
  const pick = () => docs[random.int(docs.length)] as Y.Doc;
  for (let step = 4 + random.int(16); step > 0; step -= 1) {
    const [doc, other] = [pick(), pick()];
    if (random.int(4) === 0)
      Y.applyUpdate(doc, Y.encodeStateAsUpdate(other, Y.encodeStateVector(doc)), 'peer');
    else if (random.int(5) === 0)
      doc.transact(() => {
        for (const _ of [0, 1, 2]) edit(doc, random, isPlain);
      });
    else edit(doc, random, isPlain);
    if (random.int(6) === 0) updates.push(Y.encodeStateAsUpdate(doc));
    if (random.int(8) === 0 && updates.length > 2) {
      const from = random.int(updates.length - 1);
      updates.push(Y.mergeUpdates(updates.slice(from, from + 2 + random.int(3))));
    }
  }
  for (let swaps = random.int(updates.length); swaps > 0; swaps -= 1) {
    const [a, b] = [random.int(updates.length), random.int(updates.length)];
    [updates[a], updates[b]] = [updates[b] as Uint8Array, updates[a] as Uint8Array];
  }
  return updates;
}

const hasPending = (doc: Y.Doc) => doc.store.pendingStructs !== null || doc.store.pendingDs !== null;

/** A document that has exactly these updates. */
function docOf(updates: readonly Uint8Array[]): Y.Doc {
  const doc = new Y.Doc({ gc: false });
  for (const update of updates) Y.applyUpdate(doc, update);
  return doc;
}

const stateOf = (doc: Y.Doc) => Buffer.from(Y.encodeStateAsUpdate(doc)).toString('hex');

/** Clocks deleted in a document, one string each. */
function deletedOf(update: Uint8Array): string[] {
  const { ds } = Y.decodeUpdate(update);
  return [...ds.clients]
    .flatMap(([client, items]) =>
      items.flatMap(({ clock, len }) =>
        Array.from({ length: len }, (_, index) => `${client}:${clock + index}`),
      ),
    )
    .sort();
}

function offer(clock: RoomClock, update: Uint8Array): { verdict: ClockVerdict; scan: UpdateScan } {
  const result = scanUpdate(update, 'free');
  if (!result.ok) throw new Error(`Yjs wrote what the scanner does not read: ${result.detail}`);
  return { verdict: clock.check(result.scan), scan: result.scan };
}

describe('room clock', () => {
  for (const isPlain of [true, false]) {
    it(`SEC-6 agrees with Yjs on what is a gap, known and new (${isPlain ? 'lists and notes' : 'any document'})`, () => {
      fc.assert(
        fc.property(fc.integer(), (seed) => {
          const updates = makeUpdates(createRandom(seed), isPlain);
          const clock = createRoomClock();
          const taken: Uint8Array[] = [];
          const trimmed: Uint8Array[] = [];
          for (const update of [...updates, ...updates]) {
            const { verdict, scan } = offer(clock, update);
            const [before, after] = [docOf(taken), docOf([...taken, update])];
            expect(verdict.type === 'gap').toBe(hasPending(after));
            const isSame = stateOf(before) === stateOf(after);
            if (verdict.type === 'known') expect(isSame).toBe(true);
            if (verdict.type !== 'new') continue;
            if (isPlain) expect(isSame).toBe(false);
            clock.add(scan);
            taken.push(update);
            trimmed.push(verdict.update);
            expect(offer(clock, verdict.update).verdict.type).toBe('known');
          }
          const whole = docOf(taken);
          const fromTrimmed = docOf(trimmed);
          expect(hasPending(fromTrimmed)).toBe(false);
          expect(stateOf(fromTrimmed)).toBe(stateOf(whole));
          expect(Y.decodeStateVector(clock.stateVector())).toEqual(
            Y.decodeStateVector(Y.encodeStateVector(whole)),
          );
          const deleted = new Set(deletedOf(Y.encodeStateAsUpdate(whole)));
          if (isPlain) expect(new Set(deletedOf(clock.deletions()))).toEqual(deleted);
          else expect(deletedOf(clock.deletions()).filter((one) => !deleted.has(one))).toEqual([]);
        }),
        { numRuns: 150 },
      );
    });
  }

  it('RELAY-5 what passes the scanner is read and applied by Yjs without throwing, whatever was done to the bytes', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = createRandom(seed);
        const [update] = makeUpdates(random);
        if (update === undefined) return;
        const bytes = Uint8Array.from(update);
        for (let flips = 1 + random.int(3); flips > 0; flips -= 1)
          bytes[random.int(bytes.length)] = random.int(256);
        const damaged = random.int(3) === 0 ? bytes.subarray(0, random.int(bytes.length)) : bytes;
        const result = scanUpdate(damaged, 'free');
        if (!result.ok) return;
        Y.decodeUpdate(damaged);
        if (createRoomClock().check(result.scan).type !== 'gap') Y.applyUpdate(new Y.Doc(), damaged);
      }),
      { numRuns: 2_000 },
    );
  });

  it('RELAY-5 a view into a larger buffer is never read beyond its end', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = createRandom(seed);
        const [update] = makeUpdates(random);
        if (update === undefined) return;
        const length = random.int(update.length);
        const view = update.subarray(0, length);
        expect(scanUpdate(view, 'free')).toEqual(scanUpdate(view.slice(), 'free'));
      }),
      { numRuns: 300 },
    );
  });
});
