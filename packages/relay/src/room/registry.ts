// One room per document: the first joiner starts the one load that all share, the last one to leave starts the
// idle time after which the room is unloaded, if everything in it is stored.
import { AppError } from '@wedsync/shared';
import type { Room, RoomOptions } from './room.ts';
import { LOADING, type RoomEnd, type RoomEvent, type RoomState, stepRoom } from './room-state.ts';

/** What the registry adds to a room that is being loaded. */
export type RoomHooks = Pick<RoomOptions, 'onStored' | 'onAppendRefused' | 'onHole'>;

export interface RegistryOptions {
  /** Reads a document and makes its room. Rejects when it cannot be read whole; nobody then gets an empty one. */
  readonly load: (documentId: string, hooks: RoomHooks) => Promise<Room>;
  /** How long an empty room stays, for the reload of a page and the next short visit. */
  readonly idleMs: number;
  /** More rooms than this are not opened. */
  readonly maxRooms: number;
  /** Calls back once after `ms` unless cancelled by the function that comes back. */
  readonly schedule: (ms: number, callback: () => void) => () => void;
  /** The room should read the log from its head on. Repeated while it is behind. */
  readonly onHole: (documentId: string) => void;
  readonly onLoadFailed: (documentId: string, error: unknown) => void;
  /** Everything published in the room is durable: the moment to think of compaction. */
  readonly onStored?: (room: Room) => void;
}

export type JoinResult =
  | { readonly ok: true; readonly room: Room; readonly leave: () => void }
  | { readonly ok: false; readonly code: Exclude<RoomEnd, 'unloaded'> | 'rate-limited' };

export interface RoomRegistry {
  /**
   * Joins the room of a document, loading it first when nobody has it.
   * @param onEnd called once when the room ends under the joiner, with the reason
   */
  join(documentId: string, onEnd: (end: RoomEnd) => void): Promise<JoinResult>;
  /** The room if it is live right now. */
  get(documentId: string): Room | undefined;
  /** All live rooms. */
  rooms(): Iterable<Room>;
  /** Ends a live room for everybody, with a code that sends the devices back to load again. */
  fail(documentId: string, end: Exclude<RoomEnd, 'unloaded'>): void;
  /** How many rooms are in which state. */
  counts(): Record<RoomState['state'], number>;
  /** Updates in all rooms that are not stored. */
  unstored(): number;
}

interface Entry {
  state: RoomState;
  room: Room | undefined;
  readonly waiting: Set<() => void>;
  readonly members: Set<(end: RoomEnd) => void>;
  stopIdle: (() => void) | undefined;
}

/** Why a room is not there; what is retryable sends the device back to try again. */
function endOf({ state }: Entry): Exclude<RoomEnd, 'unloaded'> {
  return state.state === 'closed' && state.end !== 'unloaded' ? state.end : 'load-failed';
}

function endOfRefusal(code: string): Exclude<RoomEnd, 'unloaded'> {
  if (code === 'not-found') return 'unknown-document';
  return code === 'lineage-changed' ? code : 'internal';
}

export function createRegistry(options: RegistryOptions): RoomRegistry {
  const entries = new Map<string, Entry>();

  function dispatch(documentId: string, entry: Entry, event: RoomEvent): void {
    const { next, effects } = stepRoom(entry.state, event);
    entry.state = next;
    for (const effect of effects) {
      if (effect === 'admit') settle(entry);
      else if (effect === 'start-idle') startIdle(documentId, entry);
      else if (effect === 'stop-idle') stopIdle(entry);
      else if (effect === 'close-members') closeMembers(entry);
      else if (entries.get(documentId) === entry) entries.delete(documentId);
    }
    if (next.state === 'closed') stopIdle(entry);
  }

  function settle(entry: Entry): void {
    const waiting = [...entry.waiting];
    entry.waiting.clear();
    for (const done of waiting) done();
  }

  function startIdle(documentId: string, entry: Entry): void {
    stopIdle(entry);
    entry.stopIdle = options.schedule(options.idleMs, () => {
      entry.stopIdle = undefined;
      dispatch(documentId, entry, { type: 'idle', unstored: entry.room?.unstored ?? 0 });
    });
  }

  function stopIdle(entry: Entry): void {
    entry.stopIdle?.();
    entry.stopIdle = undefined;
  }

  function closeMembers(entry: Entry): void {
    settle(entry);
    const end = endOf(entry);
    const members = [...entry.members];
    entry.members.clear();
    for (const onEnd of members) onEnd(end);
  }

  async function load(documentId: string, entry: Entry): Promise<void> {
    try {
      entry.room = await options.load(documentId, {
        onStored: () => {
          dispatch(documentId, entry, { type: 'stored' });
          if (entry.room !== undefined && entry.state.state === 'live') options.onStored?.(entry.room);
        },
        onAppendRefused: (code) =>
          dispatch(documentId, entry, {
            type: 'failed',
            end: endOfRefusal(code),
          }),
        onHole: () => options.onHole(documentId),
      });
      dispatch(documentId, entry, { type: 'loaded' });
    } catch (error) {
      const isUnknown = error instanceof AppError && error.code === 'not-found';
      if (!isUnknown) options.onLoadFailed(documentId, error);
      dispatch(documentId, entry, { type: 'failed', end: isUnknown ? 'unknown-document' : 'load-failed' });
    }
  }

  function open(documentId: string): Entry {
    const entry: Entry = {
      state: LOADING,
      room: undefined,
      waiting: new Set(),
      members: new Set(),
      stopIdle: undefined,
    };
    entries.set(documentId, entry);
    void load(documentId, entry);
    return entry;
  }

  function liveRoom(entry: Entry | undefined): Room | undefined {
    const isHere = entry?.state.state === 'live' || entry?.state.state === 'draining';
    return isHere ? entry?.room : undefined;
  }

  return {
    async join(documentId, onEnd) {
      const existing = entries.get(documentId);
      if (existing === undefined && entries.size >= options.maxRooms)
        return { ok: false, code: 'rate-limited' };
      const entry = existing ?? open(documentId);
      dispatch(documentId, entry, { type: 'joined' });
      if (entry.state.state === 'loading') await new Promise<void>((done) => entry.waiting.add(done));
      // It may have failed, or have ended between the load and this line.
      if (entry.room === undefined || entry.state.state === 'closed')
        return { ok: false, code: endOf(entry) };
      entry.members.add(onEnd);
      const leave = () => {
        if (entry.members.delete(onEnd)) dispatch(documentId, entry, { type: 'left' });
      };
      return { ok: true, room: entry.room, leave };
    },
    get: (documentId) => liveRoom(entries.get(documentId)),
    *rooms() {
      for (const entry of entries.values()) {
        const room = liveRoom(entry);
        if (room !== undefined) yield room;
      }
    },
    fail(documentId, end) {
      const entry = entries.get(documentId);
      if (entry !== undefined) dispatch(documentId, entry, { type: 'failed', end });
    },
    counts() {
      const counts = { loading: 0, live: 0, draining: 0, closed: 0 };
      for (const { state } of entries.values()) counts[state.state] += 1;
      return counts;
    },
    unstored() {
      let sum = 0;
      for (const { room } of entries.values()) sum += room?.unstored ?? 0;
      return sum;
    },
  };
}
