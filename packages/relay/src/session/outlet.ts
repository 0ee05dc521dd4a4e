// What one socket is sent. Frames of a turn leave in one write; a reader that does not keep up is noticed.
//
// The frames are written to the TCP socket that the HTTP server handed over, beside the `ws` object that reads
// from it, controls pings and closes. That is sound as long as `ws` itself writes whole frames synchronously,
// which it does without compression; `ws-writes.test.ts` notices a change. Where an extension was agreed on, every
// message goes through `ws.send`, which then holds frames back while one is compressed.
import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import type { Member } from '../room/fan-out.ts';
import { frameMessage, payloadsOf } from '../room/frame.ts';
import type { Turn } from '../room/turn.ts';

export interface Outlet extends Member {
  /** Frames one message for this socket alone; it leaves at the end of the turn, before what the room shares. */
  send(message: Uint8Array): void;
  /** Allows that many bytes more to wait than usual, until they were taken: the answer to a join is large. */
  expectLarge(bytes: number): void;
  /** Writes what is waiting now; called before a close frame. */
  flush(): void;
  /** From now on nothing is written. Idempotent. */
  close(): void;
  /** Called regularly: `slow` when bytes waited for `stallMs` without any having left. */
  check(now: number): 'ok' | 'slow';
}

export interface OutletOptions {
  readonly ws: WebSocket;
  readonly socket: Socket;
  readonly turn: Turn;
  /** More than this waiting in memory for one reader is too much, whatever the time. */
  readonly maxBufferedBytes: number;
  /** How long bytes may wait without any leaving. */
  readonly stallMs: number;
  /** Called once, when `maxBufferedBytes` is passed. */
  readonly onOverflow: () => void;
}

class SocketOutlet implements Outlet {
  private readonly options: OutletOptions;
  private readonly socket: Socket;
  private readonly turn: Turn;
  /** Writes to the socket beside `ws`. */
  private readonly isBeside: boolean;
  private pending: Buffer[] = [];
  private isOpen = true;
  private allowance = 0;
  /** Bytes that had left the process when the stall clock was last reset. */
  private leftBytes = 0;
  private progressAt: number | undefined;

  constructor(options: OutletOptions) {
    this.options = options;
    this.socket = options.socket;
    this.turn = options.turn;
    this.isBeside = options.ws.extensions === '';
  }

  write(frames: Buffer): void {
    if (!this.isOpen) return;
    if (this.pending.length === 0) this.turn.flushOutlet(this);
    this.pending.push(frames);
  }

  send(message: Uint8Array): void {
    this.write(frameMessage(message));
  }

  expectLarge(bytes: number): void {
    this.allowance += bytes;
  }

  flush(): void {
    const { pending, socket } = this;
    const first = pending[0];
    if (first === undefined) return;
    this.pending = [];
    if (!this.isOpen || !socket.writable) return;
    if (!this.isBeside) {
      this.sendByWs(pending);
    } else if (pending.length === 1) {
      socket.write(first);
    } else {
      socket.cork();
      for (const frame of pending) socket.write(frame);
      socket.uncork();
    }
    if (this.waiting() > this.options.maxBufferedBytes + this.allowance) {
      this.isOpen = false;
      this.options.onOverflow();
    }
  }

  close(): void {
    this.isOpen = false;
    this.pending = [];
  }

  check(now: number): 'ok' | 'slow' {
    const { socket } = this;
    if (this.waiting() === 0) {
      this.progressAt = undefined;
      this.allowance = 0;
      return 'ok';
    }
    const left = leftBytesOf(socket);
    if (this.progressAt === undefined || left > this.leftBytes) {
      this.progressAt = now;
      this.leftBytes = left;
      return 'ok';
    }
    return now - this.progressAt >= this.options.stallMs ? 'slow' : 'ok';
  }

  /** Bytes that have not left the process. */
  private waiting(): number {
    return this.isBeside ? this.socket.writableLength : this.options.ws.bufferedAmount;
  }

  private sendByWs(pending: readonly Buffer[]): void {
    this.socket.cork();
    for (const frames of pending)
      for (const payload of payloadsOf(frames)) this.options.ws.send(payload, { binary: true });
    this.socket.uncork();
  }
}

/** What the kernel has taken so far, by the counters of the handle below a socket (Node 24, lib/net.js reads them, too). */
interface CountingHandle {
  readonly bytesWritten: number;
  readonly writeQueueSize: number;
}

/**
 * Bytes that have left the process. The socket itself counts whole writes only: the answer to a join is one, and on a
 * slow line it takes minutes in which `writableLength` stands still. Without the handle's counters that is how it is.
 */
function leftBytesOf(socket: Socket): number {
  const { _handle: handle } = socket as Socket & { readonly _handle?: Partial<CountingHandle> | null };
  const { bytesWritten, writeQueueSize } = handle ?? {};
  if (typeof bytesWritten === 'number' && typeof writeQueueSize === 'number')
    return bytesWritten - writeQueueSize;
  // `bytesWritten` counts what was handed to the socket, the waiting part included.
  return socket.bytesWritten - socket.writableLength;
}

export function createOutlet(options: OutletOptions): Outlet {
  return new SocketOutlet(options);
}
