import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { createCompactor, type SnapshotToStore } from './compaction.ts';
import { runMergeTask } from './merge/tasks.ts';
import type { RoomOptions } from './room.ts';
import { createGuardedRoom, createTestDevice, publish } from './testing/rooms.ts';

type Outcome = 'ok' | 'conflict' | 'ahead';

async function create(outcome: () => Outcome = () => 'ok', overrides: Partial<RoomOptions> = {}) {
  const stored: SnapshotToStore[] = [];
  const errors: unknown[] = [];
  const { room } = createGuardedRoom(overrides);
  const device = createTestDevice();
  let isLive = true;
  let other: { seq: number; update: Uint8Array } | undefined;
  const compactor = createCompactor({
    maxTailEntries: 500,
    // The thread is shown by merge-pool.test.ts; here only what is made of its answer.
    pool: { run: async (task) => runMergeTask(task), close: async () => undefined },
    putSnapshot: async (snapshot) => {
      stored.push(snapshot);
      return outcome();
    },
    readSnapshot: async () => other,
    isLive: () => isLive,
    onError: (_documentId, error) => errors.push(error),
  });
  const write = async (count: number) => {
    for (let index = 0; index < count; index += 1) {
      await publish(room, device.add(`v${index}`)).durable;
    }
  };
  const consider = async () => {
    compactor.consider(room);
    compactor.consider(room);
    await compactor.idle();
  };
  return {
    room,
    device,
    stored,
    errors,
    write,
    consider,
    /** What another relay has stored meanwhile. */
    setOther: (snapshot: typeof other) => {
      other = snapshot;
    },
    unload: () => {
      isLive = false;
    },
  };
}

