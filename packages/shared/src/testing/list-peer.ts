// One device with one list, for tests: document, index, clock and writer, without a network.
import * as Y from 'yjs';
import { actorOf, type Clock, createClock } from '../doc/clock.ts';
import { createListDoc } from '../doc/layout.ts';
import { createListIndex, type ListIndex } from '../doc/list-index.ts';
import { createWriter, type ListWriter } from '../doc/writer.ts';

export type ListPeer = { doc: Y.Doc; index: ListIndex; clock: Clock; writer: ListWriter };

/** 22 November 2026, noon UTC. */
export const TEST_NOW_MS = Date.UTC(2026, 10, 22, 12);

/** A peer whose wall clock stands `skewMs` off `TEST_NOW_MS`. */
export function createListPeer(device: number, skewMs = 0): ListPeer {
  const doc = createListDoc();
  const index = createListIndex(doc);
  const clock = createClock({ now: () => TEST_NOW_MS + skewMs, actor: actorOf(device, 1) });
  return { doc, index, clock, writer: createWriter({ doc, index, clock }) };
}

/** Both have everything that either had. */
export function syncPeers(...peers: ListPeer[]): void {
  for (const to of peers) for (const from of peers) deliver(from, to);
}

/** One way: what `from` has and `to` lacks. */
export function deliver(from: ListPeer, to: ListPeer): void {
  Y.applyUpdate(to.doc, Y.encodeStateAsUpdate(from.doc, Y.encodeStateVector(to.doc)));
}
