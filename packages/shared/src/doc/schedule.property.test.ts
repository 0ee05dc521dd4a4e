// Seeded schedules of peers that edit, delete, restore, lose and repeat messages, restart and disagree about the time.
// After every step: the incremental index equals a rebuilt one. At the end: all peers show the same, and what is live
// is exactly what was written minus what somebody who saw it overwrote.
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { createRandom, type Random } from '../testing/random.ts';
import { actorOf, createClock } from './clock.ts';
import { type Entry, type FieldValue, isBase, isRegister, stampKey } from './entry.ts';
import { createListDoc, shardOf } from './layout.ts';
import { createListIndex, type ListIndex } from './list-index.ts';
import { partsOf, viewOf } from './live.ts';
import { createWriter, type ListWriter } from './writer.ts';

const dayMs = 86_400_000;
const startMs = Date.UTC(2026, 10, 22);

type Peer = {
  doc: Y.Doc;
  index: ListIndex;
  writer: ListWriter;
  inbox: Uint8Array[];
  device: number;
  skewMs: number;
};
type Schedule = {
  peers: number;
  steps: number;
  isRebuiltAtEachStep: boolean;
  ids: readonly string[];
  fields: readonly string[];
};

/** Ids that share one shard: where superseding and deleting get in each other's way. */
function idsOfOneShard(count: number): string[] {
  const ids: string[] = [];
  for (let i = 0; ids.length < count; i++) if (shardOf(`r${i}`) === shardOf('r0')) ids.push(`r${i}`);
  return ids;
}

/** What each write overwrote, known to the test alone: value key → the keys that its author saw and replaced. */
class Oracle {
  readonly written = new Map<string, { id: string; field: string }>();
  readonly overwritten = new Set<string>();

  static key(id: string, field: string, value: FieldValue, hlc: number, actor: number): string {
    return JSON.stringify([id, field, value, stampKey(hlc, actor)]);
  }

  see(index: ListIndex, id: string, fields: readonly string[] | undefined): void {
    for (const [field, values] of partsOf(index.entriesOf(id)).live) {
      if (fields !== undefined && !fields.includes(field)) continue;
      for (const { value, hlc, actor } of values)
        this.overwritten.add(Oracle.key(id, field, value, hlc, actor));
    }
  }

  write(entries: readonly Entry[]): void {
    for (const entry of entries) {
      if (isRegister(entry)) this.#add(entry[0], entry[1], entry[2], entry[3], entry[4]);
      if (isBase(entry))
        for (const [field, value] of Object.entries(entry[1]))
          this.#add(entry[0], field, value, entry[2], entry[3]);
    }
  }

  live(id: string): string[] {
    return [...this.written]
      .filter(([key, of]) => of.id === id && !this.overwritten.has(key))
      .map(([key]) => key)
      .sort();
  }

  #add(id: string, field: string, value: FieldValue, hlc: number, actor: number): void {
    this.written.set(Oracle.key(id, field, value, hlc, actor), { id, field });
  }
}

function createPeer(
  device: number,
  skewMs: number,
  now: () => number,
  random: Random,
  state?: Uint8Array,
): Peer {
  const doc = createListDoc();
  if (state !== undefined) Y.applyUpdate(doc, state);
  const index = createListIndex(doc);
  const clock = createClock({ now: () => now() + skewMs, actor: actorOf(device, random.int(1024)) });
  return { doc, index, writer: createWriter({ doc, index, clock }), inbox: [], device, skewMs };
}

