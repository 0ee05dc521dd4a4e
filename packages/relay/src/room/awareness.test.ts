import { describe, expect, it } from 'vitest';
import { Awareness, applyAwarenessUpdate, encodeAwarenessUpdate } from 'y-protocols/awareness';
import * as Y from 'yjs';
import type { Principal } from '../auth/principal.ts';
import { createRoomAwareness, MAX_AWARENESS_BYTES } from './awareness.ts';
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
    expect(heard(room.everybody()).get(tab.id)).toMatchObject({ user: { name: 'ana' } });
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
    expect(heard(room.everybody()).get(tab.id)).toMatchObject({ record: 'r1', user: { name: 'ana' } });
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
    expect(room.everybody()).toBeUndefined();
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

  it('RELAY-6 a message at the size limit is taken, one byte more is not', () => {
    const sized = (bytes: number) => {
      const tab = device({ text: '' });
      const text = 'x'.repeat(bytes - tab.says().length - 4);
      tab.awareness.setLocalState({ text });
      const says = tab.says();
      tab.stop();
      return says;
    };
    let fitting = sized(MAX_AWARENESS_BYTES);
    for (
      let bytes = MAX_AWARENESS_BYTES;
      fitting.length !== MAX_AWARENESS_BYTES;
      bytes += MAX_AWARENESS_BYTES - fitting.length
    )
      fitting = sized(bytes);
    expect(createRoomAwareness().receive(member(), ana, fitting).ok).toBe(true);
    expect(createRoomAwareness().receive(member(), ana, Buffer.concat([fitting, Buffer.alloc(1)])).ok).toBe(
      false,
    );
  });

  for (const [name, bytes] of Object.entries({
    empty: [],
    'a count without entries': [200, 1],
    'not JSON': [1, 1, 1, 1, 0x7b],
    'a number as state': [1, 1, 1, 1, 0x31],
    'a list as state': [1, 1, 1, 2, 0x5b, 0x5d],
    'bytes after the end': [0, 0],
  })) {
    it(`RELAY-5 ${name} is refused`, () => {
      expect(createRoomAwareness().receive(member(), ana, Uint8Array.from(bytes))).toEqual({ ok: false });
    });
  }
});
