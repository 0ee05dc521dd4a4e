// One event-loop turn: everything that came in over all sockets is handled first, then each room hands its
// frames to its sockets, then each socket writes once. This is what makes fan-out cheap under load.

export interface Turn {
  /** Runs `flush` at the end of this turn, before any outlet. Who is asked for once in a turn asks once. */
  flushRoom(flush: () => void): void;
  /** Runs `flush` at the end of this turn, after all rooms. */
  flushOutlet(flush: () => void): void;
}

/** @param defer calls back when the messages of this turn were handled; `setImmediate` in the relay */
export function createTurn(defer: (callback: () => void) => void): Turn {
  let rooms: (() => void)[] = [];
  let outlets: (() => void)[] = [];
  let isScheduled = false;

  function run(): void {
    isScheduled = false;
    const dueRooms = rooms;
    rooms = [];
    for (const flush of dueRooms) flush();
    const dueOutlets = outlets;
    outlets = [];
    for (const flush of dueOutlets) flush();
  }

  function schedule(): void {
    if (isScheduled) return;
    isScheduled = true;
    defer(run);
  }

  return {
    flushRoom(flush) {
      rooms.push(flush);
      schedule();
    },
    flushOutlet(flush) {
      outlets.push(flush);
      schedule();
    },
  };
}
