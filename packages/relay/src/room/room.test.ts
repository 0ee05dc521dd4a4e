import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import type { AppendResult } from '../store/append-row.ts';
import { createRoomGuard } from './guard.ts';
import { createHistory } from './history.ts';
import { createRoom, type RoomOptions } from './room.ts';
import { createTurn } from './turn.ts';

const AUTHOR = { sender: 'user-1' };

/** A room of a list whose commits the test decides. */
function open(overrides: Partial<RoomOptions> = {}) {
  const appended: { update: Uint8Array; decide: (result: AppendResult) => void }[] = [];
  const heard: string[] = [];
  let endTurn: (() => void) | undefined;
  const room = createRoom({
    documentId: 'l_test',
    lineage: 'one',
    turn: createTurn((callback) => {
      endTurn = callback;
    }),
    guard: createRoomGuard('list', () => Date.UTC(2026, 10, 22)),
    history: createHistory(undefined),
    headSeq: 0,
    maxDocumentBytes: 10_000,
    hasRoomFor: () => true,
    append: (update, _author, decide) => appended.push({ update, decide }),
    onStored: () => heard.push('stored'),
    onAppendRefused: (code) => heard.push(code),
    onHole: () => heard.push('hole'),
    ...overrides,
  });
  const writes: Buffer[] = [];
  const peer = { write: (frames: Buffer) => void writes.push(frames) };
  room.fanOut.add(peer);
  return { room, appended, heard, writes, peer, endTurn: () => endTurn?.() };
}

/** A device: a document and the updates that it writes. */
function device() {
  const doc = new Y.Doc();
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(update));
  return { doc, updates, add: (value: string) => doc.getArray('s7').push([['r', 'venue', value, 1, 1]]) };
}

