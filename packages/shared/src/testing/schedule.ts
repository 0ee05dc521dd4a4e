// Seeded schedules of peers that edit, delete, restore, purge, undo, lose and repeat messages, restart and disagree about
// the time, with a CRM's events among them. What they end in is held against an oracle that only knows who saw what.
import * as Y from 'yjs';
import { canonicalJson } from '../doc/canonical-json.ts';
import { actorOf, createClock, HLC_EPOCH_MS } from '../doc/clock.ts';
import type { Entry, Stamp } from '../doc/entry.ts';
import { integrate } from '../doc/integration.ts';
import { META, shardName, shardOf } from '../doc/layout.ts';
import { createListIndex, type ListIndex } from '../doc/list-index.ts';
import { partsOf, viewOf } from '../doc/live.ts';
import {
  applyChange,
  type ChangeFunctions,
  createWriter,
  type Intent,
  type ListWriter,
} from '../doc/writer.ts';
import { createRandom, type Random } from './random.ts';
import { Oracle, valueKeysOf } from './schedule-oracle.ts';

export type Schedule = {
  peers: number;
  steps: number;
  isRebuiltAtEachStep: boolean;
  ids: readonly string[];
  fields: readonly string[];
  /** Mostly edits and deletions, heard of in any order: what is known of others is often only a part. */
  isScattered?: boolean;
  /** Functions under test; others are put in their place to show that the schedules notice. */
  changes?: ChangeFunctions;
  view?: typeof viewOf;
};

type Peer = {
  doc: Y.Doc;
  index: ListIndex;
  writer: ListWriter;
  inbox: Uint8Array[];
  device: number;
  skewMs: number;
  last: Intent | undefined;
};

const dayMs = 86_400_000;
const startMs = HLC_EPOCH_MS + 2_500 * dayMs;
const sources = ['crm', 'forms'];

/** Ids that share one shard: where superseding and deleting get in each other's way. */
export function idsOfOneShard(count: number): string[] {
  const ids: string[] = [];
  for (let i = 0; ids.length < count; i++) if (shardOf(`r${i}`) === shardOf('r0')) ids.push(`r${i}`);
  return ids;
}

/** What everybody must agree on of a record. */
export function shownOf(id: string, entries: readonly Entry[], view = viewOf): string {
  const { state, values, stamps, conflicts, deletedAt, isPurged } = view(id, entries);
  const siblings = Object.entries(conflicts).map(([field, live]) => [
    field,
    live.map(({ value, hlc, actor }) => [value, hlc, actor]),
  ]);
  return canonicalJson({
    state,
    values,
    stamps,
    isPurged,
    conflicts: Object.fromEntries(siblings),
    deletedAt: deletedAt ?? null,
  });
}

class ScheduleRun {
  readonly #random: Random;
  readonly #plan: Schedule;
  readonly #oracle = new Oracle();
  readonly #peers: Peer[] = [];
  readonly #watermarks = new Map<string, Record<string, number>>();
  #nowMs = startMs;
  #events = 0;

  constructor(seed: number, plan: Schedule) {
    this.#random = createRandom(seed);
    this.#plan = plan;
  }

