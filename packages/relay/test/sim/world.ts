// The simulation: devices, relays, one store, and a seed that decides what happens next. After every step the
// invariants hold, and when all faults end everybody comes to the same.
import { createRandom } from '@wedsync/shared/testing';
import { expect } from 'vitest';
import * as Y from 'yjs';
import type { Quarantined } from '../../src/session/services.ts';
import type { AppendRow } from '../../src/store/append-row.ts';
import { createFaultStore } from './fault-store.ts';
import { FIRST_POISON_CLIENT, POISON_MARK } from './poison.ts';
import { ATTACKER, createSimAttacker } from './sim-attacker.ts';
import { createSimDevice, type SimDevice } from './sim-device.ts';
import { createSimRelay, FRAME_BYTES, type SimRelay } from './sim-relay.ts';
import { createVirtualTime } from './virtual-time.ts';

const LIST = `l_${'s'.repeat(22)}`;
const START_MS = Date.UTC(2026, 10, 22);
/** Event-loop turns after which nothing is under way but what waits for virtual time. */
const SETTLE_TURNS = 6;
const HANG_TURNS = 400;

export interface WorldOptions {
  readonly seed: number;
  readonly steps: number;
  readonly devices: number;
  readonly relays: number;
  /** Now and then the document is rebuilt under a new lineage. */
  readonly withGenerations?: boolean;
}

export interface WorldResult {
  readonly rows: number;
  readonly snapshots: number;
  readonly generations: number;
  readonly lostAnswers: number;
  readonly kills: number;
  /** How much of each kind of poison. */
  readonly refused: ReadonlyMap<string, number>;
  /** The same for the same seed. */
  readonly digest: string;
}

