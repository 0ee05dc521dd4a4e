// PERF-3 and PERF-4: what it costs to bring somebody up to date, and to have them there.
import * as Y from 'yjs';
import { bigListUpdate, makeUpdates, roomName } from './documents.ts';
import { type Measured, measure, median } from './measure.ts';
import { joinMany, Peer, type Server } from './peer.ts';
import { memoryOf } from './process.ts';
import type { RunningServer } from './servers.ts';
import { until } from './wait.ts';

/** A room with the big list in it; the relay has stored it and made its snapshot. */
export type FilledRoom = {
  readonly room: string;
  /** Until then somebody is there: a server that stores nothing would forget the list. */
  leave(): void;
};

export async function fillRoom(server: Server): Promise<FilledRoom> {
  const room = roomName('list');
  const [author] = await joinMany(server, room, 1);
  author?.send(bigListUpdate(), 'step2');
  const look = async () => {
    const peer = new Peer(server, room);
    await peer.joined;
    peer.close();
    return peer.hasSnapshot || (server.dialect !== 'relay' && peer.joinBytes >= bigListUpdate().length);
  };
  await until(look, 'the snapshot of a big list');
  return { room, leave: () => author?.close() };
}

/** `joiners` sockets that open the big list with nothing of it. Unit: one join. */
export async function coldJoins(server: Server, room: string, joiners: number): Promise<Measured> {
  return await measure(server.pid, joiners, async () => {
    for (const peer of await joinMany(server, room, joiners)) {
      // Compressed, a list is a fifth of its size.
      if (peer.joinBytes < bigListUpdate().length / 20) throw new Error('bench: a joiner got no list');
      peer.close();
    }
  });
}

/** Somebody who comes back with all but the last edit: until they are up to date again, from asking. */
export async function returns(server: Server, room: string, times: number) {
  const [author] = await joinMany(server, room, 1);
  const updates = makeUpdates(times + 1);
  const list = Y.parseUpdateMeta(bigListUpdate()).to;
  const waits: number[] = [];
  const measured = await measure(server.pid, times, async () => {
    for (const [index, update] of updates.entries()) {
      const stored = new Promise<void>((done) => {
        if (author !== undefined) author.onStored = () => done();
      });
      author?.send(update);
      await stored;
      if (index === 0) continue;
      const { to } = Y.parseUpdateMeta(update);
      const behind = new Map([...list, ...[...to].map(([client, clock]) => [client, clock - 1] as const)]);
      const start = performance.now();
      const peer = new Peer(server, room, { stateVector: Y.encodeStateVector(behind) });
      await peer.joined;
      waits.push(performance.now() - start);
      if (peer.hasSnapshot) throw new Error('bench: a returning client was sent everything');
      peer.close();
    }
  });
  author?.close();
  return { measured, waitMs: median(waits) };
}

/** Bytes of the process for each idle socket, over `rooms` rooms. */
export async function idleBytes(server: RunningServer, sockets: number): Promise<number> {
  const perRoom = 20;
  const open = async (count: number) => {
    const peers: Peer[] = [];
    for (let i = 0; i < count / perRoom; i++)
      peers.push(...(await joinMany(server, roomName('idle'), perRoom)));
    return peers;
  };
  // Pools, buffers and compiled code that come with the first sockets stay: they are not what a socket costs.
  for (const peer of await open(sockets / 5)) peer.close();
  const before = await memoryOf(server.inspector);
  const peers = await open(sockets);
  const after = await memoryOf(server.inspector);
  for (const peer of peers) peer.close();
  return (after.rss - before.rss) / sockets;
}

/** Bytes of heap and buffers that a stored list takes once somebody has opened it, per byte of its update. */
export async function roomFactor(server: RunningServer, room: string): Promise<number> {
  const before = await memoryOf(server.inspector);
  const [peer] = await joinMany(server, room, 1);
  const after = await memoryOf(server.inspector);
  peer?.close();
  return (after.heap - before.heap) / bigListUpdate().length;
}
