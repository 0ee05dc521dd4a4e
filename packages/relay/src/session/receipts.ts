// The numbered updates of one v1 socket: they come as 1, 2, 3 …, and each is answered `refused` at once or, when
// it is durable, by a `stored` that covers all up to it. The first receipt after a pause leaves at once; in a stream
// of edits each covers all of a fifth of a second, since one write to a socket costs more than all else of an update.
import type { Flushable, Turn } from '../room/turn.ts';

/** How often a device that writes all the time hears that it is stored. */
const RECEIPT_MS = 200;

/** When the receipts of all sockets leave. */
export interface ReceiptPace {
  /** ms since 1970 */
  now(): number;
  /** Flushes at the end of this turn if the last was long ago, else with those of other sockets in a moment. */
  soon(receipts: Flushable, lastAt: number): void;
}

export interface ReceiptPaceOptions {
  readonly turn: Turn;
  readonly now: () => number;
  readonly schedule: (ms: number, callback: () => void) => void;
}

export function createReceiptPace({ turn, now, schedule }: ReceiptPaceOptions): ReceiptPace {
  let waiting: Flushable[] = [];

  function flushAll(): void {
    const due = waiting;
    waiting = [];
    for (const receipts of due) receipts.flush();
  }

  return {
    now,
    soon(receipts, lastAt) {
      const since = now() - lastAt;
      if (since >= RECEIPT_MS) {
        turn.flushRoom(receipts);
        return;
      }
      if (waiting.length === 0) schedule(RECEIPT_MS, flushAll);
      waiting.push(receipts);
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

class SocketReceipts implements Receipts {
  private readonly pace: ReceiptPace;
  private readonly send: (n: number) => void;
  private received = 0;
  private durable = 0;
  private sent = 0;
  private sentAt = Number.NEGATIVE_INFINITY;
  /** The pace will call `flush`. */
  private isDue = false;

  constructor(pace: ReceiptPace, send: (n: number) => void) {
    this.pace = pace;
    this.send = send;
  }

  receive(n: number): boolean {
    if (n !== this.received + 1) return false;
    this.received = n;
    return true;
  }

  note(n: number): void {
    if (n <= this.durable) return;
    this.durable = n;
    if (this.isDue) return;
    this.isDue = true;
    this.pace.soon(this, this.sentAt);
  }

  flush(): void {
    this.isDue = false;
    if (this.durable === this.sent) return;
    this.sent = this.durable;
    this.sentAt = this.pace.now();
    this.send(this.durable);
  }
}

/** @param send sends `stored n` */
export function createReceipts(pace: ReceiptPace, send: (n: number) => void): Receipts {
  return new SocketReceipts(pace, send);
}
