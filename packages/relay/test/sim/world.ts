// The simulation: devices, relays, one store, and a seed that decides what happens next. After every step the
// invariants hold, and when all faults end everybody comes to the same.
//
// A line is a WebSocket: in order, until it is cut. What arrives twice, late or in another order does so over a new line
// while the old one is still open at the relay, with what was in flight on it.
import { MESSAGE_TYPE } from '@wedsync/shared';
import { createRandom } from '@wedsync/shared/testing';
import { expect } from 'vitest';
import * as Y from 'yjs';
import type { Quarantined } from '../../src/session/services.ts';
import { createChecks, shown, valuesOf } from './checks.ts';
import { createFaultStore } from './fault-store.ts';
import { createSimAttacker } from './sim-attacker.ts';
import { createSimChannel } from './sim-channel.ts';
import { createSimDevice, type SimDevice } from './sim-device.ts';
import { createSimRelay, FRAME_BYTES, type Line, type SimRelay } from './sim-relay.ts';
import { createSimWriter } from './sim-writer.ts';
import { createVirtualTime } from './virtual-time.ts';

const LIST = `l_${'s'.repeat(22)}`;
const START_MS = Date.UTC(2026, 10, 22);
/** Event-loop turns after which nothing is under way but what waits for virtual time. */
const SETTLE_TURNS = 6;
const HANG_TURNS = 400;
/** A dozen of these are longer than the store hangs: a poll of heads under way keeps the next from asking. */
const CALM_MS = 1_500;

export interface WorldOptions {
  readonly seed: number;
  readonly steps: number;
  readonly devices: number;
  readonly relays: number;
  /** Now and then the document is rebuilt under a new lineage. */
  readonly withGenerations?: boolean;
}

export interface WorldResult {
  /** What happened how often: a schedule in which nothing goes wrong shows nothing. */
  readonly counts: Readonly<Record<string, number>>;
  readonly generations: number;
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
  const relays: SimRelay[] = [];
  const channel = createSimChannel({ time, random, relays });
  const hasChannel = random.chance(0.5);
  const store = createFaultStore({
    documentId: LIST,
    time,
    random,
    violations,
    onRow(row, relay) {
      checks.stored(row);
      if (hasChannel) channel.announce(row, relay);
    },
  });
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
  const checks = createChecks({ store, relays, devices, refused: () => attacker.bytes, violations });
  const writer = createSimWriter({ documentId: LIST, store, time, random });
  /** Lines that their devices have given up and that the relay takes for open. */
  let halfOpen: Line[] = [];
  const counts = { kills: 0, halfOpen: 0, lateMessages: 0, damaged: 0, emptied: 0 };
  const start = (name: string) => {
    const onSent = checks.sent;
    return createSimRelay({ name, documentId: LIST, store, time, random, quarantined, onSent, violations });
  };
  for (let index = 0; index < options.relays; index += 1) relays.push(start(`relay${index}`));

  async function settle(): Promise<void> {
    const turn = () => new Promise((done) => setImmediate(done));
    for (let count = 0; count < SETTLE_TURNS; count += 1) await turn();
    const isAnswering = (line: Line | undefined) => line?.isAnswering === true && !line.isOrphan();
    while (devices.some(({ line }) => isAnswering(line)) || halfOpen.some(isAnswering)) await turn();
  }

  function connect(device: SimDevice): void {
    if (device.line === undefined) device.connect(random.pick(relays).connect(device.name));
  }

  /** A good line: the whole handshake before anything else happens. */
  async function hurry(device: SimDevice): Promise<void> {
    connect(device);
    for (let round = 0; round < 4; round += 1) {
      deliverAll(device);
      await settle();
    }
  }

  /** What waits in both directions now, and the end of the line behind it. */
  function deliverAll(device: SimDevice): void {
    const { line } = device;
    for (let left = line?.up.length ?? 0; left > 0; left -= 1) line?.deliverUp();
    while (device.line === line && (line?.down.length ?? 0) > 0) device.deliverDown();
    if (device.line === line && line?.closeCode !== undefined) device.deliverDown();
  }

  /** The network goes: a part of what is in flight may still arrive, and nothing comes back. */
  function loseLine(device: SimDevice): void {
    const line = device.lose();
    if (line === undefined) return;
    line.up.length = random.int(line.up.length + 1);
    halfOpen.push(line);
    counts.halfOpen += 1;
    if (random.chance(0.6)) connect(device);
  }

  /** Nobody is left, perhaps while the database is away: empty rooms unload, but not before all is stored. */
  async function emptyRooms(): Promise<void> {
    for (const device of devices) device.disconnect();
    for (const line of halfOpen) line.cut();
    halfOpen = [];
    attacker.leave();
    if (random.chance(0.7)) store.faults = { ...store.faults, away: true };
    counts.emptied += 1;
    await time.advance(3_000, settle);
  }

