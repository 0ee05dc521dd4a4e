// What one socket is sent. Frames of a turn leave in one write; a reader that does not keep up is noticed.
//
// The frames are written to the TCP socket that the HTTP server handed over, beside the `ws` object that reads
// from it, controls pings and closes. That is sound as long as `ws` itself writes whole frames synchronously,
// which it does without compression; `ws-writes.test.ts` notices a change.
import type { Socket } from 'node:net';
import type { Member } from '../room/fan-out.ts';
import { frameMessage } from '../room/frame.ts';
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
  readonly socket: Socket;
  readonly turn: Turn;
  /** More than this waiting in memory for one reader is too much, whatever the time. */
  readonly maxBufferedBytes: number;
  /** How long bytes may wait without any leaving. */
  readonly stallMs: number;
  /** Called once, when `maxBufferedBytes` is passed. */
  readonly onOverflow: () => void;
}

export function createOutlet(options: OutletOptions): Outlet {
  const { socket, turn } = options;
  let pending: Buffer[] = [];
  let isOpen = true;
  let allowance = 0;
  /** Bytes that had left the process when the stall clock was last reset. */
  let leftBytes = 0;
  let progressAt: number | undefined;

  function flush(): void {
    if (pending.length === 0) return;
    const frames = pending;
    pending = [];
    if (!isOpen || !socket.writable) return;
    const [only] = frames;
    if (frames.length === 1 && only !== undefined) {
      socket.write(only);
    } else {
      socket.cork();
      for (const frame of frames) socket.write(frame);
      socket.uncork();
    }
    if (socket.writableLength > options.maxBufferedBytes + allowance) {
      isOpen = false;
      options.onOverflow();
    }
  }

  function write(frames: Buffer): void {
    if (!isOpen) return;
    if (pending.length === 0) turn.flushOutlet(flush);
    pending.push(frames);
  }

  return {
    write,
    send: (message) => write(frameMessage(message)),
    expectLarge(bytes) {
      allowance += bytes;
    },
    flush,
    close() {
      isOpen = false;
      pending = [];
    },
    check(now) {
      const waiting = socket.writableLength;
      if (waiting === 0) {
        progressAt = undefined;
        allowance = 0;
        return 'ok';
      }
      // `bytesWritten` counts what was handed to the socket, the waiting part included.
      const left = socket.bytesWritten - waiting;
      if (progressAt === undefined || left > leftBytes) {
        progressAt = now;
        leftBytes = left;
        return 'ok';
      }
      return now - progressAt >= options.stallMs ? 'slow' : 'ok';
    },
  };
}
