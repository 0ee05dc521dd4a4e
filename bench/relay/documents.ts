// What the load generator writes: made before anything is measured.
import * as Y from 'yjs';
import { couples, makeRows } from '../document/couples.ts';
import { load, wedsync } from '../document/layouts.ts';

/** Updates of one writer, each an edit of one field, in order. */
export function makeUpdates(count: number): Uint8Array[] {
  const doc = new Y.Doc();
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(update));
  const rows = doc.getArray('rows');
  for (let i = 0; i < count; i++) rows.push([['r', 'status', `value ${i}`, i]]);
  doc.destroy();
  return updates;
}

/** Edits in an update; a server that merges updates of one turn hands on one that has several. */
export function countEdits(update: Uint8Array): number {
  return Y.decodeUpdate(update).structs.reduce((sum, struct) => sum + struct.length, 0);
}

let bigList: Uint8Array | undefined;

/** A list of 10,000 couples of 15 fields, as one update. */
export function bigListUpdate(): Uint8Array {
  if (bigList === undefined) {
    const list = load(wedsync, Y.encodeStateAsUpdate(new Y.Doc()));
    list.import(makeRows(couples, 10_000, 1));
    bigList = Y.encodeStateAsUpdate(list.doc);
    list.doc.destroy();
  }
  return bigList;
}

let names = 0;
export function roomName(kind: string): string {
  names += 1;
  return `${kind}-${process.pid}-${names}`;
}
