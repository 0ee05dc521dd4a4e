// Rooms and devices for unit tests of this folder; never imported by shipped code.
import * as Y from 'yjs';
import type { AppendResult } from '../../store/append-row.ts';
import { createRoomGuard } from '../guard.ts';
import { createHistory } from '../history.ts';
import { createRoom, type RoomOptions } from '../room.ts';
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
    append: async (): Promise<AppendResult> => {
      seq += 1;
      return { ok: true, seq };
    },
    onStored: () => undefined,
    onAppendRefused: () => undefined,
    onHole: () => undefined,
    ...overrides,
  });
  return { room, endTurn: () => endTurn?.() };
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
