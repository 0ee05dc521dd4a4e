// One relay of the simulation: the real rooms, commit, log reader, compaction and sessions, between a store and lines
// that the simulation holds in its hands.
import { CLOSE, type CloseCodeName } from '@wedsync/shared';
import type { Random } from '@wedsync/shared/testing';
import pino from 'pino';
import type { Access } from '../../src/auth/access.ts';
import type { Principal } from '../../src/auth/principal.ts';
import { createRevocation } from '../../src/auth/revocation.ts';
import { createEventBus, type EventBus } from '../../src/events.ts';
import { runMergeTask } from '../../src/room/merge/tasks.ts';
import type { Room } from '../../src/room/room.ts';
import { createRooms, type Rooms } from '../../src/room/rooms.ts';
import { createTurn } from '../../src/room/turn.ts';
import { createLiveSession } from '../../src/session/live-session.ts';
import type { Outlet } from '../../src/session/outlet.ts';
import { createReceiptPace } from '../../src/session/receipts.ts';
import { createSocketCount, type Quarantined, type SessionServices } from '../../src/session/services.ts';
import { LIMITS } from '../helpers/sync-server.ts';
import type { FaultStore } from './fault-store.ts';
import type { VirtualTime } from './virtual-time.ts';

/** A socket without a wire: what waits in each direction arrives when the simulation delivers it. */
export interface Line {
  readonly up: Uint8Array[];
  readonly down: Uint8Array[];
  /** Set by the relay when it ends the socket; it arrives behind what it sent before. */
  closeCode: number | undefined;
  /** Cut: nothing in either direction arrives any more. */
  isCut: boolean;
  /** The relay prepares the answer to a state vector, partly in threads that know nothing of virtual time. */
  isAnswering: boolean;
  /** Hands the next message of the device to the relay. */
  deliverUp(): void;
  /** The relay at the other end was killed. */
  isOrphan(): boolean;
  /** It was let in and not ended since. */
  isLive(): boolean;
  /** The device goes; the relay hears of it. */
  cut(): void;
}

export interface SimRelay {
  readonly name: string;
  readonly isAlive: boolean;
  readonly rooms: Rooms;
  readonly bus: EventBus;
  connect(who: string, access?: Access): Line;
  /** Adds what it finds wrong with its rooms to the violations. */
  check(): void;
  /** As kill -9: no line hears of it, nothing that waited is stored. */
  kill(): void;
}

export interface SimRelayOptions {
  readonly name: string;
  readonly documentId: string;
  readonly store: FaultStore;
  readonly time: VirtualTime;
  readonly random: Random;
  readonly quarantined: Quarantined[];
  /** Told of every message that goes to a socket. */
  readonly onSent: (message: Uint8Array) => void;
  readonly violations: string[];
}

/** A log this long becomes a snapshot: many of them in one run. */
const TAIL_ENTRIES = 25;
/** More than a document of the simulation ever has. */
export const FRAME_BYTES = 64 * 1024;

/** The messages in frames that the relay wrote (RFC 6455, unmasked). */
function* messagesIn(frames: Buffer): Generator<Uint8Array> {
  for (let at = 0; at < frames.length; ) {
    const short = frames.readUInt8(at + 1);
    const head = short < 126 ? 2 : short === 126 ? 4 : 10;
    let length = short;
    if (short === 126) length = frames.readUInt16BE(at + 2);
    if (short === 127) length = Number(frames.readBigUInt64BE(at + 2));
    yield new Uint8Array(frames.subarray(at + head, at + head + length));
    at += head + length;
  }
}

/** y-protocols: message type sync, then the step. */
const isSync = (message: Uint8Array, step: 'step1' | 'step2') =>
  message[0] === 0 && message[1] === (step === 'step1' ? 0 : 1);

