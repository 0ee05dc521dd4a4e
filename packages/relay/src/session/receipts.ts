// The numbered updates of one v1 socket: they come as 1, 2, 3 …, and each is answered `refused` at once or, when
// it is durable, by a `stored` that covers all up to it. Receipts of one turn go out as one.
import type { Turn } from '../room/turn.ts';

export interface Receipts {
  /** Whether `n` is the next number; only then it counts as received. */
  receive(n: number): boolean;
  /** Update `n` is durable. Numbers before it are durable or were answered `refused`. */
  note(n: number): void;
}

/** @param send sends `stored n`; called at the end of a turn, at most once in each */
export function createReceipts(turn: Turn, send: (n: number) => void): Receipts {
  let received = 0;
  let durable = 0;
  let sent = 0;

  function flush(): void {
    if (durable === sent) return;
    sent = durable;
    send(durable);
  }

  return {
    receive(n) {
      if (n !== received + 1) return false;
      received = n;
      return true;
    },
    note(n) {
      if (n <= durable) return;
      durable = n;
      turn.flushRoom(flush);
    },
  };
}
