// Reads the frames that devices send all the time, whole binary messages, straight from the TCP socket and hands every
// other byte on to `ws`: control frames, text, messages in fragments, frames that come in pieces or break a rule. The way
// through `ws` and its stream costs more than the relay's own check of an update.
//
// It takes the place of the data listener of `ws` and calls that with what is not its own. `frame-reader.test.ts` holds it
// against `ws` alone, with frames of all kinds cut at any place, and notices when `ws` listens in another way.
import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';

const FINAL_BINARY = 0x82;
const FINAL = 0x80;
const OPCODE = 0x0f;
const CONTROL = 8;
const CLOSE = 8;
const MASKED = 0x80;
/** Heads of masked frames of up to 125 and of up to 65,535 bytes. */
const SHORT_HEAD = 6;
const MEDIUM_HEAD = 8;
/** The most that a head has before its mask. */
const LONGEST_HEAD = 10;

export interface FrameReaderOptions {
  readonly ws: WebSocket;
  readonly socket: Socket;
  /** A longer message is left to `ws`. */
  readonly maxBytes: number;
  /** Takes the payload of a binary message, a view of what was read. All other messages come as events of `ws`. */
  readonly onMessage: (message: Buffer) => void;
}

/**
 * @returns false when `ws` does not listen to its socket as it used to, or when an extension was agreed on, with which
 * `ws` takes its time for some messages and those read here would overtake them: then all come as its events
 */
export function readFrames({ ws, socket, maxBytes, onMessage }: FrameReaderOptions): boolean {
  const [ofWs, ...others] = socket.listeners('data') as ((chunk: Buffer) => void)[];
  if (ofWs === undefined || others.length > 0 || ws.extensions !== '') return false;
  const left = createLeftFrames();
  let isOver = false;

  /** Length of the head when a whole message of one frame stands at `at`, else 0. */
  function headOfWhole(chunk: Buffer, at: number): number {
    if (chunk[at] !== FINAL_BINARY || left.isFragmented) return 0;
    const second = chunk[at + 1] ?? 0;
    const isMedium = second === (MASKED | 126);
    if (second < MASKED || (second > (MASKED | 125) && !isMedium)) return 0;
    const head = isMedium ? MEDIUM_HEAD : SHORT_HEAD;
    const length = isMedium ? ((chunk[at + 2] ?? 0) << 8) | (chunk[at + 3] ?? 0) : second & 127;
    return length <= maxBytes && at + head + length <= chunk.length ? head : 0;
  }

  function onData(chunk: Buffer): void {
    let at = 0;
    /** Where the bytes begin that `ws` is to have. */
    let from = 0;
    while (at < chunk.length && !isOver) {
      const head = left.isInside ? 0 : headOfWhole(chunk, at);
      if (head === 0) {
        at = left.follow(chunk, at);
        if (!left.isClosed) continue;
        isOver = true;
      } else {
        if (from < at) ofWs?.call(socket, chunk.subarray(from, at));
        const start = at + head;
        at = start + (head === SHORT_HEAD ? (chunk[at + 1] as number) & 127 : chunk.readUInt16BE(at + 2));
        from = at;
        onMessage(unmask(chunk, start, at));
      }
    }
    if (from < at) ofWs?.call(socket, from === 0 && at === chunk.length ? chunk : chunk.subarray(from, at));
  }

  socket.off('data', ofWs);
  socket.on('data', onData);
  // After a fault `ws` closes and takes no more. It says so at the end of the turn: whole messages that came with the
  // fault in one chunk are still heard.
  ws.on('error', () => {
    isOver = true;
  });
  return true;
}

/** The payload from `start` to `end`, its mask before it taken off in place. */
function unmask(chunk: Buffer, start: number, end: number): Buffer {
  const mask = start - 4;
  for (let at = start; at < end; at += 1)
    chunk[at] = (chunk[at] as number) ^ (chunk[mask + ((at - start) & 3)] as number);
  return chunk.subarray(start, end);
}

/** Follows the frames that are left to `ws`, so that it is known where the next one begins. */
function createLeftFrames() {
  const head = Buffer.alloc(LONGEST_HEAD);
  let headLength = 0;
  let isInHead = true;
  /** Bytes of mask and payload that are still to come. */
  let rest = 0;
  let isFragmented = false;
  let isClosed = false;

  /** Takes one byte of a head; whether it was the last before the mask. */
  function takeHead(byte: number): boolean {
    head[headLength] = byte;
    headLength += 1;
    const length = (head[1] as number) & 127;
    const lengthBytes = length === 127 ? 8 : length === 126 ? 2 : 0;
    if (headLength < 2 || headLength < 2 + lengthBytes) return false;
    // Of 64 bits the upper 16 are left out: with any of them set, `ws` refuses the frame.
    const extended = lengthBytes === 8 ? head.readUIntBE(4, 6) : head.readUInt16BE(2);
    rest = (lengthBytes === 0 ? length : extended) + (((head[1] as number) & MASKED) === 0 ? 0 : 4);
    return true;
  }

  function finish(): void {
    const first = head[0] as number;
    const opcode = first & OPCODE;
    if (opcode < CONTROL) isFragmented = (first & FINAL) === 0;
    isClosed = opcode === CLOSE;
    headLength = 0;
    isInHead = true;
  }

  return {
    /** A frame has begun that has not ended. */
    get isInside() {
      return headLength > 0;
    },
    /** A message of several frames has begun that has not ended. */
    get isFragmented() {
      return isFragmented;
    },
    /** The last frame asked to close: nothing comes after it. */
    get isClosed() {
      return isClosed;
    },
    /** Follows one frame, or what there is of it; where it ends in `chunk`. */
    follow(chunk: Buffer, start: number): number {
      let at = start;
      while (isInHead && at < chunk.length) {
        isInHead = !takeHead(chunk[at] as number);
        at += 1;
      }
      if (isInHead) return at;
      const step = Math.min(rest, chunk.length - at);
      rest -= step;
      if (rest === 0) finish();
      return at + step;
    },
  };
}