/** Runs one schedule; returns the peers after everything was delivered. */
function run(seed: number, plan: Schedule): void {
  const random = createRandom(seed);
  let nowMs = startMs;
  const oracle = new Oracle();
  const peers: Peer[] = [];
  const add = (device: number, skewMs: number, state?: Uint8Array) => {
    const peer = createPeer(device, skewMs, () => nowMs, random, state);
    peer.doc.on(
      'update',
      (update: Uint8Array, _origin: unknown, _doc: unknown, transaction: Y.Transaction) => {
        if (!transaction.local) return;
        for (const other of peers) if (other !== peer) other.inbox.push(update);
      },
    );
    return peer;
  };
  for (let i = 0; i < plan.peers; i++) peers.push(add(i + 1, (random.int(7) - 3) * dayMs));

  for (let step = 0; step < plan.steps; step++) {
    nowMs += random.int(60_000);
    const at = random.int(peers.length);
    const peer = peers[at] as Peer;
    const id = random.pick(plan.ids);
    const action = random.next();
    const state = peer.index.get(id)?.state ?? 'absent';
    if (action < 0.5) {
      if (state === 'absent') {
        const fields = Object.fromEntries(
          plan.fields.filter(() => random.chance(0.7)).map((f) => [f, random.int(4)]),
        );
        oracle.write(peer.writer.create(fields, { id }).intent.parts[0]?.append ?? []);
      } else if (state !== 'trashed') {
        const fields = plan.fields.filter(() => random.chance(0.5));
        if (fields.length === 0) continue;
        oracle.see(peer.index, id, fields);
        const intent = peer.writer.set(id, Object.fromEntries(fields.map((f) => [f, random.int(4)])));
        oracle.write(intent.parts[0]?.append ?? []);
      }
    } else if (action < 0.58 && state !== 'absent') {
      oracle.see(peer.index, id, undefined);
      peer.writer.delete([id]);
    } else if (action < 0.64 && (state === 'trashed' || state === 'edit-delete')) {
      oracle.write(peer.writer.restore([id]).parts[0]?.append ?? []);
    } else if (action < 0.68) {
      // Restart: a new Yjs client id over the same state.
      const next = add(peer.device, peer.skewMs, Y.encodeStateAsUpdate(peer.doc));
      next.inbox = peer.inbox;
      peers[at] = next;
    } else {
      const count = Math.min(peer.inbox.length, 1 + random.int(4));
      for (let n = 0; n < count; n++) {
        const from = random.chance(0.7) ? 0 : random.int(peer.inbox.length);
        const update = random.chance(0.15) ? peer.inbox[from] : peer.inbox.splice(from, 1)[0];
        if (update !== undefined) Y.applyUpdate(peer.doc, update);
      }
    }
    if (plan.isRebuiltAtEachStep) expectRebuilt(peers[at] as Peer, plan.ids);
  }
  for (const peer of peers) for (const update of peer.inbox) Y.applyUpdate(peer.doc, update);
  for (const peer of peers) expectRebuilt(peer, plan.ids);
  for (const id of plan.ids) {
    const shown = peers.map((peer) => JSON.stringify(peer.index.get(id) ?? null, viewReplacer));
    expect(new Set(shown).size, `all peers show the same of ${id}: ${shown.join('\n')}`).toBe(1);
    for (const peer of peers) {
      const live = [...partsOf(peer.index.entriesOf(id)).live].flatMap(([field, values]) =>
        values.map(({ value, hlc, actor }) => Oracle.key(id, field, value, hlc, actor)),
      );
      expect(live.sort().join('\n'), `live values of ${id}`).toBe(oracle.live(id).join('\n'));
    }
  }
}

/** Entries of a conflict may stand in bases on one peer and registers on another after a restore. */
function viewReplacer(key: string, value: unknown): unknown {
  return key === 'entry' ? undefined : value;
}

function expectRebuilt(peer: Peer, ids: readonly string[]): void {
  const rebuilt = createListIndex(peer.doc);
  for (const id of ids) expect(rebuilt.get(id)).toEqual(peer.index.get(id));
  expect([...rebuilt.ids()].sort()).toEqual([...peer.index.ids()].sort());
  rebuilt.close();
}

function runSeeds(count: number, plan: Schedule): void {
  const first = Number(process.env.WEDSYNC_SEED ?? 1);
  for (let seed = first; seed < first + count; seed++) {
    try {
      run(seed, plan);
    } catch (error) {
      throw new Error(`schedule with seed ${seed} failed: ${error instanceof Error ? error.message : error}`);
    }
  }
}

const times = Number(process.env.WEDSYNC_SCHEDULES ?? 1);

describe('DOC-1 DOC-2 DOC-3 DOC-7: schedules of peers', () => {
  it('long: all peers show the same, the live set is what nobody overwrote, the index equals a rebuilt one', () => {
    runSeeds(6 * times, {
      peers: 4,
      steps: 250,
      isRebuiltAtEachStep: true,
      ids: ['anna', 'bela', 'chris'],
      fields: ['venue', 'status', 'price'],
    });
  });

  it('many short ones in a single shard, where partial views of others are common', () => {
    runSeeds(600 * times, {
      peers: 4,
      steps: 14,
      isRebuiltAtEachStep: false,
      ids: idsOfOneShard(2),
      fields: ['a', 'b'],
    });
  });
});

it('viewOf of no entries is absent', () => {
  expect(viewOf('x', []).state).toBe('absent');
});
