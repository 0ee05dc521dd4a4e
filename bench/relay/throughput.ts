// PERF-1, PERF-2, PERF-5: CPU of a server for updates that it passes on.
import { countEdits, makeUpdates, roomName } from './documents.ts';
import { type Measured, measure } from './measure.ts';
import { joinAll, joinMany, Peer, type Server } from './peer.ts';
import { quiet, until } from './wait.ts';

/** 4 writers, `receivers` readers, at most `window` edits of each writer on their way. Unit: one delivery. */
export async function fanOut(
  server: Server,
  options: { edits: number; receivers: number; window: number; room?: string },
): Promise<Measured> {
  const room = options.room ?? roomName('fanout');
  const readers = await joinMany(server, room, options.receivers);
  const writers = await joinMany(server, room, 4);
  const updates = writers.map(() => makeUpdates(options.edits));
  const total = options.edits * writers.length;
  const [probe] = readers;
  if (probe === undefined) throw new Error('bench: no reader');
  const measured = await measure(server.pid, total * options.receivers, async () => {
    let sent = 0;
    let delivered = 0;
    const pump = () => {
      while (sent < total && sent - delivered < options.window * writers.length) {
        const update = updates[sent % writers.length]?.[Math.floor(sent / writers.length)];
        if (update !== undefined) writers[sent % writers.length]?.send(update);
        sent += 1;
      }
    };
    probe.onUpdate = (update) => {
      delivered += countEdits(update());
      pump();
    };
    pump();
    // All readers are sent the same, so who has as many bytes as the one that was looked into has everything.
    const isDone = () =>
      delivered >= total && readers.every(({ updateBytes }) => updateBytes >= probe.updateBytes);
    await until(isDone, 'delivery to all readers');
  });
  for (const peer of [...readers, ...writers]) peer.close();
  return measured;
}

/**
 * `rooms` rooms of one writer and one reader; in each, an edit follows when the one before has arrived, and not more
 * than `active` are on their way in all. Unit: one update.
 */
export async function manyRooms(
  server: Server,
  options: { rooms: number; updates: number; active: number; prefix?: string },
): Promise<Measured> {
  const prefix = options.prefix ?? roomName('rooms');
  const each = Math.ceil(options.updates / options.rooms);
  const names = Array.from({ length: options.rooms }, (_, i) => `${prefix}-${i}`);
  const readers = await joinAll(names, (name) => new Peer(server, name));
  const writers = await joinAll(names, (name) => new Peer(server, name));
  const updates = writers.map(() => makeUpdates(each));
  const total = each * options.rooms;
  const measured = await measure(server.pid, total, async () => {
    let sent = 0;
    let delivered = 0;
    const sendNext = () => {
      if (sent >= total) return;
      const update = updates[sent % options.rooms]?.[Math.floor(sent / options.rooms)];
      const writer = writers[sent % options.rooms];
      sent += 1;
      if (update !== undefined) writer?.send(update);
    };
    for (const reader of readers)
      reader.onUpdate = () => {
        delivered += 1;
        sendNext();
      };
    for (let i = 0; i < options.active; i++) sendNext();
    await until(() => delivered >= total, 'delivery in all rooms');
  });
  for (const peer of [...readers, ...writers]) peer.close();
  return measured;
}

/** `edits` updates of one writer after the other, until all is stored and the server rests. Unit: one update. */
export async function streamInto(
  server: Server,
  room: string,
  options: { edits: number; window: number },
): Promise<Measured> {
  const updates = makeUpdates(options.edits);
  const [reader, writer] = await joinMany(server, room, 2);
  const measured = await measure(server.pid, options.edits, async () => {
    let sent = 0;
    let stored = 0;
    let delivered = 0;
    const pump = () => {
      for (; sent < updates.length && sent - stored < options.window; sent++)
        writer?.send(updates[sent] ?? new Uint8Array());
    };
    if (writer !== undefined)
      writer.onStored = (n) => {
        stored = n;
        pump();
      };
    if (reader !== undefined)
      reader.onUpdate = () => {
        delivered += 1;
      };
    pump();
    await until(() => delivered >= options.edits && stored >= options.edits, 'storing of all edits');
    // What it has to compact because of them is part of what they cost.
    await quiet(server.pid);
  });
  reader?.close();
  writer?.close();
  return measured;
}
