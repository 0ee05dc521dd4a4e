// The simulation: devices, relays, one store, and a seed that decides what happens next. After every step the
// invariants hold, and when all faults end everybody comes to the same.
import { randomUUID } from 'node:crypto';
import { createRandom } from '@wedsync/shared/testing';
import { expect } from 'vitest';
import * as Y from 'yjs';
import type { Quarantined } from '../../src/session/services.ts';
import { createFaultStore } from './fault-store.ts';
import { createSimDevice, type SimDevice } from './sim-device.ts';
import { createSimRelay, type SimRelay } from './sim-relay.ts';
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
  readonly refused: number;
  /** The same for the same seed. */
  readonly digest: string;
}

export async function runWorld(options: WorldOptions): Promise<WorldResult> {
  const random = createRandom(options.seed);
  const time = createVirtualTime(START_MS);
  const store = createFaultStore(LIST, time, random);
  const quarantined: Quarantined[] = [];
  let kills = 0;
  let refused = 0;
  const poison = `poison ${randomUUID()}`;
  const start = (name: string) =>
    createSimRelay({ name, documentId: LIST, store, time, random, quarantined });
  const relays: SimRelay[] = Array.from({ length: options.relays }, (_, index) => start(`relay${index}`));
  const devices: SimDevice[] = Array.from({ length: options.devices }, (_, index) =>
    createSimDevice(`device${index}`, time.now, random),
  );

  async function settle(): Promise<void> {
    const turn = () => new Promise((done) => setImmediate(done));
    for (let count = 0; count < SETTLE_TURNS; count += 1) await turn();
    while (devices.some(({ line }) => line?.isAnswering === true && !line.isOrphan())) await turn();
  }

  function connect(device: SimDevice): void {
    if (device.line === undefined) device.connect(random.pick(relays).connect(device.name));
  }

  /** A stranger's bytes on a line of their own: foreign structure with a mark that may appear nowhere. */
  function attack(): void {
    const doc = new Y.Doc();
    const isForeign = random.chance(0.5);
    if (isForeign) doc.getMap('evil').set('k', poison);
    else doc.getArray('s0').push([poison]);
    const update = Y.encodeStateAsUpdate(doc);
    // Beyond what anybody has: a gap, or structure, or cut short.
    const bytes = random.chance(0.3) ? update.subarray(0, update.length - 1 - random.int(4)) : update;
    const room = random.pick(relays).rooms.registry.get(LIST);
    if (isForeign && room !== undefined) {
      expect(room.publish(bytes, { sender: 'mallory' }).ok).toBe(false);
      refused += 1;
    }
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
    else if (dice < 95) return time.advance(random.int(300), settle);
    else if (dice < 96) return time.advance(random.int(5_000), settle);
    else if (dice < 97) attack();
    else if (dice === 97 && random.chance(0.4)) killOne();
    else store.faults = { away: random.chance(0.2), slow: random.next() * 0.6, lost: random.next() * 0.2 };
    return undefined;
  }

  /** Receipt means stored; nobody has what was refused. */
  function checkEveryStep(): void {
    for (const device of devices.filter(({ lineage }) => lineage === store.lineage))
      for (const [client, clock] of device.receipted)
        expect(Y.getState(store.truth.store, client), `${device.name} has a receipt`).toBeGreaterThanOrEqual(
          clock,
        );
  }

  async function checkStore(): Promise<void> {
    const loaded = await store.loaded();
    expect(loaded.store.pendingStructs, 'a gap in the log').toBeNull();
    expect(shown(loaded), 'snapshot and log are what was stored').toEqual(shown(store.truth));
    expect(JSON.stringify(shown(loaded))).not.toContain(poison);
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
  return { rows, snapshots, generations, lostAnswers, kills, refused, digest };
}

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
