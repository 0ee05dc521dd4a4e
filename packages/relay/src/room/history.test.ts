import { gunzipSync } from 'node:zlib';
import { decodeMessage } from '@wedsync/shared';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { type CatchUp, createHistory } from './history.ts';
import { createTestDevice } from './testing/rooms.ts';

const KIB = 1_024;

/** A device that has written `count` updates of about `bytes` each, and its clocks after so many of them. */
function written(count: number, bytes: number) {
  const device = createTestDevice();
  for (let index = 0; index < count; index += 1) device.add(String(index).padEnd(bytes, '.'));
  const client = device.doc.clientID;
  return {
    ...device,
    client,
    clocksAfter: (updates: number) => new Map(updates > 0 ? [[client, updates]] : []),
    snapshotOf: (updates: number) => ({
      update: Y.mergeUpdates(device.updates.slice(0, updates)),
      clocks: new Map([[client, updates]]),
      seq: updates,
    }),
  };
}

const sizeOf = (catchUp: CatchUp) =>
  'frames' in catchUp ? catchUp.frames.reduce((sum, { length }) => sum + length, 0) : -1;

function filled(count: number, bytes: number, snapshotAt?: number) {
  const device = written(count, bytes);
  const history = createHistory(snapshotAt === undefined ? undefined : device.snapshotOf(snapshotAt));
  for (const [index, update] of device.updates.entries())
    if (index >= (snapshotAt ?? 0)) history.tail.append(update, [device.client, index + 1], index + 1);
  return { ...device, history };
}

describe('PERF-3 what a joiner is sent', () => {
  it('without a snapshot: the log from the first update that it lacks', () => {
    const { history, clocksAfter } = filled(10, 50);
    expect(history.catchUp(clocksAfter(10))).toMatchObject({ type: 'tail' });
    expect(sizeOf(history.catchUp(clocksAfter(10)))).toBe(0);
    expect(sizeOf(history.catchUp(clocksAfter(9)))).toBeLessThan(150);
    expect(sizeOf(history.catchUp(clocksAfter(0)))).toBe(history.tail.bytes);
  });

  it('with nothing: the snapshot and the whole tail', () => {
    const { history, clocksAfter } = filled(10, 50, 6);
    expect(history.catchUp(clocksAfter(0))).toMatchObject({ type: 'snapshot', snapshot: { seq: 6 } });
    expect(sizeOf(history.catchUp(clocksAfter(0)))).toBe(history.tail.bytes);
  });

  it('with a part of a small snapshot: all of it; of a large one: a cut made in the thread', () => {
    const small = filled(10, 50, 6);
    expect(small.history.catchUp(small.clocksAfter(2)).type).toBe('snapshot');
    const large = filled(10, 20 * KIB, 6);
    const cut = large.history.catchUp(large.clocksAfter(2));
    expect(cut).toMatchObject({ type: 'merge', snapshot: { seq: 6 } });
    expect(cut.type === 'merge' && cut.updates).toHaveLength(4);
  });

  it('away for a moment while a snapshot was made: the updates, not the snapshot', () => {
    const { history, clocksAfter, snapshotOf } = filled(10, 20 * KIB);
    history.replaceSnapshot(snapshotOf(8));
    expect(history.tail.entries.map(({ seq }) => seq)).toEqual([9, 10]);
    const catchUp = history.catchUp(clocksAfter(7));
    expect(catchUp.type).toBe('tail');
    expect(sizeOf(catchUp)).toBeLessThan(3 * 21 * KIB);
    history.replaceSnapshot(snapshotOf(10));
    expect(history.catchUp(clocksAfter(7)).type).toBe('merge');
    expect(history.catchUp(clocksAfter(8)).type).toBe('tail');
  });

  it('what is not stored yet stays in the tail when a snapshot takes the rest', () => {
    const { history, snapshotOf, updates, client } = filled(5, 50);
    history.tail.append(updates[4] as Uint8Array, [client, 5]);
    history.replaceSnapshot(snapshotOf(5));
    expect(history.tail.entries.map(({ seq }) => seq)).toEqual([undefined]);
  });

  it('PERF-4 a long log before the snapshot is not kept', () => {
    const { history, clocksAfter, snapshotOf } = filled(30, 20 * KIB);
    history.replaceSnapshot(snapshotOf(29));
    expect(history.catchUp(clocksAfter(28)).type).toBe('merge');
  });

  it('the snapshot is zipped once, in parts that put together are the snapshot', async () => {
    const { history, updates } = filled(60, 10 * KIB, 60);
    const frames = await history.zippedFrames();
    expect(await history.zippedFrames()).toBe(frames);
    const parts = frames.map((frame) => {
      const decoded = decodeMessage(frame.subarray(frame[1] === 126 ? 4 : frame[1] === 127 ? 10 : 2));
      if (!decoded.ok || decoded.message.type !== 'snapshot') throw new Error('not a snapshot');
      return decoded.message;
    });
    const bytes = gunzipSync(Buffer.concat(parts.map((part) => part.bytes)));
    expect(bytes.equals(Y.mergeUpdates(updates))).toBe(true);
    expect(history.rawFrame().length).toBeGreaterThan(bytes.length);
  });
});
