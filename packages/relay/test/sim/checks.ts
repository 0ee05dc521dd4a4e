// What must hold at every step of a simulation, whatever has happened until then.
import { expect } from 'vitest';
import * as Y from 'yjs';
import type { Room } from '../../src/room/room.ts';
import type { FaultStore, StoredRow } from './fault-store.ts';
import { FIRST_POISON_CLIENT, POISON_MARK } from './poison.ts';
import { ATTACKER } from './sim-attacker.ts';
import type { SimDevice } from './sim-device.ts';
import type { SimRelay } from './sim-relay.ts';

export interface Checks {
  /** A message goes to a socket: never with the very bytes of what was refused. */
  sent(message: Uint8Array): void;
  /** A row was stored: its sender is an honest one, and nothing of what was refused is in it. */
  stored(row: StoredRow): void;
  /** Receipt means stored; nobody has what was refused; no room is gone before its rows are stored. */
  step(): void;
  /** What can be loaded is what was stored, and rooms are whole. */
  store(): Promise<void>;
}

export interface ChecksOptions {
  readonly store: FaultStore;
  readonly relays: readonly SimRelay[];
  readonly devices: readonly SimDevice[];
  /** The bytes of what was refused. */
  readonly refused: () => readonly Buffer[];
  readonly violations: string[];
}

const SHARDS = ['s0', 's1', 's2'] as const;

export function shown(doc: Y.Doc): Record<string, unknown> {
  return Object.fromEntries(SHARDS.map((name) => [name, doc.getArray(name).toJSON()]));
}

/** Values of all registers. */
export function valuesOf(doc: Y.Doc): Set<unknown> {
  const entries = SHARDS.flatMap((name) => doc.getArray<unknown>(name).toArray());
  return new Set(entries.map((entry) => (Array.isArray(entry) ? entry[2] : entry)));
}

const poisonIn = (clients: Iterable<number>) =>
  [...clients].filter((client) => client >= FIRST_POISON_CLIENT);

export function createChecks({ store, relays, devices, refused, violations }: ChecksOptions): Checks {
  function holdsPoison(bytes: Uint8Array): boolean {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return refused().some((poison) => poison.length <= buffer.length && buffer.includes(poison));
  }

  function checkReceipts(device: SimDevice): void {
    const confirmed = device.takeConfirmed();
    if (confirmed.length > 0) {
      const there = valuesOf(store.truth);
      const lost = confirmed.filter(
        (value) => !there.has(value) && !devices.some(({ deleted }) => deleted.has(value)),
      );
      expect(lost, `${device.name} has a receipt for them`).toEqual([]);
    }
    if (device.lineage !== store.lineage) return;
    for (const [client, clock] of device.receipted)
      expect(Y.getState(store.truth.store, client), `${device.name} has a receipt`).toBeGreaterThanOrEqual(
        clock,
      );
  }

  /** Who joins it gets all that it has let in. */
  function checkRoom(name: string, { guard, history }: Room): void {
    expect(poisonIn(guard.clocks.keys()), `${name} has what was refused`).toEqual([]);
    const joiner = new Y.Doc();
    if (history.snapshot !== undefined) Y.applyUpdate(joiner, history.snapshot.update);
    for (const index of history.tail.entries.keys()) Y.applyUpdate(joiner, history.tail.updateAt(index));
    expect(joiner.store.pendingStructs, `a gap in the room of ${name}`).toBeNull();
    const clocks = Y.decodeStateVector(Y.encodeStateVector(joiner));
    expect(clocks, `the room of ${name}`).toEqual(new Map(guard.clocks));
  }

  return {
    sent(message) {
      if (holdsPoison(message)) violations.push('a refused update was handed on');
    },
    stored({ sender, data }) {
      if (sender === ATTACKER || holdsPoison(data)) violations.push('a refused update is in the log');
    },
    step() {
      for (const relay of relays) relay.check();
      expect(violations).toEqual([]);
      for (const device of devices) {
        checkReceipts(device);
        expect(poisonIn(device.doc.store.clients.keys()), `${device.name} has what was refused`).toEqual([]);
        expect(device.doc.share.has('evil'), `${device.name} has what was refused`).toBe(false);
      }
    },
    async store() {
      const loaded = await store.loaded();
      expect(loaded.store.pendingStructs, 'a gap in the log').toBeNull();
      expect(shown(loaded), 'snapshot and log are what was stored').toEqual(shown(store.truth));
      expect(Y.encodeStateVector(loaded)).toEqual(Y.encodeStateVector(store.truth));
      expect(JSON.stringify(shown(loaded))).not.toContain(POISON_MARK);
      expect(poisonIn(loaded.store.clients.keys()), 'the log has what was refused').toEqual([]);
      for (const { name, rooms } of relays) for (const room of rooms.registry.rooms()) checkRoom(name, room);
    },
  };
}