  run(): void {
    const random = this.#random;
    for (let i = 0; i < this.#plan.peers; i++) {
      // Most clocks are days off, some years.
      const skewMs = (random.int(7) - 3) * dayMs * (random.chance(0.1) ? 365 : 1);
      this.#peers.push(this.#join(i + 1, skewMs));
    }
    for (let step = 0; step < this.#plan.steps; step++) {
      this.#nowMs += random.int(60_000);
      const at = random.int(this.#peers.length);
      this.#act(at, random.pick(this.#plan.ids));
      if (this.#plan.isRebuiltAtEachStep) this.#expectRebuilt(this.#peers[at] as Peer);
    }
    for (const peer of this.#peers) for (const update of peer.inbox) Y.applyUpdate(peer.doc, update);
    // Yjs 13.6 can lose its way among updates that came before what they build on: they stay pending though all is
    // there. The relay refuses such updates and asks for a resync by state vector; so do the peers here.
    for (const peer of this.#peers)
      for (const other of this.#peers)
        Y.applyUpdate(peer.doc, Y.encodeStateAsUpdate(other.doc, Y.encodeStateVector(peer.doc)));
    for (const peer of this.#peers) this.#expectRebuilt(peer);
    for (const id of this.#plan.ids) this.#expectRecord(id);
  }

  /** A peer with the few shards that the schedule uses; all others would stay empty. */
  #join(device: number, skewMs: number, state?: Uint8Array): Peer {
    // Yjs draws the id at random; here it decides orders, and a failing schedule must be repeatable.
    const doc = new Y.Doc({ guid: 'list' });
    doc.clientID = this.#random.int(2 ** 31);
    for (const name of [META, ...this.#plan.ids.map((id) => shardName(shardOf(id)))]) doc.getArray(name);
    if (state !== undefined) Y.applyUpdate(doc, state);
    const index = createListIndex(doc);
    const clock = createClock({
      now: () => this.#nowMs + skewMs,
      actor: actorOf(device, 1 + this.#random.int(1023)),
    });
    const { changes } = this.#plan;
    const writer = createWriter({ doc, index, clock, ...(changes === undefined ? {} : { changes }) });
    const peer: Peer = { doc, index, writer, inbox: [], device, skewMs, last: undefined };
    doc.on('update', (update: Uint8Array, _origin: unknown, _doc: unknown, { local }: Y.Transaction) => {
      if (local) for (const other of this.#peers) if (other !== peer) other.inbox.push(update);
    });
    return peer;
  }

  #act(at: number, id: string): void {
    const random = this.#random;
    const peer = this.#peers[at] as Peer;
    const action = random.next();
    const state = peer.index.get(id)?.state ?? 'absent';
    if (this.#plan.isScattered === true) {
      if (action < 0.4) this.#edit(peer, id, state);
      else if (action < 0.48 && state !== 'absent') this.#write(peer, id, () => peer.writer.delete([id]));
      else if (action < 0.52 && state === 'trashed') this.#write(peer, id, () => peer.writer.restore([id]));
      else this.#deliver(peer);
      return;
    }
    if (action < 0.44) this.#edit(peer, id, state);
    else if (action < 0.5 && at === 0) this.#hear(peer, id);
    else if (action < 0.57 && state !== 'absent')
      this.#write(peer, id, () => (random.chance(0.2) ? peer.writer.purge([id]) : peer.writer.delete([id])));
    else if (action < 0.64 && (state === 'trashed' || state === 'edit-delete'))
      this.#write(peer, id, () => peer.writer.restore([id]));
    else if (action < 0.67 && peer.last !== undefined) this.#undo(peer, peer.last);
    else if (action < 0.7) this.#restart(at, peer);
    else this.#deliver(peer);
  }

  #edit(peer: Peer, id: string, state: string): void {
    const random = this.#random;
    const fieldsFor = (share: number) =>
      Object.fromEntries(this.#plan.fields.filter(() => random.chance(share)).map((f) => [f, random.int(4)]));
    if (state === 'absent') this.#write(peer, id, () => peer.writer.create(fieldsFor(0.7), { id }).intent);
    else if (state !== 'trashed') {
      const fields = fieldsFor(0.5);
      if (Object.keys(fields).length > 0) this.#write(peer, id, () => peer.writer.set(id, fields));
    }
  }

  /** One action of a person; the oracle learns what they saw and what they wrote. */
  #write(peer: Peer, id: string, action: () => Intent | undefined): void {
    const seen = [...partsOf(peer.index.entriesOf(id)).live];
    const intent = action();
    peer.last = intent;
    if (intent === undefined) return;
    const part = intent.parts.find((one) => one.id === id);
    const written = part?.append ?? [];
    const touches = (field: string) =>
      intent.kind === 'delete' ||
      intent.kind === 'purge' ||
      (intent.kind === 'set' && written.some((entry) => entry[1] === field));
    for (const [field, values] of seen) if (touches(field)) this.#oracle.overwrite(id, field, values);
    this.#oracle.write(written);
  }

  #undo(peer: Peer, intent: Intent): void {
    const [part] = intent.parts;
    if (part === undefined) return;
    this.#write(peer, part.id, () => {
      const result = peer.writer.undo(intent);
      return result.ok ? result.intent : undefined;
    });
  }

  /** An event of a CRM, applied by the first peer. */
  #hear(peer: Peer, id: string): void {
    const random = this.#random;
    const sourceId = random.pick(sources);
    const key = `${sourceId} ${id}`;
    const watermarks = this.#watermarks.get(key) ?? {};
    const occurredAtMs = this.#nowMs - random.int(4) * dayMs;
    const field = random.pick(this.#plan.fields);
    this.#events += 1;
    const outcome = integrate(
      {
        sourceId,
        eventId: `e${this.#events}`,
        occurredAtMs,
        kind: random.chance(0.15) ? 'delete' : 'upsert',
        recordId: id,
        fields: { [field]: random.int(4) },
        ...(random.chance(0.3) ? { previous: { [field]: random.int(4) } } : {}),
      },
      { entries: peer.index.entriesOf(id), watermarks, isSettled: () => random.chance(0.3) },
    );
    if (outcome.outcome === 'set-aside') return;
    this.#watermarks.set(key, { ...watermarks, ...outcome.watermarks });
    if (outcome.outcome !== 'applied') return;
    const { change } = outcome;
    const before = valueKeysOf(id, peer.index.entriesOf(id));
    peer.doc.transact(() => applyChange(peer.doc.getArray(shardName(shardOf(id))), change));
    // What it may overwrite is rule 9's own test; here only that nothing else goes.
    const after = new Set(valueKeysOf(id, peer.index.entriesOf(id)));
    this.#oracle.overwriteKeys(before.filter((value) => !after.has(value)));
    this.#oracle.write(change.append);
  }

  /** A new Yjs client id over the same state. */
  #restart(at: number, peer: Peer): void {
    const next = this.#join(peer.device, peer.skewMs, Y.encodeStateAsUpdate(peer.doc));
    next.inbox = peer.inbox;
    peer.index.close();
    this.#peers[at] = next;
  }

  #deliver(peer: Peer): void {
    const random = this.#random;
    const count = Math.min(peer.inbox.length, 1 + random.int(4));
    for (let n = 0; n < count; n++) {
      const from = this.#plan.isScattered !== true && random.chance(0.7) ? 0 : random.int(peer.inbox.length);
      const update = random.chance(0.15) ? peer.inbox[from] : peer.inbox.splice(from, 1)[0];
      if (update !== undefined) Y.applyUpdate(peer.doc, update);
    }
  }

  #expectRebuilt(peer: Peer): void {
    const rebuilt = createListIndex(peer.doc);
    const read = (index: ListIndex) =>
      [...this.#plan.ids.map((id) => shownOf(id, index.entriesOf(id))), ...[...index.ids()].sort()].join(
        '\n',
      );
    expectSame(read(peer.index), read(rebuilt), 'the incremental index equals a rebuilt one');
    rebuilt.close();
  }

  #expectRecord(id: string): void {
    const [first] = this.#peers;
    if (first === undefined) return;
    const expected = this.#oracle.live(id).join('\n');
    const view = this.#plan.view ?? viewOf;
    const shown = shownOf(id, first.index.entriesOf(id), view);
    for (const peer of this.#peers) {
      const entries = peer.index.entriesOf(id);
      expectSame(shownOf(id, entries, view), shown, `all peers show the same of ${id}`);
      expectSame(valueKeysOf(id, entries).sort().join('\n'), expected, `live values of ${id}`);
    }
    const { stamps } = view(id, first.index.entriesOf(id));
    for (const [field, stamp] of Object.entries(stamps)) {
      if (field === 'createdAt') continue;
      const latest = this.#oracle.latest(id, field) as Stamp;
      expectSame(`${stamp.hlc}:${stamp.actor}`, `${latest.hlc}:${latest.actor}`, `latest stamp of ${field}`);
    }
  }
}

function expectSame(actual: string, expected: string, what: string): void {
  if (actual !== expected) throw new Error(`${what}:\n${actual}\nbut expected\n${expected}`);
}

/** Runs one schedule; throws when its end is not what the rules say. */
export function runSchedule(seed: number, plan: Schedule): void {
  new ScheduleRun(seed, plan).run();
}
