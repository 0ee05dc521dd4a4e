// The case that shows why superseded stamps are inherited, with the writer as it is and with one that does not.
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { createChange, removeChange, restoreChange, setChange } from './change.ts';
import { actorOf, createClock } from './clock.ts';
import type { Entry } from './entry.ts';
import { createListDoc, shardOf } from './layout.ts';
import { createListIndex } from './list-index.ts';
import { type ChangeFunctions, createWriter } from './writer.ts';

const right: ChangeFunctions = { createChange, setChange, removeChange, restoreChange };

/** A register that forgets what the one before it superseded. */
const forgetful: ChangeFunctions = {
  ...right,
  setChange: (id, entries, options) => {
    const change = setChange(id, entries, options);
    const hasBase = entries.some((entry) => typeof entry[1] === 'object');
    return hasBase
      ? change
      : { ...change, append: change.append.map((entry) => entry.slice(0, 5) as unknown as Entry) };
  },
};

function createPeer(clientId: number, changes: ChangeFunctions) {
  const doc = createListDoc();
  doc.clientID = clientId;
  const index = createListIndex(doc);
  const clock = createClock({ now: () => Date.UTC(2026, 10, 22), actor: actorOf(clientId, 1) });
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array, _origin, _doc, { local }: Y.Transaction) => {
    if (local) updates.push(update);
  });
  const apply = (update: Uint8Array | undefined) => {
    if (update !== undefined) Y.applyUpdate(doc, update);
  };
  return { doc, index, writer: createWriter({ doc, index, clock, changes }), updates, apply };
}

/** A creates r1 {a, b}, B another record of its shard. C has both and sets r1.a. D has B's and C's, and sets r1.a. */
function runCase(changes: ChangeFunctions) {
  const [a, b, c, d] = [
    createPeer(1, changes),
    createPeer(2, changes),
    createPeer(3, changes),
    createPeer(4, changes),
  ];
  let neighbour = 0;
  while (shardOf(`n${neighbour}`) !== shardOf('r1')) neighbour += 1;
  a.writer.create({ a: 'base', b: 'base' }, { id: 'r1' });
  b.writer.create({ a: 'other' }, { id: `n${neighbour}` });
  for (const update of [a.updates[0], b.updates[0]]) c.apply(update);
  c.writer.set('r1', { a: 'by C' });
  for (const update of [b.updates[0], c.updates[0]]) d.apply(update);
  // C's register stands behind B's record, so that D can read it without A's.
  expect(d.doc.store.pendingStructs).toBeNull();
  expect(d.index.get('r1')?.values).toEqual({ a: 'by C' });
  d.writer.set('r1', { a: 'by D' });
  for (const update of [a.updates[0], c.updates[0]]) d.apply(update);
  return d.index.get('r1');
}

describe('DOC-1 DOC-R7 inherited stamps', () => {
  it('a base that arrives after what superseded it stays superseded', () => {
    const view = runCase(right);
    expect(view?.values).toEqual({ a: 'by D', b: 'base' });
    expect(view?.conflicts).toEqual({});
  });

  it('a writer that does not inherit brings the old value back as a conflict', () => {
    expect(runCase(forgetful)?.conflicts.a?.map(({ value }) => value)).toEqual(['by D', 'base']);
  });
});
