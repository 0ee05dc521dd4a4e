// The life of a room as a pure transition function: what each event does in each state. The registry and the
// room run the effects that come back; nothing else decides when a room loads, lives, drains or closes.
//
//            loaded                    empty (nobody in it)            stored (all durable)
//  loading ───────────► live ◄──────────────────────────► draining ──────────────────────► closed
//     │  failed           │            joined                 │  failed, dropped               ▲
//     └──────────────────►└───────────────────────────────────┴───────────────────────────────┘

/** Why a room ended: `unloaded` is the ordinary end; the others close its sockets with that code. */
export type RoomEnd = 'unloaded' | 'load-failed' | 'lineage-changed' | 'unknown-document' | 'internal';

export type RoomState =
  | { readonly state: 'loading'; readonly members: number }
  | { readonly state: 'live'; readonly members: number }
  | { readonly state: 'draining' }
  | { readonly state: 'closed'; readonly end: RoomEnd };

export type RoomEvent =
  /** Somebody wants in: a socket, or a part of the relay that needs the room for a while. */
  | { readonly type: 'joined' }
  | { readonly type: 'left' }
  /** The one shared load succeeded. */
  | { readonly type: 'loaded' }
  /** The load failed, or the room may no longer be served (its lineage changed, its document is gone). */
  | { readonly type: 'failed'; readonly end: Exclude<RoomEnd, 'unloaded'> }
  /** The idle time of an empty room is over and the room asks to be unloaded. */
  | { readonly type: 'idle'; readonly unstored: number }
  /** Everything that was published is durable. */
  | { readonly type: 'stored' };

/** What the caller has to do, in this order. */
export type RoomEffect =
  /** Let the waiting joiners in. */
  | 'admit'
  /** Start, or stop, the idle time after which an empty room unloads. */
  | 'start-idle'
  | 'stop-idle'
  /** Close every socket with the code of the end. */
  | 'close-members'
  /** Forget the room: the next joiner makes a new one and loads again. */
  | 'forget';

export interface RoomStep {
  readonly next: RoomState;
  readonly effects: readonly RoomEffect[];
}

/** The state of a room that the registry has just made for its first joiner. */
export const LOADING: RoomState = { state: 'loading', members: 0 };

/**
 * One step. Events that mean nothing in a state leave it as it is, without effects, so that a late timer or a
 * late answer from the store can never do harm; a `left` below zero counts as zero.
 */
export function stepRoom(current: RoomState, event: RoomEvent): RoomStep {
  switch (current.state) {
    case 'loading':
      return stepLoading(current, event);
    case 'live':
      return stepLive(current, event);
    case 'draining':
      return stepDraining(current, event);
    case 'closed':
      return { next: current, effects: [] };
  }
}

type Of<State extends RoomState['state']> = Extract<RoomState, { state: State }>;

function stepLoading(current: Of<'loading'>, event: RoomEvent): RoomStep {
  switch (event.type) {
    case 'joined':
      return { next: { state: 'loading', members: current.members + 1 }, effects: [] };
    case 'left':
      return { next: { state: 'loading', members: Math.max(0, current.members - 1) }, effects: [] };
    case 'loaded': {
      const next: RoomState = { state: 'live', members: current.members };
      return { next, effects: current.members === 0 ? ['admit', 'start-idle'] : ['admit'] };
    }
    case 'failed':
      return close(event.end);
    case 'idle':
    case 'stored':
      return { next: current, effects: [] };
  }
}

function stepLive(current: Of<'live'>, event: RoomEvent): RoomStep {
  switch (event.type) {
    case 'joined': {
      const next: RoomState = { state: 'live', members: current.members + 1 };
      return { next, effects: current.members === 0 ? ['stop-idle'] : [] };
    }
    case 'left': {
      const members = Math.max(0, current.members - 1);
      const emptied = current.members > 0 && members === 0;
      return { next: { state: 'live', members }, effects: emptied ? ['start-idle'] : [] };
    }
    case 'idle':
      // Re-checked here: somebody may have come back while the timer was on its way.
      if (current.members > 0) return { next: current, effects: [] };
      return event.unstored > 0 ? { next: { state: 'draining' }, effects: [] } : close('unloaded');
    case 'failed':
      return close(event.end);
    case 'loaded':
    case 'stored':
      return { next: current, effects: [] };
  }
}

function stepDraining(current: Of<'draining'>, event: RoomEvent): RoomStep {
  switch (event.type) {
    case 'joined':
      // The bytes are all here and right: the room lives on, and no second load can miss what is unstored.
      return { next: { state: 'live', members: 1 }, effects: [] };
    case 'stored':
      return close('unloaded');
    case 'failed':
      return close(event.end);
    case 'left':
    case 'loaded':
    case 'idle':
      return { next: current, effects: [] };
  }
}

function close(end: RoomEnd): RoomStep {
  const quiet = end === 'unloaded';
  return { next: { state: 'closed', end }, effects: quiet ? ['forget'] : ['close-members', 'forget'] };
}
