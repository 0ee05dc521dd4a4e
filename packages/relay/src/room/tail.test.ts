import { encodeMessage } from '@wedsync/shared';
import { describe, expect, it } from 'vitest';
import { frameMessage } from './frame.ts';
import { covers, createTail, frameUpdate } from './tail.ts';

const clocks = (...pairs: (readonly [number, number])[]) => new Map(pairs);
const bytes = (size: number, fill: number) => new Uint8Array(size).fill(fill);

describe('tail', () => {
  it('frames are y-websocket update messages, and what was handed out never changes while the tail grows', () => {
    const tail = createTail();
    const first = tail.append(bytes(3, 7), [1, 1]).frame;
    expect([...first]).toEqual([0x82, 6, 0, 2, 3, 7, 7, 7]);
    const all = tail.framesFor(clocks());
    for (let index = 0; index < 2_000; index += 1)
      tail.append(bytes(index % 300, index % 251), [1, index + 2]);
    expect([...first]).toEqual([0x82, 6, 0, 2, 3, 7, 7, 7]);
    expect([...all]).toEqual([...first]);
    for (const index of [0, 1, 299, 1_999, 2_000])
      expect([...tail.updateAt(index)]).toEqual([
        ...(index === 0 ? bytes(3, 7) : bytes((index - 1) % 300, (index - 1) % 251)),
      ]);
    expect(tail.framesFor(clocks()).length).toBe(tail.bytes);
  });

  for (const size of [0, 1, 121, 122, 127, 128, 16_383, 16_384, 65_530, 70_000]) {
    it(`an update of ${size} bytes is framed as y-protocols and ws would`, () => {
      const update = bytes(size, 3);
      const expected = frameMessage(encodeMessage({ type: 'sync-update', update }));
      expect(frameUpdate(update).equals(expected)).toBe(true);
      const tail = createTail();
      tail.append(update, []);
      expect(tail.frames().equals(expected)).toBe(true);
      expect(Buffer.from(tail.updateAt(0)).equals(Buffer.from(update))).toBe(true);
    });
  }

  it('an observer gets the first entry that it lacks and all after it', () => {
    const tail = createTail();
    tail.append(bytes(1, 1), [1, 5]);
    tail.append(bytes(1, 2), [2, 3]);
    tail.append(bytes(1, 3), []);
    tail.append(bytes(1, 4), [1, 6]);
    const frames = (...fills: number[]) => [
      ...Buffer.concat(fills.map((fill) => frameUpdate(bytes(1, fill)))),
    ];
    expect([...tail.framesFor(clocks())]).toEqual(frames(1, 2, 3, 4));
    expect([...tail.framesFor(clocks([1, 5]))]).toEqual(frames(2, 3, 4));
    expect([...tail.framesFor(clocks([1, 5], [2, 3]))]).toEqual(frames(4));
    expect([...tail.framesFor(clocks([1, 9], [2, 9]))]).toEqual([]);
  });

  it('clocks cover each other client by client', () => {
    expect(covers(clocks([1, 2]), clocks())).toBe(true);
    expect(covers(clocks(), clocks([1, 1]))).toBe(false);
    expect(covers(clocks([1, 2], [2, 2]), clocks([1, 2]))).toBe(true);
    expect(covers(clocks([1, 2]), clocks([1, 3]))).toBe(false);
  });
});
