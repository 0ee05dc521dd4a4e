// One event-loop turn: everything that came in over all sockets is handled first, then each room hands its
// frames to its sockets, then each socket writes once. This is what makes fan-out cheap under load.

/** What has something to hand on at the end of a turn. An object, not a function of its own: rooms are many. */
export interface Flushable {
  flush(): void;
}

export interface Turn {
  /** Flushes `room` at the end of this turn, before any outlet. Who is asked for once in a turn asks once. */
  flushRoom(room: Flushable): void;
  /** Flushes `outlet` at the end of this turn, after all rooms. */
  flushOutlet(outlet: Flushable): void;
}

/** @param defer calls back when the messages of this turn were handled; `setImmediate` in the relay */
export function createTurn(defer: (callback: () => void) => void): Turn {
  let rooms: Flushable[] = [];
  let outlets: Flushable[] = [];
  let isScheduled = false;

  function run(): void {
    isScheduled = false;
    const dueRooms = rooms;
    rooms = [];
    for (const room of dueRooms) room.flush();
    const dueOutlets = outlets;
    outlets = [];
    for (const outlet of dueOutlets) outlet.flush();
  }

  function schedule(): void {
    if (isScheduled) return;
    isScheduled = true;
    defer(run);
  }

  return {
    flushRoom(room) {
      rooms.push(room);
      schedule();
    },
    flushOutlet(outlet) {
      outlets.push(outlet);
      schedule();
    },
  };
}
