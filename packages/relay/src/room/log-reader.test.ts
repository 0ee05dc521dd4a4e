import { describe, expect, it } from 'vitest';
import { createLogReader, type LogReaderOptions } from './log-reader.ts';
import type { Room } from './room.ts';
import { createGuardedRoom, createTestDevice } from './testing/rooms.ts';

/** A room and a log that is ahead of it. */
function create(overrides: Partial<LogReaderOptions> = {}) {
  const device = createTestDevice();
  for (const value of ['Hall', 'Barn', 'Lake']) device.add(value);
  const log = device.updates.map((update, index) => ({ seq: index + 1, update }));
  const timers: (() => void)[] = [];
  const reads: number[] = [];
  const failed: string[] = [];
  const errors: unknown[] = [];
  const { room } = createGuardedRoom({ documentId: 'a', onHole: () => reader.onHole('a') });
  let live: Room | undefined = room;
  const reader = createLogReader({
    registry: {
      get: () => live,
      rooms: () => (live === undefined ? [] : [live]),
      fail: (documentId) => failed.push(documentId),
    },
    readAfter: async (_documentId, seq) => {
      reads.push(seq);
      return log.filter((row) => row.seq > seq).slice(0, 2);
    },
    heads: async () => [{ seq: log.length, lineage: 'one' }],
    schedule: (_ms, callback) => {
      timers.push(callback);
      return () => timers.splice(timers.indexOf(callback), 1);
    },
    graceMs: 100,
    onError: (_documentId, error) => errors.push(error),
    ...overrides,
  });
  const settle = () => new Promise((done) => setImmediate(done));
  const runTimers = async () => {
    for (const callback of timers.splice(0)) callback();
    await settle();
  };
  return {
    device,
    log,
    room,
    reader,
    reads,
    failed,
    errors,
    timers,
    settle,
    runTimers,
    unload: () => {
      live = undefined;
    },
  };
}

describe('log reader', () => {
  it('reads on page by page until the room has everything', async () => {
    const { room, reader, reads } = create();
    await Promise.all([reader.catchUp('a'), reader.catchUp('a')]);
    expect(room.log.head).toBe(3);
    expect(reads).toEqual([0, 2, 3]);
  });

  it('a hole that fills by itself costs no read; one that stays does', async () => {
    const { room, reader, log, reads, runTimers } = create();
    const [first, second, third] = log as [(typeof log)[0], (typeof log)[0], (typeof log)[0]];
    room.takeStored(1, first.update);
    room.log.note(3);
    room.takeStored(2, second.update);
    await runTimers();
    expect([reads, room.log.head]).toEqual([[], 3]);
    log.push({ seq: 4, update: third.update }, { seq: 5, update: third.update });
    room.log.note(5);
    room.log.note(5);
    await runTimers();
    expect([room.log.head, reads[0]]).toEqual([5, 3]);
    reader.close();
  });

  it('SCALE-2 asking for heads finds what nobody has told of, and asks nothing of idle rooms', async () => {
    const { room, reader, reads, settle } = create();
    await Promise.all([reader.pollHeads(), reader.pollHeads()]);
    await settle();
    expect(room.log.head).toBe(3);
    const before = reads.length;
    await reader.pollHeads();
    await settle();
    expect(reads.length).toBe(before);
  });

  it('RELAY-3 a row that does not fit what was read before ends the room, which then loads anew', async () => {
    const { device, log, reader, failed, errors } = create();
    log[1] = { seq: 2, update: device.updates[2] as Uint8Array };
    await reader.catchUp('a');
    expect(failed).toEqual(['a']);
    expect(errors).toHaveLength(1);
  });

  it('SCALE-1 rows that another relay has put into a snapshot before they were read end the room, which loads anew', async () => {
    const trimmed = create();
    trimmed.log.splice(0, 2);
    await trimmed.reader.catchUp('a');
    expect([trimmed.failed, trimmed.room.log.head]).toEqual([['a'], 0]);

    const allGone = create({ heads: async () => [{ seq: 3, lineage: 'one' }] });
    allGone.log.splice(0);
    await allGone.reader.pollHeads();
    await allGone.settle();
    expect(allGone.failed).toEqual(['a']);
  });

  it('a database that is away is reported and asked again later', async () => {
    let isAway = true;
    const { room, reader, errors, settle } = create({
      heads: async () => {
        if (isAway) throw new Error('away');
        return [{ seq: 3, lineage: 'one' }];
      },
    });
    await reader.pollHeads();
    expect(errors).toHaveLength(1);
    isAway = false;
    await reader.pollHeads();
    await settle();
    expect(room.log.head).toBe(3);
  });

  it('a room that was unloaded meanwhile is left alone', async () => {
    const { room, reader, unload } = create();
    const reading = reader.catchUp('a');
    unload();
    await reading;
    expect(room.log.head).toBe(0);
    await reader.catchUp('a');
  });

  it('RELAY-8 a busy room gets past a row that was stored without an answer', async () => {
    const rows: { seq: number; update: Uint8Array }[] = [];
    const onTheirWay: (() => void)[] = [];
    const { room } = createGuardedRoom({
      append: (update, _author, onDecided) =>
        onTheirWay.push(() => {
          const seq = rows.push({ seq: rows.length + 1, update });
          onDecided({ ok: true, seq });
        }),
    });
    const { reader } = create({
      registry: { get: () => room, rooms: () => [room], fail: () => undefined },
      readAfter: async (_documentId, from) => rows.filter(({ seq }) => seq > from),
    });
    const device = createTestDevice();
    const first = device.add('first');
    room.publish(first, { sender: 'ana' });
    // Stored, but its answer was lost: the commit will store it a second time.
    rows.push({ seq: 1, update: first });
    await reader.catchUp('l_test');
    // People go on, so that something is on its way at every moment.
    for (let edit = 0; edit < 50; edit += 1) {
      room.publish(device.add(`v${edit}`), { sender: 'ana' });
      onTheirWay.shift()?.();
    }
    expect([room.log.head, room.unstored, room.history.firstMissing(51)]).toEqual([51, 1, undefined]);
  });
});
