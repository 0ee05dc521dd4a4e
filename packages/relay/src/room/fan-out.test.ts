import { describe, expect, it } from 'vitest';
import { createFanOut, type Member } from './fan-out.ts';
import { frameMessage } from './frame.ts';
import { createTurn } from './turn.ts';

function manualTurn() {
  let due: (() => void) | undefined;
  return {
    turn: createTurn((callback) => {
      due = callback;
    }),
    end() {
      const run = due;
      due = undefined;
      run?.();
    },
  };
}

function recorder(): Member & { writes: Buffer[] } {
  const writes: Buffer[] = [];
  return { writes, write: (frames) => void writes.push(frames) };
}

describe('fan-out', () => {
  it('PERF-1 all frames of a turn reach each member in one write of one shared buffer', () => {
    const { turn, end } = manualTurn();
    const fanOut = createFanOut(turn);
    const [a, b] = [recorder(), recorder()];
    fanOut.add(a);
    fanOut.add(b);
    fanOut.publish(Buffer.from('1'));
    fanOut.publish(Buffer.from('2'));
    expect(a.writes).toHaveLength(0);
    end();
    expect(a.writes.map(String)).toEqual(['12']);
    expect(a.writes[0]).toBe(b.writes[0]);
  });

  it('an author gets the frames of the others only, and nothing when there are none', () => {
    const { turn, end } = manualTurn();
    const fanOut = createFanOut(turn);
    const [a, b, c] = [recorder(), recorder(), recorder()];
    for (const member of [a, b, c]) fanOut.add(member);
    fanOut.publish(Buffer.from('1'), a);
    end();
    fanOut.publish(Buffer.from('2'), a);
    fanOut.publish(Buffer.from('3'), b);
    end();
    expect(a.writes.map(String)).toEqual(['3']);
    expect(b.writes.map(String)).toEqual(['1', '2']);
    expect(c.writes.map(String)).toEqual(['1', '23']);
  });

  it('who joins in the middle of a turn gets only what comes after', () => {
    const { turn, end } = manualTurn();
    const fanOut = createFanOut(turn);
    const [a, b] = [recorder(), recorder()];
    fanOut.add(a);
    fanOut.publish(Buffer.from('1'));
    fanOut.flush();
    fanOut.add(b);
    fanOut.publish(Buffer.from('2'));
    end();
    expect(a.writes.map(String)).toEqual(['1', '2']);
    expect(b.writes.map(String)).toEqual(['2']);
  });

  it('who left gets nothing any more', () => {
    const { turn, end } = manualTurn();
    const fanOut = createFanOut(turn);
    const a = recorder();
    fanOut.add(a);
    fanOut.publish(Buffer.from('1'));
    fanOut.remove(a);
    end();
    expect(a.writes).toEqual([]);
  });
});

describe('turn', () => {
  it('rooms flush before outlets, and what is scheduled meanwhile waits for the next turn', () => {
    const { turn, end } = manualTurn();
    const order: string[] = [];
    const outlet = { flush: () => void order.push('outlet') };
    const room = {
      flush() {
        order.push('room');
        turn.flushOutlet(outlet);
        if (order.length === 1) turn.flushRoom(room);
      },
    };
    turn.flushRoom(room);
    end();
    expect(order).toEqual(['room', 'outlet']);
    end();
    expect(order).toEqual(['room', 'outlet', 'room', 'outlet']);
    end();
    expect(order).toHaveLength(4);
  });
});

describe('frames', () => {
  for (const [length, head] of [
    [0, 2],
    [125, 2],
    [126, 4],
    [65_535, 4],
    [65_536, 10],
  ] as const) {
    it(`a payload of ${length} bytes has a head of ${head}`, () => {
      const payload = Buffer.alloc(length, 7);
      const frame = frameMessage(payload.subarray(0, 1), payload.subarray(1));
      expect(frame.length).toBe(head + length);
      expect(frame[0]).toBe(0x82);
      expect(frame.subarray(head).equals(payload)).toBe(true);
    });
  }
});
