import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { type StoredDocument, toLoadedDocument } from './load.ts';
import { createTestDevice, TEST_NOW } from './testing/rooms.ts';

const { doc, updates, add } = createTestDevice();
for (const value of ['Hall', 'Barn', 'Lake', 'Moor']) add(value);
const rowsFrom = (first: number) =>
  updates.slice(first - 1).map((update, index) => ({ seq: first + index, update }));
const load = (stored: Partial<StoredDocument>) =>
  toLoadedDocument({ lineage: 'one', headSeq: 4, rows: rowsFrom(1), ...stored }, 'list', () => TEST_NOW);
const snapshot = (count: number) => ({ seq: count, update: Y.mergeUpdates(updates.slice(0, count)) });

describe('RELAY-3 loading', () => {
  it('takes a log, a snapshot with the rest of the log, and an empty document', () => {
    for (const loaded of [
      load({}),
      load({ snapshot: snapshot(3), rows: rowsFrom(4) }),
      load({ snapshot: snapshot(4), rows: [] }),
    ]) {
      expect(loaded.guard.stateVector()).toEqual(Y.encodeStateVector(doc));
      expect(loaded.headSeq).toBe(4);
    }
    expect(load({ headSeq: 0, rows: [] }).guard.clocks.size).toBe(0);
  });

  it('rows that repeat what a row before said are there without being kept twice', () => {
    const [first] = updates as [Uint8Array];
    const { history, guard } = load({ headSeq: 5, rows: [...rowsFrom(1), { seq: 5, update: first }] });
    expect(history.tail.entries.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
    expect(guard.stateVector()).toEqual(Y.encodeStateVector(doc));
  });

  const DAMAGES: Record<string, Partial<StoredDocument>> = {
    'the first row is missing': { rows: rowsFrom(2) },
    'a row in the middle is missing': { rows: rowsFrom(1).filter(({ seq }) => seq !== 3) },
    'the last row is missing': { rows: rowsFrom(1).slice(0, 3) },
    'rows are exchanged': {
      rows: rowsFrom(1).map((row, index) => ({ ...row, update: updates[3 - index] as Uint8Array })),
    },
    'a row is cut': {
      rows: rowsFrom(1).map((row) => (row.seq === 2 ? { ...row, update: row.update.subarray(0, 9) } : row)),
    },
    'the snapshot is cut': {
      snapshot: { seq: 3, update: snapshot(3).update.subarray(0, 20) },
      rows: rowsFrom(4),
    },
    'the snapshot is older than it says': { snapshot: { ...snapshot(2), seq: 3 }, rows: rowsFrom(4) },
    'the rows after the snapshot are missing': { snapshot: snapshot(3), rows: [] },
  };
  for (const [name, damage] of Object.entries(DAMAGES)) {
    it(`fails when ${name}`, () => {
      expect(() => load(damage)).toThrow(expect.objectContaining({ code: 'load-failed', retryable: true }));
    });
  }
});
