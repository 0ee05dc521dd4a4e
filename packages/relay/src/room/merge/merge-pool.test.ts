import { afterAll, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { createMergePool } from './merge-pool.ts';
import { runMergeTask } from './tasks.ts';

/** A document with `edits` updates one by one and the state after each. */
function history(edits: number) {
  const doc = new Y.Doc();
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(update));
  const list = doc.getArray('s0');
  for (let index = 0; index < edits; index += 1) {
    list.push([['r', 'venue', `hall ${index}`, index, 1]]);
    if (index % 3 === 2) list.delete(0);
  }
  return { doc, updates };
}

const contents = (...updates: Uint8Array[]) => {
  const doc = new Y.Doc();
  for (const update of updates) Y.applyUpdate(doc, update);
  return doc.getArray('s0').toJSON();
};

const pool = createMergePool();
afterAll(() => pool.close());

describe('merge tasks', () => {
  it('RELAY-8 a snapshot has the state of the log it replaces, in any order of the log', async () => {
    const { doc, updates } = history(30);
    const half = Y.mergeUpdates(updates.slice(0, 15));
    const result = await pool.run({
      type: 'compact',
      snapshot: half,
      updates: updates.slice(15).toReversed(),
    });
    if (!result.ok) throw new Error(result.code);
    expect(contents(result.update)).toEqual(doc.getArray('s0').toJSON());
    expect(result.stateVector).toEqual(Y.encodeStateVector(doc));
  });

  it('RELAY-8 what has a hole is never made a snapshot', async () => {
    const { updates } = history(5);
    const result = await pool.run({ type: 'compact', snapshot: undefined, updates: updates.slice(1) });
    expect(result).toEqual({ ok: false, code: 'pending' });
  });

  it('a device that is behind gets what it lacks', async () => {
    const { doc, updates } = history(12);
    const behind = Y.mergeUpdates(updates.slice(0, 4));
    const stateVector = Y.encodeStateVectorFromUpdate(behind);
    const result = await pool.run({
      type: 'diff',
      snapshot: Y.mergeUpdates(updates.slice(0, 8)),
      updates: updates.slice(8),
      stateVector,
    });
    if (!result.ok) throw new Error(result.code);
    expect(result.update.length).toBeLessThan(Y.mergeUpdates(updates).length);
    expect(contents(behind, result.update)).toEqual(doc.getArray('s0').toJSON());
  });

  it('the bytes of the caller stay its own, views of a larger buffer included', async () => {
    const { doc } = history(3);
    const state = Y.encodeStateAsUpdate(doc);
    const room = Buffer.concat([Buffer.alloc(10), state, Buffer.alloc(10)]);
    const view = room.subarray(10, 10 + state.length);
    const result = await pool.run({ type: 'compact', snapshot: view, updates: [view] });
    expect(result.ok).toBe(true);
    expect(Buffer.from(state).equals(view)).toBe(true);
  });

  it('a task that throws is told to the one who asked, and the next one runs', async () => {
    const { updates } = history(2);
    await expect(
      pool.run({ type: 'compact', snapshot: Uint8Array.of(255, 255), updates: [] }),
    ).rejects.toThrow();
    expect((await pool.run({ type: 'compact', snapshot: undefined, updates })).ok).toBe(true);
  });

  it('what runs when the pool closes is rejected, and nothing starts after it', async () => {
    const closing = createMergePool();
    const { updates } = history(2);
    const running = closing.run({ type: 'compact', snapshot: undefined, updates });
    const rejected = expect(running).rejects.toThrow('closed');
    await closing.close();
    await rejected;
    await expect(closing.run({ type: 'compact', snapshot: undefined, updates })).rejects.toThrow('closed');
  });

  it('without a thread the tasks say the same', () => {
    const { doc, updates } = history(9);
    const result = runMergeTask({ type: 'compact', snapshot: undefined, updates });
    expect(result.ok && result.update).toEqual(Y.encodeStateAsUpdate(doc));
  });
});
