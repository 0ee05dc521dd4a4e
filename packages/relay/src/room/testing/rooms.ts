// Rooms and devices for unit tests of this folder; never imported by shipped code.
import * as Y from 'yjs';
import { createRoomGuard } from '../guard.ts';
import { createHistory } from '../history.ts';
import { createRoom, type Publication, type Room, type RoomOptions } from '../room.ts';
import { createTurn } from '../turn.ts';

/** A moment in the middle of the project's time. */
export const TEST_NOW = Date.UTC(2026, 10, 22);

/** A room of a list, empty unless said otherwise, whose turns end when the test says so. */
export function createGuardedRoom(overrides: Partial<RoomOptions> = {}) {
  let endTurn: (() => void) | undefined;
  let seq = 0;
  const room = createRoom({
    documentId: 'l_test',
    lineage: 'one',
    turn: createTurn((callback) => {
      endTurn = callback;
    }),
    guard: createRoomGuard('list', () => TEST_NOW),
    history: createHistory(undefined),
    headSeq: 0,
    maxDocumentBytes: 1_000_000,
    hasRoomFor: () => true,
    append: (_update, _author, onDecided) => {
      seq += 1;
      const result = { ok: true, seq } as const;
      queueMicrotask(() => onDecided(result));
    },
    onStored: () => undefined,
    onAppendRefused: () => undefined,
    onHole: () => undefined,
    ...overrides,
  });
  return { room, endTurn: () => endTurn?.() };
}

/** Publishes an update; `durable` resolves when it is stored with all before it. */
export function publish(room: Room, update: Uint8Array): { published: Publication; durable: Promise<void> } {
  const { promise: durable, resolve } = Promise.withResolvers<void>();
  const published = room.publish(update, { sender: 'ana', onDurable: () => resolve() }, 1);
  return { published, durable };
}

/** A document that writes venues of one record and remembers its updates. */
export function createTestDevice() {
  const doc = new Y.Doc();
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(update));
  return {
    doc,
    updates,
    add(value: string): Uint8Array {
      doc.getArray('s7').push([['r', 'venue', value, 1, 1]]);
      return updates.at(-1) as Uint8Array;
    },
  };
}
