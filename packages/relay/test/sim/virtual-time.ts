// Time that passes only when the simulation says so.
import type { RoomTime } from '../../src/room/rooms.ts';

export interface VirtualTime extends RoomTime {
  /** Lets `ms` pass: timers that fall due run in their order, and `settle` runs after each of them. */
  advance(ms: number, settle: () => Promise<void>): Promise<void>;
}

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly callback: () => void;
}

export function createVirtualTime(startMs: number): VirtualTime {
  let nowMs = startMs;
  let order = 0;
  const timers = new Set<Timer>();

  function schedule(ms: number, callback: () => void): () => void {
    order += 1;
    const timer: Timer = { at: nowMs + ms, order, callback };
    timers.add(timer);
    return () => timers.delete(timer);
  }

  function nextUntil(limit: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of timers) {
      if (timer.at > limit) continue;
      if (next === undefined || timer.at < next.at || (timer.at === next.at && timer.order < next.order))
        next = timer;
    }
    return next;
  }

  return {
    now: () => nowMs,
    schedule,
    every(ms, callback) {
      let cancel: () => void;
      const again = () => {
        cancel = schedule(ms, () => {
          again();
          callback();
        });
      };
      again();
      return () => cancel();
    },
    async advance(ms, settle) {
      const limit = nowMs + ms;
      for (let timer = nextUntil(limit); timer !== undefined; timer = nextUntil(limit)) {
        timers.delete(timer);
        nowMs = timer.at;
        timer.callback();
        await settle();
      }
      nowMs = limit;
    },
  };
}
