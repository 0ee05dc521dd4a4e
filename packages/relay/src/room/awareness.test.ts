import { decodeMessage, encodeMessage, WIRE_LIMITS } from '@wedsync/shared';
import * as encoding from 'lib0/encoding';
import { describe, expect, it } from 'vitest';
import { Awareness, applyAwarenessUpdate, encodeAwarenessUpdate } from 'y-protocols/awareness';
import * as Y from 'yjs';
import type { Principal } from '../auth/principal.ts';
import { createRoomAwareness, MAX_MEMBER_BYTES, MAX_ROOM_BYTES } from './awareness.ts';
import type { Member } from './fan-out.ts';

const member = (): Member => ({ write: () => undefined });
const person = (name: string): Principal => ({
  kind: 'person',
  userId: `id-${name}`,
  email: '',
  name,
  expiresAt: 0,
});
const ana = person('ana');

/** A browser's own awareness, with its document's client id. */
function device(state: Record<string, unknown>) {
  const awareness = new Awareness(new Y.Doc());
  awareness.setLocalState(state);
  const id = awareness.clientID;
  return {
    awareness,
    id,
    says: () => encodeAwarenessUpdate(awareness, [id]),
    stop: () => awareness.destroy(),
  };
}

/** An update of one entry with this text as its state. */
function says(json: string, id = 1): Uint8Array {
  const encoder = encoding.createEncoder();
  for (const number of [1, id, 1]) encoding.writeVarUint(encoder, number);
  encoding.writeVarString(encoder, json);
  return encoding.toUint8Array(encoder);
}

/** What a fresh listener understands of an update. */
function heard(...updates: (Uint8Array | undefined)[]): Map<number, unknown> {
  const listener = new Awareness(new Y.Doc());
  listener.setLocalState(null);
  for (const update of updates) if (update !== undefined) applyAwarenessUpdate(listener, update, 'test');
  const states = new Map(listener.getStates());
  listener.destroy();
  return states;
}

