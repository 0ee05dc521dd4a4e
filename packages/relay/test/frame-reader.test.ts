// session/frame-reader.ts beside `ws` alone: the same bytes, cut at any place, are the same messages.
import type { Socket } from 'node:net';
import { createRandom, type Random } from '@wedsync/shared/testing';
import { afterEach, describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { readFrames } from '../src/session/frame-reader.ts';
import { closePairs, connectPair } from './helpers/socket-pair.ts';

afterEach(closePairs);

const MAX_BYTES = 70_000;
const OP = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;
const FINAL = 0x80;

interface FrameOptions {
  readonly first: number;
  readonly payload: Buffer;
  readonly mask?: Buffer;
}

/** A frame as a browser sends it; without a mask one that a server must refuse. */
function frame({ first, payload, mask }: FrameOptions): Buffer {
  const { length } = payload;
  const extra = length < 126 ? 0 : length < 65_536 ? 2 : 8;
  const head = Buffer.alloc(2 + extra);
  head[0] = first;
  head[1] = (mask === undefined ? 0 : 0x80) | (extra === 0 ? length : extra === 2 ? 126 : 127);
  if (extra === 2) head.writeUInt16BE(length, 2);
  if (extra === 8) head.writeBigUInt64BE(BigInt(length), 2);
  if (mask === undefined) return Buffer.concat([head, payload]);
  return Buffer.concat([head, mask, payload.map((byte, at) => byte ^ (mask[at & 3] as number))]);
}

/** What a server heard, in order. */
function record(ws: WebSocket): string[] {
  const heard: string[] = [];
  const hex = (data: unknown) => (data as Buffer).toString('hex');
  ws.on('message', (data, isBinary) => heard.push(`${isBinary ? 'binary' : 'text'} ${hex(data)}`));
  ws.on('ping', (data) => heard.push(`ping ${hex(data)}`));
  ws.on('pong', (data) => heard.push(`pong ${hex(data)}`));
  ws.on('error', (error) => heard.push(`error ${error.message}`));
  ws.on('close', (code) => heard.push(`close ${code}`));
  return heard;
}

async function plain() {
  const { ws, socket } = await connectPair({ maxPayload: 2 * MAX_BYTES });
  return { ws, socket, heard: record(ws) };
}

async function quick() {
  const { ws, socket } = await connectPair({ maxPayload: 2 * MAX_BYTES });
  const heard = record(ws);
  let taken = 0;
  const isReading = readFrames({
    ws,
    socket,
    maxBytes: MAX_BYTES,
    onMessage(message) {
      taken += 1;
      heard.push(`binary ${message.toString('hex')}`);
    },
  });
  return { ws, socket, heard, isReading, taken: () => taken };
}

/** Every listener of the socket gets just this chunk; a copy, since a mask is taken off in place. */
const feed = (socket: Socket, chunk: Buffer) => socket.emit('data', Buffer.from(chunk));

function randomFrames(random: Random): Buffer[] {
  const bytes = (length: number) => Buffer.from(Array.from({ length }, () => random.int(256)));
  const masked = (first: number, payload: Buffer) => frame({ first, payload, mask: bytes(4) });
  const lengths = [0, 1, 3, 5, 60, 125, 126, 127, 200, 1_000];
  const large = [65_535, 65_536, MAX_BYTES, MAX_BYTES + 1];
  const payload = () => bytes(random.int(40) === 0 ? random.pick(large) : random.pick(lengths));
  const control = () => masked(FINAL | random.pick([OP.ping, OP.pong]), bytes(random.int(20)));
  const text = () => masked(FINAL | OP.text, Buffer.from('é'.repeat(random.int(80))));
  const fragmented = () => {
    const parts = [masked(random.pick([OP.binary, OP.binary, OP.text]), Buffer.from('part'))];
    for (let more = random.int(3); more > 0; more -= 1)
      parts.push(random.int(2) === 0 ? control() : masked(OP.continuation, Buffer.from('and')));
    return [...parts, masked(FINAL | OP.continuation, Buffer.from('end'))];
  };
  const kinds = [() => [control()], () => [text()], fragmented];
  const frames: Buffer[] = [];
  for (let left = 2 + random.int(20); left > 0; left -= 1)
    frames.push(...(random.int(3) > 0 ? [masked(FINAL | OP.binary, payload())] : random.pick(kinds)()));
  if (random.int(3) === 0) {
    const code = random.int(2) === 0 ? Buffer.alloc(0) : Buffer.from([0x03, 0xe8]);
    // What comes after the close is nobody's.
    frames.push(masked(FINAL | OP.close, code), masked(FINAL | OP.binary, bytes(5)));
  }
  return frames;
}

/** The same bytes in chunks: of whole frames, of single bytes, or cut anywhere. */
function cut(all: Buffer, random: Random): Buffer[] {
  const longest = random.pick([1, 7, 100, 5_000, 100_000]);
  // A hundred thousand single bytes show nothing that a few hundred do not.
  const least = Math.ceil(all.length / 2_000);
  const chunks: Buffer[] = [];
  for (let at = 0; at < all.length; ) {
    const length = Math.max(least, 1 + random.int(longest));
    chunks.push(all.subarray(at, at + length));
    at += length;
  }
  return chunks;
}

describe('PERF-2 frames read beside ws', () => {
  let taken = 0;

  it('ws listens to its socket in the one way that the reader can stand in for', async () => {
    const { isReading, heard, socket } = await quick();
    expect(isReading).toBe(true);
    const mask = Buffer.from([1, 2, 3, 4]);
    feed(socket, frame({ first: FINAL | OP.binary, payload: Buffer.from('edit'), mask }));
    expect(heard).toEqual([`binary ${Buffer.from('edit').toString('hex')}`]);
  });

  it('stands aside when somebody else listens, too', async () => {
    const { ws, socket } = await connectPair();
    socket.on('data', () => undefined);
    expect(readFrames({ ws, socket, maxBytes: MAX_BYTES, onMessage: () => undefined })).toBe(false);
  });

  it('stands aside where messages may be compressed: those that are not would overtake them', async () => {
    const { ws, socket, reader } = await connectPair({ perMessageDeflate: true });
    const heard: number[] = [];
    const hear = (message: Buffer) => void heard.push(message.length);
    ws.on('message', hear);
    expect(readFrames({ ws, socket, maxBytes: MAX_BYTES, onMessage: hear })).toBe(false);
    const sizes = [50_000, 1, 20_000, 2];
    for (const size of sizes) reader.send(Buffer.alloc(size), { compress: size > 2 });
    reader.close();
    await new Promise((done) => ws.once('close', done));
    expect(heard).toEqual(sizes);
  });

  for (let seed = 1; seed <= 60; seed += 1) {
    it(`hears what ws alone hears, seed ${seed}`, async () => {
      const random = createRandom(seed);
      const all = Buffer.concat(randomFrames(random));
      const chunks = cut(all, random);
      const [alone, beside] = [await plain(), await quick()];
      for (const chunk of chunks) {
        feed(alone.socket, chunk);
        feed(beside.socket, chunk);
        await Promise.resolve();
      }
      await new Promise((done) => setImmediate(done));
      expect(beside.heard).toEqual(alone.heard);
      expect(alone.heard.length).toBeGreaterThan(0);
      taken += beside.taken();
    });
  }

  it('takes most messages itself', () => {
    expect(taken).toBeGreaterThan(100);
  });

  it('leaves what breaks a rule to ws, which closes', async () => {
    const mask = Buffer.from([9, 8, 7, 6]);
    const payload = Buffer.from('edit');
    const broken = [
      frame({ first: FINAL | OP.binary, payload }),
      frame({ first: FINAL | 0x40 | OP.binary, payload, mask }),
      frame({ first: FINAL | 3, payload, mask }),
      frame({ first: FINAL | OP.continuation, payload, mask }),
      frame({ first: FINAL | OP.binary, payload: Buffer.alloc(2 * MAX_BYTES + 1), mask }),
    ];
    for (const bytes of broken) {
      const [alone, beside] = [await plain(), await quick()];
      for (const { socket } of [alone, beside]) feed(socket, bytes);
      await Promise.all([alone, beside].map(({ ws }) => new Promise((done) => ws.once('close', done))));
      expect(beside.heard).toEqual(alone.heard);
      expect(beside.heard[0]).toMatch(/^error/);
      // Late bytes find nobody.
      feed(beside.socket, frame({ first: FINAL | OP.binary, payload, mask }));
      expect(beside.taken()).toBe(0);
    }
  });
});
