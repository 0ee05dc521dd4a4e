// What session/outlet.ts relies on in `ws`: frames written to the TCP socket between its own stay whole.
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { frameMessage } from '../src/room/frame.ts';
import { createTurn } from '../src/room/turn.ts';
import { createOutlet } from '../src/session/outlet.ts';
import { closePairs, connectPair } from './helpers/socket-pair.ts';
import { until } from './helpers/until.ts';

afterEach(closePairs);

describe('writing beside ws', () => {
  it('PERF-1 ws hands a whole frame to the socket within the call, which makes our own writes safe', async () => {
    const { ws, socket } = await connectPair();
    const written: Buffer[] = [];
    const write = socket.write.bind(socket);
    socket.write = ((chunk: Buffer, ...rest: never[]) => {
      written.push(Buffer.from(chunk));
      return write(chunk, ...rest);
    }) as typeof socket.write;
    const payload = Buffer.alloc(300, 5);
    ws.send(payload);
    expect(Buffer.concat(written)).toEqual(frameMessage(payload));
    written.length = 0;
    ws.ping();
    expect(Buffer.concat(written)).toEqual(Buffer.from([0x89, 0]));
  });

  for (const perMessageDeflate of [false, true])
    it(`messages of ws, of the outlet and pings arrive whole and in order, compression: ${perMessageDeflate}`, async () => {
      const { ws, socket, reader } = await connectPair({ perMessageDeflate });
      expect(ws.extensions).toBe(perMessageDeflate ? 'permessage-deflate' : '');
      const turn = createTurn(setImmediate);
      const outlet = createOutlet({
        ws,
        socket,
        turn,
        maxBufferedBytes: 1e9,
        stallMs: 1e9,
        onOverflow: () => undefined,
      });
      const sizes: number[] = [];
      let pings = 0;
      reader.on('message', (data: Buffer) => sizes.push(data.length));
      reader.on('ping', () => {
        pings += 1;
      });
      const expected: number[] = [];
      for (let index = 0; index < 200; index += 1) {
        const size = (index * 977) % 70_000;
        expected.push(size);
        if (index % 3 === 0) {
          outlet.flush();
          ws.send(Buffer.alloc(size));
        } else outlet.send(Buffer.alloc(size));
        if (index % 10 === 0) ws.ping();
      }
      outlet.flush();
      ws.close(4000);
      const [code] = await once(reader, 'close');
      expect(code).toBe(4000);
      expect(sizes).toEqual(expected);
      expect(pings).toBe(20);
    });

  for (const extensions of ['', 'permessage-deflate'])
    it(`RELAY-6 a reader that takes nothing is noticed by bytes and by time, and gets no more, extensions: '${extensions}'`, async () => {
      const { ws, socket, reader } = await connectPair();
      Object.defineProperty(ws, 'extensions', { value: extensions });
      reader.pause();
      const turn = createTurn(setImmediate);
      let overflows = 0;
      const limit = 1 << 20;
      const outlet = createOutlet({
        ws,
        socket,
        turn,
        maxBufferedBytes: limit,
        stallMs: 1_000,
        onOverflow: () => {
          overflows += 1;
        },
      });
      outlet.expectLarge(limit);
      let written = 0;
      while (socket.writableLength < 1.5 * limit) {
        outlet.send(Buffer.alloc(64 * 1024));
        outlet.flush();
        written += 1;
        await new Promise(setImmediate);
      }
      expect(overflows).toBe(0);
      expect(outlet.check(0)).toBe('ok');
      expect(outlet.check(999)).toBe('ok');
      expect(outlet.check(1_000)).toBe('slow');
      while (overflows === 0) {
        outlet.send(Buffer.alloc(64 * 1024));
        outlet.flush();
      }
      const held = socket.writableLength;
      for (let index = 0; index < 100; index += 1) outlet.send(Buffer.alloc(64 * 1024));
      outlet.flush();
      expect(socket.writableLength).toBe(held);
      expect(overflows).toBe(1);
      expect(written).toBeGreaterThan(16);
    });

  it('RELAY-6 a reader on a slow line is not taken for one that stands still, however large the write', async () => {
    const { ws, socket, reader } = await connectPair();
    reader.pause();
    const outlet = createOutlet({
      ws,
      socket,
      turn: createTurn(setImmediate),
      maxBufferedBytes: 1e9,
      stallMs: 1_000,
      onOverflow: () => undefined,
    });
    let taken = 0;
    let wanted = 0;
    reader.on('message', (data: Buffer) => {
      taken += data.length;
      if (taken >= wanted) reader.pause();
    });
    const part = 1024 * 1024;
    for (let index = 0; index < 40; index += 1) outlet.send(Buffer.alloc(part));
    outlet.flush();
    let now = 0;
    expect(outlet.check(now)).toBe('ok');
    // One write of 40 MiB: the socket counts nothing as written before its last byte has left.
    const waiting = socket.writableLength;
    while (taken < 20 * part) {
      wanted = taken + 4 * part;
      reader.resume();
      await until(() => taken >= wanted);
      now += 900;
      expect(outlet.check(now)).toBe('ok');
    }
    expect(socket.writableLength).toBe(waiting);
    // What the reader's own buffers still took is progress; then there is none.
    await until(() => {
      now += 1_000;
      return outlet.check(now) === 'slow';
    });
  });
});