export async function runWorld(options: WorldOptions): Promise<WorldResult> {
  const random = createRandom(options.seed);
  const time = createVirtualTime(START_MS);
  const quarantined: Quarantined[] = [];
  /** What was seen where an error would be taken for a fault of the store. */
  const violations: string[] = [];
  const store = createFaultStore({ documentId: LIST, time, random, onRow: checkRow, violations });
  let kills = 0;
  const start = (name: string) =>
    createSimRelay({ name, documentId: LIST, store, time, random, quarantined, onSent: checkSent });
  const relays: SimRelay[] = Array.from({ length: options.relays }, (_, index) => start(`relay${index}`));
  const devices: SimDevice[] = Array.from({ length: options.devices }, (_, index) =>
    createSimDevice(`device${index}`, time.now, random),
  );

  const attacker = createSimAttacker({
    random,
    documentId: LIST,
    now: time.now,
    frameBytes: FRAME_BYTES,
    pickRelay: () => random.pick(relays),
    quarantined,
  });

  /** The very bytes of what was refused go to nobody. */
  function checkSent(message: Uint8Array): void {
    const sent = Buffer.from(message.buffer, message.byteOffset, message.byteLength);
    for (const bytes of attacker.bytes)
      if (sent.includes(Buffer.from(bytes))) violations.push('a refused update was handed on');
  }

  /** Every row names an honest sender and holds nothing of what was refused. */
  function checkRow({ sender, data }: AppendRow): void {
    if (sender === ATTACKER) violations.push('a refused update is in the log');
    checkSent(data);
  }

  async function settle(): Promise<void> {
    const turn = () => new Promise((done) => setImmediate(done));
    for (let count = 0; count < SETTLE_TURNS; count += 1) await turn();
    while (devices.some(({ line }) => line?.isAnswering === true && !line.isOrphan())) await turn();
  }

  function connect(device: SimDevice): void {
    if (device.line === undefined) device.connect(random.pick(relays).connect(device.name));
  }

  function killOne(): void {
    const index = random.int(relays.length);
    const relay = relays[index];
    if (relay === undefined) return;
    relay.kill();
    kills += 1;
    relays[index] = start(relay.name);
    // A line to the dead is noticed later, by the device's own pings; until then it says nothing.
  }

  /** It may fail, or be told lost after it was done: then nothing or everything of it has happened. */
  function rebuild(): void {
    random
      .pick(relays)
      .rooms.generations.rebuild(LIST)
      .catch(() => undefined);
  }

  function step(): Promise<void> | undefined {
    if (options.withGenerations === true && random.chance(0.01)) rebuild();
    const device = random.pick(devices);
    const dice = random.int(100);
    if (dice < 30) device.edit();
    else if (dice < 55) device.line?.deliverUp();
    else if (dice < 78) device.deliverDown();
    else if (dice < 85) connect(device);
    else if (dice < 87) device.disconnect();
    else if (dice < 88) device.restart();
    else if (dice < 94) return time.advance(random.int(300), settle);
    else if (dice < 95) return time.advance(random.int(5_000), settle);
    else if (dice < 97) attacker.attack();
    else if (dice === 97 && random.chance(0.4)) killOne();
    else store.faults = { away: random.chance(0.2), slow: random.next() * 0.6, lost: random.next() * 0.2 };
    return undefined;
  }

  /** Receipt means stored; nobody has what was refused. */
  function checkEveryStep(): void {
    expect(violations).toEqual([]);
    for (const device of devices) {
      expect(poisonIn(device.doc.store.clients.keys()), `${device.name} has what was refused`).toEqual([]);
      expect(device.doc.share.has('evil'), `${device.name} has what was refused`).toBe(false);
      if (device.lineage !== store.lineage) continue;
      for (const [client, clock] of device.receipted)
        expect(Y.getState(store.truth.store, client), `${device.name} has a receipt`).toBeGreaterThanOrEqual(
          clock,
        );
    }
    for (const { name, rooms } of relays) {
      const clocks = rooms.registry.get(LIST)?.guard.clocks;
      if (clocks !== undefined) expect(poisonIn(clocks.keys()), `${name} has what was refused`).toEqual([]);
    }
  }

  async function checkStore(): Promise<void> {
    const loaded = await store.loaded();
    expect(loaded.store.pendingStructs, 'a gap in the log').toBeNull();
    expect(shown(loaded), 'snapshot and log are what was stored').toEqual(shown(store.truth));
    expect(JSON.stringify(shown(loaded))).not.toContain(POISON_MARK);
    expect(poisonIn(loaded.store.clients.keys()), 'the log has what was refused').toEqual([]);
  }

  /** All faults end, everybody is online and everything arrives. */
  async function calm(): Promise<void> {
    store.faults = { away: false, slow: 0, lost: 0 };
    for (const device of devices) device.disconnect();
    await time.advance(10_000, settle);
    for (let round = 0; round < HANG_TURNS; round += 1) {
      for (const device of devices) {
        connect(device);
        while ((device.line?.up.length ?? 0) > 0) {
          const before = device.line?.up.length;
          device.line?.deliverUp();
          if (device.line?.up.length === before) break;
        }
        while ((device.line?.down.length ?? 0) > 0) device.deliverDown();
        if (device.line?.closeCode !== undefined) device.deliverDown();
      }
      await time.advance(500, settle);
      if (round > 12 && isQuiet()) return;
    }
    throw new Error('it never comes to rest');
  }

  const isQuiet = () =>
    devices.every(
      ({ line, isWaiting, unanswered }) =>
        line !== undefined && line.up.length + line.down.length === 0 && !isWaiting && unanswered === 0,
    );

  for (let count = 0; count < options.steps; count += 1) {
    await step();
    await settle();
    checkEveryStep();
    if (count % 100 === 0) await checkStore();
  }
  attacker.leave();
  await calm();
  checkEveryStep();
  await checkStore();
  for (const device of devices) {
    expect(device.doc.store.pendingStructs, `${device.name} waits for something`).toBeNull();
    expect(shown(device.doc), `${device.name} shows the store`).toEqual(shown(store.truth));
    expect(Y.encodeStateVector(device.doc)).toEqual(Y.encodeStateVector(store.truth));
  }
  const there = new Set(Object.values(shown(store.truth)).flatMap(valuesOf));
  const deleted = new Set(devices.flatMap((device) => [...device.deleted]));
  const lost = devices.flatMap(({ written }) =>
    [...written].filter((value) => !there.has(value) && !deleted.has(value)),
  );
  expect(lost, 'what nobody deleted is there').toEqual([]);
  for (const relay of relays) {
    expect(relay.rooms.registry.unstored()).toBe(0);
    relay.kill();
  }
  const { rows, snapshots, generations, lost: lostAnswers } = store.counts;
  const digest = JSON.stringify(shown(store.truth));
  return { rows, snapshots, generations, lostAnswers, kills, refused: attacker.refused, digest };
}

const poisonIn = (clients: Iterable<number>) =>
  [...clients].filter((client) => client >= FIRST_POISON_CLIENT);

/** Values of the registers of a shard. */
function valuesOf(shard: unknown): unknown[] {
  return Array.isArray(shard) ? shard.map((entry: unknown) => (Array.isArray(entry) ? entry[2] : entry)) : [];
}

function shown(doc: Y.Doc): Record<string, unknown> {
  return Object.fromEntries(
    ['s0', 's1', 's2', 'evil'].map((name) => [
      name,
      name === 'evil' ? doc.share.has(name) : doc.getArray(name).toJSON(),
    ]),
  );
}