  /** What was in flight on a line that its device has left arrives, or the relay notices that nobody is there. */
  function moveHalfOpen(): void {
    if (halfOpen.length === 0) return;
    const line = random.pick(halfOpen);
    if (line.up.length > 0 && random.chance(0.8)) {
      line.deliverUp();
      counts.lateMessages += 1;
      return;
    }
    line.cut();
    halfOpen = halfOpen.filter((other) => other !== line);
  }

  /** A bit flips on the way: the checksum of the message tells. */
  function damageOne({ line }: SimDevice): void {
    const at = line?.up.findIndex((message) => message[0] === MESSAGE_TYPE.send) ?? -1;
    const message = line?.up[at];
    if (line === undefined || message === undefined) return;
    line.up[at] = message.map((byte, index) => (index === message.length - 1 ? byte ^ 4 : byte));
    counts.damaged += 1;
  }

  function killOne(): void {
    const index = random.int(relays.length);
    const relay = relays[index];
    if (relay === undefined) return;
    relay.kill();
    counts.kills += 1;
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

  function rollFaults(): void {
    store.faults = { away: random.chance(0.2), slow: random.next() * 0.6, lost: random.next() * 0.2 };
    channel.faults = { isCut: random.chance(0.2), dropped: random.next() * 0.5, twice: random.next() * 0.3 };
  }

  function step(): Promise<void> | undefined {
    if (options.withGenerations === true && random.chance(0.01)) rebuild();
    if (random.chance(0.004)) return emptyRooms();
    if (random.chance(0.03)) moveHalfOpen();
    const device = random.pick(devices);
    const dice = random.int(100);
    if (dice < 30) device.edit();
    else if (dice < 53) device.line?.deliverUp();
    else if (dice < 74) device.deliverDown();
    else if (dice < 79) connect(device);
    else if (dice < 81) return hurry(device);
    else if (dice < 83) device.disconnect();
    else if (dice < 85) loseLine(device);
    else if (dice < 86) device.restart();
    else if (dice < 92) return time.advance(random.int(300), settle);
    else if (dice < 93) return time.advance(random.int(5_000), settle);
    else if (dice < 95) attacker.attack();
    else if (dice < 97) writer.write(random.pick(relays));
    else if (dice < 98) damageOne(device);
    else if (dice < 99 && random.chance(0.4)) killOne();
    else rollFaults();
    return undefined;
  }

  /** All faults end, everybody is online and everything arrives; only news between relays may go on being lost. */
  async function calm(): Promise<void> {
    store.faults = { away: false, slow: 0, lost: 0 };
    for (const device of devices) device.disconnect();
    for (const line of halfOpen) line.cut();
    // Rooms are read anew, or live on as they are.
    await time.advance(random.chance(0.5) ? 10_000 : 500, settle);
    for (let round = 0; round < HANG_TURNS; round += 1) {
      for (const device of devices) {
        connect(device);
        deliverAll(device);
      }
      await time.advance(CALM_MS, settle);
      if (round > 12 && isQuiet()) return;
    }
    throw new Error('it never comes to rest');
  }

  const isQuiet = () =>
    devices.every(
      ({ line, isWaiting, unanswered }) =>
        line !== undefined && line.up.length + line.down.length === 0 && !isWaiting && unanswered === 0,
    );

  /** What changes more than the end of the log. */
  const upheavals = () => store.counts.snapshots + store.counts.generations + counts.kills;
  let checkedAt = 0;
  for (let count = 0; count < options.steps; count += 1) {
    await step();
    await settle();
    checks.step();
    if (count % 100 !== 0 && upheavals() === checkedAt) continue;
    checkedAt = upheavals();
    await checks.store();
  }
  attacker.leave();
  await calm();
  checks.step();
  await checks.store();
  for (const device of devices) {
    expect(device.doc.store.pendingStructs, `${device.name} waits for something`).toBeNull();
    expect(shown(device.doc), `${device.name} shows the store`).toEqual(shown(store.truth));
    expect(Y.encodeStateVector(device.doc)).toEqual(Y.encodeStateVector(store.truth));
  }
  const there = valuesOf(store.truth);
  const deleted = new Set(devices.flatMap((device) => [...device.deleted]));
  const lost = [writer, ...devices].flatMap(({ written }) =>
    [...written].filter((value) => !there.has(value) && !deleted.has(value)),
  );
  expect(lost, 'what nobody deleted is there').toEqual([]);
  for (const relay of relays) {
    expect(relay.rooms.registry.unstored()).toBe(0);
    relay.kill();
  }
  const { generations, ...stored } = store.counts;
  return {
    counts: {
      ...counts,
      ...stored,
      written: writer.written.size,
      news: channel.counts.told,
      newsLost: channel.counts.dropped,
    },
    generations,
    refused: attacker.refused,
    digest: JSON.stringify(shown(store.truth)),
  };
}