export function createSimRelay(options: SimRelayOptions): SimRelay {
  const { documentId, time, random } = options;
  let isAlive = true;
  let sessions = 0;
  // What compaction finds wrong before it trims is an error of the rooms, not of the store.
  const log = pino(
    { level: 'error', serializers: { error: pino.stdSerializers.err } },
    { write: (line) => void (line.includes('is in no entry') && options.violations.push(line)) },
  );
  const bus = createEventBus((error) => {
    throw error;
  });
  const turn = createTurn((callback) => void setImmediate(() => isAlive && callback()));
  const connected = options.store.connect(options.name, () => isAlive);
  /** Rooms that ended because something was wrong: what is on its way from them is lost, and no receipt goes out. */
  const failed = new WeakSet<Room>();
  let current: Room | undefined;
  const store: typeof connected = {
    ...connected,
    async append(rows) {
      const results = await connected.append(rows);
      const room = rooms.registry.get(documentId);
      if (room !== undefined && results.some(({ ok }) => !ok)) failed.add(room);
      return results;
    },
  };
  const own: VirtualTime = {
    ...time,
    schedule: (ms, callback) => time.schedule(ms, () => isAlive && callback()),
    every: (ms, callback) => time.every(ms, () => isAlive && callback()),
  };
  const limits = {
    ...LIMITS,
    frameBytes: FRAME_BYTES,
    roomIdleMs: 2_000,
    tailEntries: TAIL_ENTRIES,
    // Every edit of a device writes an entry: one that only deletes is no edit.
    bareDeletionBurst: 0,
    bareDeletionsPerSecond: 0,
  };
  // The thread is shown by merge-pool.test.ts; its work is the same here.
  const mergePool = {
    run: async (task: Parameters<typeof runMergeTask>[0]) => runMergeTask(task),
    close: async () => undefined,
  };
  const rooms = createRooms({ store, limits, time: own, turn, mergePool, random: random.next, bus, log });
  const { fail } = rooms.registry;
  rooms.registry.fail = (id, end) => {
    const room = rooms.registry.get(id);
    if (room !== undefined) failed.add(room);
    fail(id, end);
  };
  const services: SessionServices = {
    verifyToken: async () => ({ ok: false, code: 'unauthorized' }),
    roleOf: async () => 'editor',
    registry: rooms.registry,
    revocation: createRevocation({
      bus,
      rolesOf: (rights) => store.rolesOf(rights),
      pollMs: 3_000,
      every: own.every,
      onError: () => undefined,
    }),
    mergePool,
    turn,
    receiptPace: createReceiptPace({ turn, now: time.now, schedule: own.schedule }),
    limits,
    sockets: createSocketCount(limits.socketsPerPerson),
    quarantine: (refused) => options.quarantined.push(refused),
    onRefused: () => undefined,
    log,
    now: time.now,
    newSessionId: () => `${options.name}-${++sessions}`,
  };

  function connect(who: string, access: Access = 'write'): Line {
    let receive: ((message: Uint8Array) => void) | undefined;
    let leave: (() => void) | undefined;
    let isOpen = true;
    const end = () => {
      isOpen = false;
      line.isAnswering = false;
      leave?.();
      leave = undefined;
    };
    const close = (code: CloseCodeName) => {
      if (!isOpen) return;
      end();
      line.closeCode = CLOSE[code];
    };
    const line: Line = {
      up: [],
      down: [],
      closeCode: undefined,
      isCut: false,
      isAnswering: false,
      deliverUp() {
        if (receive === undefined) return;
        const message = line.up.shift();
        if (message === undefined || !isOpen || !isAlive) return;
        if (isSync(message, 'step1')) line.isAnswering = true;
        receive(message);
      },
      isOrphan: () => !isAlive,
      isLive: () => isAlive && isOpen && receive !== undefined,
      cut() {
        line.isCut = true;
        if (isAlive) end();
      },
    };
    const deliver = (message: Uint8Array) => {
      options.onSent(message);
      line.down.push(message);
    };
    const outlet: Outlet = {
      write(frames) {
        if (!isOpen || !isAlive) return;
        for (const message of messagesIn(frames)) {
          if (isSync(message, 'step2')) line.isAnswering = false;
          deliver(message);
        }
      },
      send(message) {
        if (isOpen && isAlive) deliver(message);
      },
      expectLarge: () => undefined,
      flush: () => undefined,
      close: () => undefined,
      check: () => 'ok',
    };
    void (async () => {
      const joined = await rooms.registry.join(documentId, (reason) =>
        close(reason === 'unloaded' ? 'load-failed' : reason),
      );
      if (!joined.ok) return close(joined.code);
      if (!isOpen) return joined.leave();
      const principal: Principal = {
        kind: 'person',
        userId: who,
        email: `${who}@example.com`,
        name: who,
        expiresAt: Number.POSITIVE_INFINITY,
      };
      const live = createLiveSession({
        id: services.newSessionId(),
        room: joined.room,
        outlet,
        services,
        principal,
        access,
        isV1: true,
        device: undefined,
        close,
        isOpen: () => isOpen,
      });
      leave = () => {
        live.leave();
        joined.leave();
      };
      receive = (message) => live.receive(message);
      live.start();
    })();
    return line;
  }

  return {
    name: options.name,
    get isAlive() {
      return isAlive;
    },
    rooms,
    bus,
    connect,
    check() {
      const room = rooms.registry.get(documentId);
      if (room !== current && current !== undefined && !failed.has(current) && current.unstored > 0)
        options.violations.push(`${options.name} unloaded a room with ${current.unstored} unstored rows`);
      current = room;
    },
    kill() {
      isAlive = false;
      rooms.close();
    },
  };
}
