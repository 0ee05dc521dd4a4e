// The relay beside the raw broadcaster: the same load on both, one after the other, in one run. What is compared is
// the CPU time of the server process per unit of work, which is steadier than wall time on a shared machine.
import * as Y from 'yjs';
import { cpuMs, makeUpdates, Peer, type Server, syncMessage, until } from './load.ts';

export type Measured = { cpuMs: number; units: number; wallMs: number };

async function measure(server: Server, units: number, work: () => Promise<void>): Promise<Measured> {
  const cpuBefore = cpuMs(server.pid);
  const start = performance.now();
  await work();
  return { cpuMs: cpuMs(server.pid) - cpuBefore, units, wallMs: performance.now() - start };
}

let run = 0;
const roomName = (kind: string) => `${kind}-${process.pid}-${run++}`;

async function join(server: Server, room: string, count: number): Promise<Peer[]> {
  const peers = Array.from({ length: count }, () => new Peer(server, room));
  await Promise.all(peers.map((peer) => peer.opened));
  return peers;
}

/** 4 writers, `receivers` readers, at most `window` edits of each writer on their way. Unit: one delivery. */
export async function fanOut(server: Server, options: { edits: number; receivers: number; window: number }) {
  const room = roomName('fanout');
  const readers = await join(server, room, options.receivers);
  const writers = await join(server, room, 4);
  const updates = writers.map(() => makeUpdates(options.edits));
  const total = options.edits * writers.length;
  const measured = await measure(server, total * options.receivers, async () => {
    const probe = readers[0];
    let sent = 0;
    const pump = () => {
      while (sent < total && sent - (probe?.received ?? 0) < options.window * writers.length) {
        const writer = sent % writers.length;
        const message = updates[writer]?.[Math.floor(sent / writers.length)];
        if (message !== undefined) writers[writer]?.send(message);
        sent += 1;
      }
    };
    if (probe !== undefined) probe.onUpdate = pump;
    pump();
    await until(() => readers.every((reader) => reader.received >= total), 'delivery to all readers');
  });
  for (const peer of [...readers, ...writers]) peer.close();
  return measured;
}

/** `rooms` rooms of one writer and one reader, each writer sending one edit after the other. Unit: one update. */
export async function manyRooms(server: Server, options: { rooms: number; edits: number }) {
  const prefix = roomName('rooms');
  const pairs: { reader: Peer; writer: Peer; updates: Uint8Array[] }[] = [];
  for (let i = 0; i < options.rooms; i++) {
    const [reader, writer] = await join(server, `${prefix}-${i}`, 2);
    if (reader !== undefined && writer !== undefined)
      pairs.push({ reader, writer, updates: makeUpdates(options.edits) });
  }
  const measured = await measure(server, options.rooms * options.edits, async () => {
    for (const { reader, writer, updates } of pairs) {
      let next = 0;
      reader.onUpdate = () => {
        const message = updates[next++];
        if (message !== undefined) writer.send(message);
      };
      reader.onUpdate();
    }
    await until(() => pairs.every(({ reader }) => reader.received >= options.edits), 'delivery in all rooms');
  });
  for (const { reader, writer } of pairs) for (const peer of [reader, writer]) peer.close();
  return measured;
}

/** A list of `records` couples of 15 fields, as one update. */
function bigListUpdate(records: number): Uint8Array {
  const doc = new Y.Doc();
  const rows = doc.getArray('rows');
  const fields = Object.fromEntries(
    Array.from({ length: 15 }, (_, i) => [`field${i}`, `a value ${i} of a couple`]),
  );
  rows.push(Array.from({ length: records }, (_, i) => [`record-${i}`, fields, i, 1]));
  const update = Y.encodeStateAsUpdate(doc);
  doc.destroy();
  return update;
}

/** `joiners` sockets that open a big document with nothing of it, one after the other. Unit: one join. */
export async function coldJoin(server: Server, options: { joiners: number; records: number }) {
  const room = roomName('stored');
  const update = bigListUpdate(options.records);
  const [author] = await join(server, room, 1);
  author?.send(syncMessage(2, update));
  const emptyVector = Y.encodeStateVector(new Y.Doc());
  const read = async () => {
    const [peer] = await join(server, room, 1);
    peer?.sendStateVector(emptyVector);
    await until(() => (peer?.receivedBytes ?? 0) >= update.length * 0.95, 'the whole document at a joiner');
    peer?.close();
  };
  await read();
  const measured = await measure(server, options.joiners, async () => {
    for (let i = 0; i < options.joiners; i++) await read();
  });
  author?.close();
  return measured;
}
