// The numbered updates of one v1 socket: they come as 1, 2, 3 …, and each is answered `refused` at once or, when
// it is durable, by a `stored` that covers all up to it. The first receipt after a pause leaves at once; in a stream
// of edits each covers all of a tenth of a second, since one write to a socket costs more than all else of an update.
import type { Turn } from '../room/turn.ts';

/** How often a device that writes all the time hears that it is stored. */
const RECEIPT_MS = 100;

/** When the receipts of all sockets leave. */
export interface ReceiptPace {
  /** ms since 1970 */
  now(): number;
  /** Runs `flush` at the end of this turn if the last was long ago, else with those of other sockets in a moment. */
  soon(flush: () => void, lastAt: number): void;
}

export interface ReceiptPaceOptions {
  readonly turn: Turn;
  readonly now: () => number;
  readonly schedule: (ms: number, callback: () => void) => void;
}

export function createReceiptPace({ turn, now, schedule }: ReceiptPaceOptions): ReceiptPace {
  let waiting: (() => void)[] = [];

  function flushAll(): void {
    const due = waiting;
    waiting = [];
    for (const flush of due) flush();
  }

  return {
    now,
    soon(flush, lastAt) {
      const since = now() - lastAt;
      if (since >= RECEIPT_MS) {
        turn.flushRoom(flush);
        return;
      }
      if (waiting.length === 0) schedule(RECEIPT_MS, flushAll);
      waiting.push(flush);
    },
  };
}

export interface Receipts {
  /** Whether `n` is the next number; only then it counts as received. */
  receive(n: number): boolean;
  /** Update `n` is durable. Numbers before it are durable or were answered `refused`. */
  note(n: number): void;
  /** Sends what is waiting now: the socket is about to close. */
  flush(): void;
}

/** @param send sends `stored n` */
export function createReceipts(pace: ReceiptPace, send: (n: number) => void): Receipts {
  let received = 0;
  let durable = 0;
  let sent = 0;
  let sentAt = Number.NEGATIVE_INFINITY;
  /** The pace will call `flush`. */
  let isDue = false;

  function flush(): void {
    isDue = false;
    if (durable === sent) return;
    sent = durable;
    sentAt = pace.now();
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
      if (isDue) return;
      isDue = true;
      pace.soon(flush, sentAt);
    },
    flush,
  };
}
