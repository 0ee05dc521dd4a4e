// SYNC-3: from an edit on one device until it is in the other's index, and until its receipt.
import { actorOf, createClock, createListDoc, createListIndex, createWriter } from '@wedsync/shared';
import * as Y from 'yjs';
import { couples, makeRows } from '../document/couples.ts';
import { quantile } from './measure.ts';
import { Peer, type Server } from './peer.ts';
import { until } from './wait.ts';

export type Latency = { readonly arrived: Waits; readonly stored: Waits };
/** In ms. */
export type Waits = { readonly median: number; readonly p95: number; readonly p99: number };

function openDevice(doc: Y.Doc, actor: number) {
  const index = createListIndex(doc);
  const clock = createClock({ now: Date.now, actor: actorOf(actor, 1) });
  return { doc, index, writer: createWriter({ doc, index, clock }) };
}

function waitsOf(times: readonly number[]): Waits {
  return { median: quantile(times, 0.5), p95: quantile(times, 0.95), p99: quantile(times, 0.99) };
}

/** `edits` single edits of a list with 1,000 couples, with pauses as a person makes them. */
export async function editLatency(server: Server, listId: string, edits: number): Promise<Latency> {
  const near = openDevice(createListDoc(), 1);
  const far = openDevice(createListDoc(), 2);
  const receiver = new Peer(server, listId, {
    onUpdate: (update) => Y.applyUpdate(far.doc, update(), 'relay'),
  });
  await receiver.joined;
  const sender = new Peer(server, listId);
  await sender.joined;
  let storedN = 0;
  let onStored: () => void = () => undefined;
  sender.onStored = (n) => {
    storedN = n;
    onStored();
  };
  let lastN = 0;
  near.doc.on('update', (update: Uint8Array) => {
    lastN = sender.send(update);
  });
  const rows = makeRows(couples, 1_000, 2);
  near.writer.createMany(rows);
  await until(() => storedN === lastN && [...far.index.ids()].length === rows.length, 'the first couples');

  const arrived: number[] = [];
  const stored: number[] = [];
  for (let i = 0; i < edits; i++) {
    const { id } = rows[i % rows.length] ?? { id: '' };
    const start = performance.now();
    const seen = new Promise<void>((done) => {
      const stop = far.index.subscribe(() => {
        arrived.push(performance.now() - start);
        stop();
        done();
      });
    });
    const receipt = new Promise<void>((done) => {
      onStored = () => {
        if (storedN < lastN) return;
        stored.push(performance.now() - start);
        done();
      };
    });
    near.writer.set(id, { venue: `Mill ${i}` });
    await Promise.all([seen, receipt]);
    await new Promise((done) => setTimeout(done, 10));
  }
  receiver.close();
  sender.close();
  return { arrived: waitsOf(arrived), stored: waitsOf(stored) };
}

/** `edits` made while away, sent one by one on reconnecting: ms until the last is stored. */
export async function storeOffline(server: Server, listId: string, edits: number): Promise<number> {
  const device = openDevice(createListDoc(), 3);
  const updates: Uint8Array[] = [];
  device.doc.on('update', (update: Uint8Array) => updates.push(update));
  for (const row of makeRows(couples, edits, 3)) device.writer.createMany([row]);
  const start = performance.now();
  const sender = new Peer(server, listId);
  let stored = 0;
  sender.onStored = (n) => {
    stored = n;
  };
  await sender.joined;
  for (const update of updates) sender.send(update);
  await until(() => stored >= updates.length, 'storing of the offline edits');
  sender.close();
  return performance.now() - start;
}
