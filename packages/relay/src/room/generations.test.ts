import { AppError } from '@wedsync/shared';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import type { AppendResult } from '../store/append-row.ts';
import type { Generation, SwapOutcome } from '../store/document-store.ts';
import { createGenerations, type GenerationsOptions, needsGeneration } from './generations.ts';
import { runMergeTask } from './merge/tasks.ts';
import type { Room } from './room.ts';
import { createGuardedRoom, createTestDevice, publish, TEST_NOW } from './testing/rooms.ts';

const settle = () => new Promise((done) => setImmediate(done));
const HEAVY = { clients: 2_001, live: 10, deleted: 0 };

/** A room with a log of its own, in memory. */
function create(overrides: Partial<GenerationsOptions> = {}) {
  const device = createTestDevice();
  for (const value of ['Hall', 'Barn']) device.add(value);
  const rows = device.updates.map((update, index) => ({ seq: index + 1, update }));
  const swaps: Generation[] = [];
  const failed: string[] = [];
  const errors: unknown[] = [];
  const appended: ((result: AppendResult) => void)[] = [];
  let now = TEST_NOW;
  const { room } = createGuardedRoom({
    append: (_update, _author, onDecided) => appended.push(onDecided),
  });
  for (const { seq, update } of rows) room.takeStored(seq, update);
  let live: Room | undefined = room;
  let outcome: () => SwapOutcome = () => 'ok';
  const generations = createGenerations({
    registry: {
      get: () => live,
      fail: (_documentId, end) => {
        failed.push(end);
        live = undefined;
      },
    },
    load: async () => ({ lineage: 'one', headSeq: rows.length, rows }),
    putGeneration: async (_documentId, generation) => {
      swaps.push(generation);
      return outcome();
    },
    pool: { run: async (task) => runMergeTask(task), close: async () => undefined },
    kindOf: (documentId) => (documentId.startsWith('l_') ? 'list' : 'free'),
    clientIds: 2_000,
    now: () => now,
    onRebuilt: () => undefined,
    onError: (_documentId, error) => errors.push(error),
    ...overrides,
  });
  return {
    device,
    room,
    generations,
    swaps,
    failed,
    errors,
    appended,
    answerWith: (next: () => SwapOutcome) => {
      outcome = next;
    },
    pass: (ms: number) => {
      now += ms;
    },
  };
}

describe('DOC-R20 when a document is rebuilt', () => {
  it('more client ids than allowed, or mostly tombstones and many of them', () => {
    const shape = { clients: 5, live: 1_000, deleted: 0 };
    expect(needsGeneration(shape, 2_000)).toBe(false);
    expect(needsGeneration({ ...shape, clients: 2_000 }, 2_000)).toBe(false);
    expect(needsGeneration({ ...shape, clients: 2_001 }, 2_000)).toBe(true);
    expect(needsGeneration({ ...shape, deleted: 9_999 }, 2_000)).toBe(false);
    expect(needsGeneration({ ...shape, deleted: 10_000 }, 2_000)).toBe(true);
    expect(needsGeneration({ ...shape, live: 10_000, deleted: 40_000 }, 2_000)).toBe(false);
  });

  it('once in some hours, however often it asks for it', async () => {
    const { room, generations, swaps, pass } = create();
    generations.consider(room, { ...HEAVY, clients: 3 });
    await generations.idle();
    expect(swaps).toHaveLength(0);
    for (let time = 0; time < 3; time += 1) generations.consider(room, HEAVY);
    await generations.idle();
    generations.consider(room, HEAVY);
    await generations.idle();
    expect(swaps).toHaveLength(1);
    pass(6 * 60 * 60 * 1_000);
    generations.consider(room, HEAVY);
    await generations.idle();
    expect(swaps).toHaveLength(2);
  });
});

describe('DOC-R20 how it is swapped', () => {
  it('from what the log was, under one new client id, and the room ends so that devices rebase', async () => {
    const { device, generations, swaps, failed } = create();
    const rebuilt = await generations.rebuild('l_a');
    const [swap] = swaps;
    expect(swap).toMatchObject({ lineage: 'one', seq: 2, clock: 2 });
    expect(swap?.client).not.toBe(device.doc.clientID);
    const doc = new Y.Doc();
    Y.applyUpdate(doc, swap?.update ?? new Uint8Array());
    expect(doc.getArray('s7').toJSON()).toEqual(device.doc.getArray('s7').toJSON());
    expect(failed).toEqual(['lineage-changed']);
    expect(rebuilt).toMatchObject({ clients: 1, live: 2, bytesAfter: swap?.update.length });
  });

  it('edits of its own room wait before the log meanwhile, and go there when it does not come to it', async () => {
    const { device, room, generations, appended, answerWith, swaps, failed } = create();
    const first = publish(room, device.add('Lake'));
    answerWith(() => {
      expect(room.publish(device.add('Mill'), { sender: 'ana' }).ok).toBe(true);
      return 'ahead';
    });
    const rebuilding = generations.rebuild('l_a');
    await settle();
    // What was on its way before is decided first.
    expect([appended.length, swaps.length]).toEqual([1, 0]);
    appended[0]?.({ ok: true, seq: 3 });
    await expect(rebuilding).rejects.toMatchObject({ code: 'storage-conflict', retryable: true });
    await first.durable;
    expect(failed).toEqual([]);
    expect(swaps.length).toBeGreaterThan(1);
    expect(appended).toHaveLength(1 + swaps.length);
    appended.slice(1).forEach((done, index) => {
      done({ ok: true, seq: 4 + index });
    });
    await settle();
    expect([room.unstored, room.log.head]).toEqual([0, 3 + swaps.length]);
  });

  it('tries again when others were quicker', async () => {
    const { generations, swaps, failed, answerWith } = create();
    answerWith(() => (swaps.length < 3 ? 'conflict' : 'ok'));
    await generations.rebuild('l_a');
    expect([swaps.length, failed]).toEqual([3, ['lineage-changed']]);
  });

  it('a free document has no entries, and a failure is told', async () => {
    const { room, generations, errors } = create({
      load: () => Promise.reject(new AppError('storage-unavailable')),
    });
    await expect(generations.rebuild('free-1')).rejects.toMatchObject({ code: 'invalid-request' });
    await expect(generations.rebuild('l_a')).rejects.toMatchObject({ code: 'storage-unavailable' });
    generations.consider({ ...room, documentId: 'l_other' }, HEAVY);
    await generations.idle();
    await settle();
    expect(errors).toHaveLength(1);
  });
});