describe('RELAY-8 compaction', () => {
  it('PERF-5 a large snapshot is rewritten more rarely, so that an old list costs an edit no more', async () => {
    const { room, device, stored, write, consider } = await create();
    await publish(room, device.add('x'.repeat(512 * 600))).durable;
    await consider();
    expect(stored).toHaveLength(1);
    await write(590);
    await consider();
    expect(stored).toHaveLength(1);
    await write(20);
    await consider();
    expect(stored).toHaveLength(2);
  });

  it('a tail of 499 is left alone, one of 500 becomes a snapshot with the very same state', async () => {
    const { room, device, stored, write, consider } = await create();
    await write(499);
    await consider();
    expect(stored).toEqual([]);
    await write(1);
    await consider();
    expect(stored).toMatchObject([{ seq: 500, oldSeq: 0 }]);
    const loaded = new Y.Doc();
    Y.applyUpdate(loaded, stored[0]?.update as Uint8Array);
    expect(Y.encodeStateAsUpdate(loaded)).toEqual(Y.encodeStateAsUpdate(device.doc));
    expect(room.history.tail.entries).toEqual([]);
    expect(room.history.snapshot?.seq).toBe(500);
    await write(500);
    await consider();
    expect(stored[1]).toMatchObject({ seq: 1_000, oldSeq: 500 });
  });

  it('RELAY-8 updates that are on their way while a snapshot is made are in the next one', async () => {
    const decide: (() => void)[] = [];
    let seq = 0;
    const { room, device, stored, consider } = await create(() => 'ok', {
      append: (_update, _author, onDecided) =>
        decide.push(() => {
          seq += 1;
          onDecided({ ok: true, seq });
        }),
    });
    const send = (count: number) => {
      for (let index = 0; index < count; index += 1) publish(room, device.add(`v${index}`));
    };
    const storeNext = async (count: number) => {
      for (const one of decide.splice(0, count)) one();
      await new Promise((done) => setImmediate(done));
    };
    send(520);
    await storeNext(500);
    await consider();
    expect(stored.map((snapshot) => snapshot.seq)).toEqual([500]);
    send(500);
    await storeNext(520);
    await consider();
    expect(stored.map((snapshot) => snapshot.seq)).toEqual([500, 1_020]);
    const loaded = new Y.Doc();
    Y.applyUpdate(loaded, stored[1]?.update as Uint8Array);
    expect(Y.encodeStateAsUpdate(loaded)).toEqual(Y.encodeStateAsUpdate(device.doc));
  });

  it('RELAY-1 an edit that another relay has stored in a row of more is in the snapshot that trims the row', async () => {
    let isAnswering = true;
    const log: { seq: number; update: Uint8Array }[] = [];
    const { room, stored, write, consider } = await create(() => 'ok', {
      append: (update, _author, onDecided) => {
        if (!isAnswering) return;
        log.push({ seq: log.length + 1, update });
        onDecided({ ok: true, seq: log.length });
      },
    });
    await write(500);
    // This relay's database goes quiet; the device takes its edit to another relay, with one more of another tab.
    isAnswering = false;
    const edit = createTestDevice().add('Acknowledged');
    room.publish(edit, { sender: 'ana' });
    const row = { seq: 501, update: Y.mergeUpdates([edit, createTestDevice().add('Other')]) };
    log.push(row);
    expect(room.takeStored(row.seq, row.update)).toBe(true);
    await consider();
    // All that is left when the relay is killed now.
    const [snapshot] = stored;
    const loaded = new Y.Doc();
    Y.applyUpdate(loaded, snapshot?.update as Uint8Array);
    for (const { seq, update } of log) if (seq > (snapshot?.seq ?? 0)) Y.applyUpdate(loaded, update);
    const venues = loaded.getArray<[string, string, string]>('s7').map(([, , venue]) => venue);
    expect(snapshot?.seq).toBe(501);
    expect(venues).toEqual(expect.arrayContaining(['Acknowledged', 'Other']));
  });

  it('RELAY-8 a row that is in no entry stops it before anything is trimmed', async () => {
    const { room, stored, errors, write, consider } = await create();
    await write(500);
    room.log.note(501);
    await consider();
    expect(stored).toEqual([]);
    expect(String(errors[0])).toContain('row 501');
  });

  it('RELAY-8 a tail that lies behind a hole waits for it, and the relay goes on', async () => {
    let seq = 1;
    const { room, stored, write, consider } = await create(() => 'ok', {
      append: (_update, _author, onDecided) => {
        seq += 1;
        onDecided({ ok: true, seq });
      },
    });
    await write(500);
    await consider();
    expect([room.log.head, stored]).toEqual([0, []]);
  });

  it('another relay that was faster changes nothing here, and is not raced again at once', async () => {
    const { room, stored, write, consider } = await create(() => 'conflict');
    await write(500);
    await consider();
    await write(10);
    await consider();
    expect(stored).toHaveLength(1);
    expect(room.history.tail.entries).toHaveLength(510);
    expect(room.history.snapshot).toBeUndefined();
  });

  it("RELAY-8 another relay's snapshot is taken over, as far as the room has what is in it", async () => {
    const { room, device, stored, write, consider, setOther } = await create(() => 'conflict');
    await write(500);
    const update = Y.encodeStateAsUpdate(device.doc);
    setOther({ seq: 501, update });
    await consider();
    expect(room.history.snapshot).toBeUndefined();
    setOther({ seq: 500, update });
    await write(500);
    await consider();
    expect(stored).toHaveLength(2);
    expect(room.history.snapshot?.seq).toBe(500);
    expect(room.history.tail.entries).toHaveLength(500);
    expect(room.history.firstMissing(1_000)).toBeUndefined();
  });

  it('a projection that is behind is waited for', async () => {
    let outcome: Outcome = 'ahead';
    const { room, stored, write, consider } = await create(() => outcome);
    await write(500);
    await consider();
    await write(99);
    await consider();
    expect(stored).toHaveLength(1);
    outcome = 'ok';
    await write(1);
    await consider();
    expect(stored).toHaveLength(2);
    expect(room.history.snapshot?.seq).toBe(600);
  });

  it('a room that is unloaded meanwhile keeps its own view', async () => {
    const { room, write, consider, unload } = await create();
    await write(500);
    unload();
    await consider();
    expect(room.history.snapshot).toBeUndefined();
  });

  it('a failure is reported and tried again when the tail has doubled', async () => {
    let fails = true;
    const { stored, errors, write, consider } = await create(() => {
      if (fails) throw new Error('away');
      return 'ok';
    });
    await write(500);
    await consider();
    await write(499);
    await consider();
    expect([stored.length, errors.length]).toEqual([1, 1]);
    fails = false;
    await write(1);
    await consider();
    expect(stored).toHaveLength(2);
  });
});