describe('room', () => {
  it('SYNC-1 shares an update at once and calls it durable only after the commit', () => {
    const { room, appended, heard, writes, endTurn } = open();
    const { add, updates } = device();
    add('Hall');
    let isDurable = false;
    const onDurable = () => {
      isDurable = true;
    };
    room.publish(updates[0] as Uint8Array, { ...AUTHOR, onDurable }, 1);
    endTurn();
    expect(writes).toHaveLength(1);
    expect([room.unstored, isDurable]).toEqual([1, false]);
    appended[0]?.decide({ ok: true, seq: 1 });
    expect(isDurable).toBe(true);
    expect([room.unstored, room.log.head, heard]).toEqual([0, 1, ['stored']]);
  });

  it('a repeat is neither shared nor stored again, and is durable when all before it is', () => {
    const { room, appended, writes, endTurn } = open();
    const { add, updates } = device();
    add('Hall');
    add('Barn');
    const [first, second] = updates as [Uint8Array, Uint8Array];
    const told: string[] = [];
    const repeat = (name: string) => room.publish(first, { ...AUTHOR, onDurable: () => told.push(name) }, 1);
    room.publish(first, AUTHOR);
    room.publish(second, AUTHOR);
    expect(repeat('one')).toEqual({ ok: true, isNew: false });
    repeat('two');
    endTurn();
    expect([appended.length, writes.length]).toEqual([2, 1]);
    appended[0]?.decide({ ok: true, seq: 1 });
    expect(told).toEqual([]);
    appended[1]?.decide({ ok: true, seq: 2 });
    expect(told).toEqual(['one', 'two']);
    // What is stored already is told at once.
    repeat('three');
    expect(told).toEqual(['one', 'two', 'three']);
  });

  it('RELAY-5 a gap, garbage and foreign structure are neither shared nor stored, and the room goes on', () => {
    const { room, appended, writes, endTurn } = open();
    const { doc, add, updates } = device();
    add('Hall');
    add('Barn');
    doc.getMap('evil').set('a', 1);
    const [first, second, foreign] = updates as [Uint8Array, Uint8Array, Uint8Array];
    const code = (update: Uint8Array) => {
      const published = room.publish(update, AUTHOR);
      return published.ok ? 'ok' : published.refusal.code;
    };
    expect(code(second)).toBe('gap');
    expect(code(Uint8Array.of(1, 2, 3))).toBe('bad-update');
    expect(code(foreign)).toBe('structure');
    expect(code(first)).toBe('ok');
    expect(code(second)).toBe('ok');
    endTurn();
    expect([appended.length, writes.length]).toEqual([2, 1]);
  });

  it('DOC-R16 a stamp more than 24 hours ahead is refused, one just below is taken', () => {
    const { room } = open();
    const ahead = (ms: number) => {
      const doc = new Y.Doc();
      const hlc = (Date.UTC(2026, 10, 22) + ms - Date.UTC(2020, 0, 1)) * 4096;
      doc.getArray('s1').push([['r', 'venue', 'Hall', hlc, 1]]);
      const published = room.publish(Y.encodeStateAsUpdate(doc), AUTHOR);
      return published.ok ? 'ok' : published.refusal.code;
    };
    const day = 24 * 60 * 60 * 1_000;
    expect(ahead(day)).toBe('ok');
    expect(ahead(day + 1)).toBe('future-stamp');
  });

  it('RELAY-6 a document at its limit takes no byte more, and a full commit queue none at all', () => {
    const { add, updates } = device();
    add('x'.repeat(100));
    const [update] = updates as [Uint8Array];
    expect(open({ maxDocumentBytes: update.length }).room.publish(update, AUTHOR)).toMatchObject({
      ok: true,
    });
    expect(open({ maxDocumentBytes: update.length - 1 }).room.publish(update, AUTHOR)).toMatchObject({
      refusal: { code: 'too-large' },
    });
    const full = open({ hasRoomFor: () => false });
    expect(full.room.publish(update, AUTHOR)).toMatchObject({ refusal: { code: 'storage-unavailable' } });
    expect(full.appended).toEqual([]);
  });

  it('RELAY-6 what waits while the log is held counts against the commit queue', async () => {
    const { add, updates } = device();
    add('Hall');
    add('Barn');
    const [first, second] = updates as [Uint8Array, Uint8Array];
    const limit = first.length + second.length - 1;
    const { room, appended } = open({ hasRoomFor: (bytes) => bytes <= limit });
    const release = await room.holdLog();
    expect(room.publish(first, AUTHOR)).toMatchObject({ ok: true });
    expect(room.publish(second, AUTHOR)).toMatchObject({ refusal: { code: 'storage-unavailable' } });
    release();
    expect(room.publish(second, AUTHOR)).toMatchObject({ ok: true });
    expect(appended).toHaveLength(2);
  });

  it('RELAY-6 an update that waits for the database keeps no more than itself of what was read', () => {
    const { room, appended } = open();
    const { add, updates } = device();
    add('Hall');
    add('x'.repeat(5_000));
    const [small, large] = updates as [Uint8Array, Uint8Array];
    const read = Buffer.alloc(65_536);
    read.set(small, 100);
    room.publish(read.subarray(100, 100 + small.length), AUTHOR);
    const own = Uint8Array.from(large);
    room.publish(own, AUTHOR);
    // The socket's buffer may be written over meanwhile.
    read.fill(0);
    expect(appended[0]?.update).toEqual(small);
    expect(appended[0]?.update.buffer.byteLength).toBe(small.length);
    // What fills its buffer is not copied.
    expect(appended[1]?.update).toBe(own);
  });

  it('SEC-6 only a deletion that would be taken spends the allowance', () => {
    const { doc, add } = device();
    add('Hall');
    const before = Y.encodeStateAsUpdate(doc);
    const at = Y.encodeStateVector(doc);
    doc.getArray('s7').delete(0);
    const bare = Y.encodeStateAsUpdate(doc, at);
    const asked: number[] = [];
    const author = { ...AUTHOR, mayDeleteBare: (count: number) => asked.push(count) > 0 };
    for (const [code, limits] of [
      ['too-large', { maxDocumentBytes: before.length + bare.length - 1 }],
      ['storage-unavailable', { hasRoomFor: (bytes: number) => bytes !== bare.length }],
    ] as const) {
      const { room } = open(limits);
      expect(room.publish(before, AUTHOR)).toMatchObject({ ok: true });
      expect(room.publish(bare, author)).toMatchObject({ refusal: { code } });
    }
    expect(asked).toEqual([]);
    const { room } = open();
    room.publish(before, AUTHOR);
    expect(room.publish(bare, author)).toMatchObject({ ok: true });
    expect(asked).toEqual([1]);
    const refusing = { ...AUTHOR, mayDeleteBare: () => false };
    const { room: other } = open();
    other.publish(before, AUTHOR);
    expect(other.publish(bare, refusing)).toMatchObject({ refusal: { detail: 'bare-deletion' } });
  });

  it('rows that another relay wrote are shared once, in any order, and a hole is reported', () => {
    const { room, heard, writes, endTurn } = open();
    const { add, updates } = device();
    add('Hall');
    add('Barn');
    const [first, second] = updates as [Uint8Array, Uint8Array];
    expect(room.takeStored(2, second)).toBe(false);
    expect(room.takeStored(1, first)).toBe(true);
    expect(room.takeStored(1, first)).toBe(true);
    expect(room.takeStored(2, second)).toBe(true);
    endTurn();
    expect([room.log.head, writes.length, room.unstored]).toEqual([2, 1, 0]);
    expect(heard).toEqual([]);
  });

  /** What a snapshot up to and with `seq` would be made of. */
  const rowsUpTo = (room: ReturnType<typeof open>['room'], seq: number) =>
    room.history.tail.entries.flatMap((entry, index) =>
      entry.seq !== undefined && entry.seq <= seq ? [Buffer.from(room.history.tail.updateAt(index))] : [],
    );

  it('RELAY-8 a row of its own that is read from the log before its receipt is in a snapshot up to there', () => {
    const { room, appended } = open();
    const { add, updates } = device();
    add('Hall');
    room.publish(updates[0] as Uint8Array, AUTHOR);
    // Stored already, but the answer is still on its way: the entry of its own does not know where it is stored.
    expect(room.takeStored(1, updates[0] as Uint8Array)).toBe(true);
    expect([room.log.head, room.history.tail.entries[0]?.seq]).toEqual([1, undefined]);
    expect(rowsUpTo(room, 1)).toEqual([Buffer.from(updates[0] as Uint8Array)]);
    appended[0]?.decide({ ok: true, seq: 1 });
    expect([room.log.head, room.history.tail.entries[0]?.seq, room.unstored]).toEqual([1, 1, 0]);
    expect(room.takeStored(2, updates[0] as Uint8Array)).toBe(true);
    expect(room.log.head).toBe(2);
    expect(room.history.firstMissing(2)).toBeUndefined();
  });

  it('RELAY-1 a row that repeats a part of what is on its way is kept whole', () => {
    const { room, appended } = open();
    const [own, other] = [device(), device()];
    own.add('Hall');
    other.add('Barn');
    room.publish(own.updates[0] as Uint8Array, AUTHOR);
    const row = Y.mergeUpdates([own.updates[0] as Uint8Array, other.updates[0] as Uint8Array]);
    expect(room.takeStored(1, row)).toBe(true);
    expect([room.log.head, rowsUpTo(room, 1)]).toEqual([1, [Buffer.from(row)]]);
    // Stored a second time, by the relay's own commit: one more row that says the same.
    appended[0]?.decide({ ok: true, seq: 2 });
    expect([room.log.head, room.unstored, room.history.firstMissing(2)]).toEqual([2, 0, undefined]);
  });

  it('RELAY-1 a row before a hole that repeats what lies behind it is kept whole', () => {
    const { room, appended } = open();
    const { add, updates } = device();
    add('Hall');
    room.publish(updates[0] as Uint8Array, AUTHOR);
    appended[0]?.decide({ ok: true, seq: 2 });
    expect(room.takeStored(1, updates[0] as Uint8Array)).toBe(true);
    expect([room.log.head, rowsUpTo(room, 1)]).toEqual([2, [Buffer.from(updates[0] as Uint8Array)]]);
  });

  it('RELAY-8 somebody who joins gets a repeated row once more at most, and what they have in full not at all', () => {
    const { room } = open();
    const { doc, add, updates } = device();
    add('Hall');
    room.publish(updates[0] as Uint8Array, AUTHOR);
    room.takeStored(1, updates[0] as Uint8Array);
    const caughtUp = room.history.catchUp(Y.decodeStateVector(Y.encodeStateVector(doc)));
    expect(caughtUp).toMatchObject({ type: 'tail', frames: [{ length: 0 }] });
    const joiner = new Y.Doc();
    for (const [index] of room.history.tail.entries.entries())
      Y.applyUpdate(joiner, room.history.tail.updateAt(index));
    expect(joiner.getArray('s7').toJSON()).toEqual(doc.getArray('s7').toJSON());
  });

  it('a row that the database refuses for good ends the room and is never called durable', () => {
    const { room, appended, heard } = open();
    const { add, updates } = device();
    add('Hall');
    let isDurable = false;
    const onDurable = () => {
      isDurable = true;
    };
    room.publish(updates[0] as Uint8Array, { ...AUTHOR, onDurable }, 1);
    appended[0]?.decide({ ok: false, code: 'not-found' });
    expect([heard, isDurable, room.unstored]).toEqual([['not-found'], false, 1]);
  });
});
