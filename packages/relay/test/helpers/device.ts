// A device in tests: a document, what it wrote, and what it was told over a socket.
import { gunzipSync } from 'node:zlib';
import * as Y from 'yjs';
import { openWire, type WireSocket } from './wire-socket.ts';

export interface TestDevice {
  readonly doc: Y.Doc;
  /** Updates that it wrote itself, in order. */
  readonly updates: readonly Uint8Array[];
  /** Values of all venue registers, in order of the document. */
  values(): unknown[];
  /** Writes a venue and returns the update. */
  add(value: string): Uint8Array;
}

export function createDevice(): TestDevice {
  const doc = new Y.Doc();
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array, origin: unknown) => {
    if (origin !== 'relay') updates.push(update);
  });
  const shard = doc.getArray<unknown[]>('s1');
  let hlc = 1;
  return {
    doc,
    updates,
    values: () => shard.toArray().map((entry) => entry[2]),
    add(value) {
      hlc += 1;
      shard.push([['r', 'venue', value, hlc, 1]]);
      return updates.at(-1) as Uint8Array;
    },
  };
}

/** Applies everything that a socket was sent so far. */
export function applyAll(doc: Y.Doc, { messages }: WireSocket): void {
  const parts = messages.filter((message) => message.type === 'snapshot');
  const zipped = Buffer.concat(parts.map(({ bytes }) => bytes));
  if (parts.length > 0)
    Y.applyUpdate(doc, parts[0]?.encoding === 'gzip' ? gunzipSync(zipped) : zipped, 'relay');
  for (const message of messages) {
    const isUpdate = message.type === 'sync-update' || message.type === 'sync-step2';
    if (isUpdate) Y.applyUpdate(doc, message.update, 'relay');
  }
}

/** Opens a v1 socket for a device, asks for what it lacks and applies that. */
export async function join(syncUrl: string, token: string, documentId: string, device = createDevice()) {
  const socket = openWire(`${syncUrl}/${documentId}`, token);
  const { hello } = await socket.next('hello');
  const { stateVector } = await socket.next('sync-step1');
  socket.send({ type: 'sync-step1', stateVector: Y.encodeStateVector(device.doc) });
  await socket.next('sync-step2');
  applyAll(device.doc, socket);
  return { ...device, socket, hello, relayVector: stateVector };
}