describe('SYNC-7 presence', () => {
  it('the name comes from the token, the colour and the rest from the device', () => {
    const room = createRoomAwareness();
    const tab = device({
      user: { id: 'id-boss', name: 'Boss', color: '#ff8800', admin: true },
      record: 'r1',
    });
    const result = room.receive(member(), ana, tab.says());
    expect(result.ok && heard(result.update).get(tab.id)).toEqual({
      user: { id: 'id-ana', name: 'ana', color: '#ff8800' },
      record: 'r1',
    });
    expect(heard(...room.everybody()).get(tab.id)).toMatchObject({ user: { name: 'ana' } });
    tab.stop();
  });

  it('a colour that is none is left out', () => {
    const room = createRoomAwareness();
    const tab = device({ user: { color: 'url(https://evil.example)' } });
    const result = room.receive(member(), ana, tab.says());
    expect(result.ok && heard(result.update).get(tab.id)).toEqual({ user: { id: 'id-ana', name: 'ana' } });
    tab.stop();
  });

  it('nobody speaks for another socket: neither changing nor removing its state', () => {
    const room = createRoomAwareness();
    const [anaSocket, malSocket] = [member(), member()];
    const tab = device({ record: 'r1' });
    room.receive(anaSocket, ana, tab.says());
    tab.awareness.setLocalState({ record: 'r2' });
    expect(room.receive(malSocket, person('mal'), tab.says())).toEqual({ ok: true, update: undefined });
    tab.awareness.setLocalState(null);
    expect(room.receive(malSocket, person('mal'), tab.says())).toEqual({ ok: true, update: undefined });
    expect(heard(...room.everybody()).get(tab.id)).toMatchObject({ record: 'r1', user: { name: 'ana' } });
    expect(room.leave(malSocket)).toBeUndefined();
    tab.stop();
  });

  it('a repeat is not passed on, a newer state and a leave are', () => {
    const room = createRoomAwareness();
    const socket = member();
    const tab = device({ record: 'r1' });
    const first = room.receive(socket, ana, tab.says());
    expect(room.receive(socket, ana, tab.says())).toEqual({ ok: true, update: undefined });
    tab.awareness.setLocalState({ record: 'r2' });
    const second = room.receive(socket, ana, tab.says());
    expect(second.ok && heard(second.update).get(tab.id)).toMatchObject({ record: 'r2' });
    const gone = room.leave(socket);
    expect(heard(first.ok ? first.update : undefined, gone).has(tab.id)).toBe(false);
    expect(room.everybody()).toEqual([]);
    tab.stop();
  });

  it('a service is believed about whom it speaks for', () => {
    const room = createRoomAwareness();
    const tab = device({ user: { name: 'Imported' } });
    const result = room.receive(member(), { kind: 'service', expiresAt: 0 }, tab.says());
    expect(result.ok && heard(result.update).get(tab.id)).toEqual({ user: { name: 'Imported' } });
    tab.stop();
  });

  it('RELAY-6 one socket holds 32 ids, not 33', () => {
    const room = createRoomAwareness();
    const socket = member();
    const tabs = Array.from({ length: 33 }, () => device({}));
    const counted = tabs
      .map(({ says }) => room.receive(socket, ana, says()))
      .map((result) => result.ok && result.update !== undefined);
    expect(counted.filter(Boolean)).toHaveLength(32);
    expect(counted[32]).toBe(false);
    for (const tab of tabs) tab.stop();
  });

  const saysText = (length: number, id?: number) => says(JSON.stringify({ text: 'x'.repeat(length) }), id);
  /** The longest text that a room takes from a person with a socket of their own. */
  function longestTaken(): number {
    let length = MAX_MEMBER_BYTES;
    while (!createRoomAwareness().receive(member(), ana, saysText(length)).ok) length -= 1;
    return length;
  }

  it('RELAY-6 a message longer than the limit is refused, whatever it says', () => {
    const says = saysText(10);
    const padded = (bytes: number) => Buffer.concat([says, Buffer.alloc(bytes - says.length)]);
    expect(createRoomAwareness().receive(member(), ana, says).ok).toBe(true);
    expect(createRoomAwareness().receive(member(), ana, padded(WIRE_LIMITS.awarenessBytes + 1)).ok).toBe(
      false,
    );
  });

  it('RELAY-6 what one socket may say is counted with the name that the relay adds', () => {
    const length = longestTaken();
    const longName = person('a'.repeat(50));
    const room = createRoomAwareness();
    const taken = room.receive(member(), ana, saysText(length));
    expect(taken.ok && taken.update?.length).toBeGreaterThan(MAX_MEMBER_BYTES - 20);
    expect(createRoomAwareness().receive(member(), ana, saysText(length + 1)).ok).toBe(false);
    expect(createRoomAwareness().receive(member(), longName, saysText(length)).ok).toBe(false);
  });

  it('RELAY-6 the ids of one socket share what it may say, and get it back when they go', () => {
    const room = createRoomAwareness();
    const socket = member();
    const [first, second] = [device({ text: 'x'.repeat(9_000) }), device({ text: 'y'.repeat(9_000) })];
    expect(room.receive(socket, ana, first.says()).ok).toBe(true);
    first.awareness.setLocalState(null);
    expect(room.receive(socket, ana, first.says()).ok).toBe(true);
    expect(room.receive(socket, ana, second.says()).ok).toBe(true);
    first.awareness.setLocalState({ text: 'x'.repeat(9_000) });
    expect(room.receive(socket, ana, first.says()).ok).toBe(false);
    for (const tab of [first, second]) tab.stop();
  });

  it('RELAY-6 whatever is passed on and whatever a joiner gets fits a message that a device takes', () => {
    const room = createRoomAwareness();
    const length = longestTaken();
    const sockets = Array.from({ length: 5 }, member);
    const passed: (Uint8Array | undefined)[] = [];
    for (const [id, socket] of sockets.entries()) {
      const result = room.receive(socket, ana, saysText(length, id));
      passed.push(result.ok ? result.update : undefined);
    }
    const everybody = room.everybody();
    expect(heard(...everybody).size).toBe(5);
    for (const socket of sockets) passed.push(room.leave(socket));
    expect(room.everybody()).toEqual([]);
    for (const update of [...passed, ...everybody]) {
      if (update === undefined) throw new Error('nothing was passed on');
      expect(decodeMessage(encodeMessage({ type: 'awareness', update })).ok).toBe(true);
    }
  });

  it('RELAY-6 a room that is full of presence lets the rest go unseen, and takes more when somebody leaves', () => {
    const room = createRoomAwareness();
    const fitting = Math.floor(MAX_ROOM_BYTES / saysText(15_000).length);
    const sockets = Array.from({ length: fitting + 1 }, member);
    const seen = sockets.map((socket, id) => room.receive(socket, ana, saysText(15_000, id)));
    expect(seen.every(({ ok }) => ok)).toBe(true);
    expect(seen.filter((result) => result.ok && result.update !== undefined).length).toBeLessThan(
      sockets.length,
    );
    expect(room.everybody().reduce((sum, { length }) => sum + length, 0)).toBeLessThanOrEqual(
      MAX_ROOM_BYTES + 1_000,
    );
    for (const socket of sockets.slice(0, 5)) room.leave(socket);
    const later = room.receive(member(), ana, saysText(15_000, 1_000));
    expect(later.ok && later.update).toBeInstanceOf(Uint8Array);
  });

  for (const [name, bytes] of Object.entries({
    empty: [],
    'a count without entries': [200, 1],
    'not JSON': [1, 1, 1, 1, 0x7b],
    'a number as state': [1, 1, 1, 1, 0x31],
    'a list as state': [1, 1, 1, 2, 0x5b, 0x5d],
    'bytes after the end': [0, 0],
    'a state nested deeper than can be written again': says(`{"a":${'['.repeat(8_000)}${']'.repeat(8_000)}}`),
  })) {
    it(`RELAY-5 ${name} is refused`, () => {
      expect(createRoomAwareness().receive(member(), ana, Uint8Array.from(bytes))).toEqual({ ok: false });
    });
  }
});
