import { beforeEach, describe, expect, it } from 'vitest';
import { createTurn } from '../room/turn.ts';
import { createReceiptPace, createReceipts, type ReceiptPace } from './receipts.ts';

let now: number;
let due: { at: number; callback: () => void }[];
let endOfTurn: (() => void)[];
let pace: ReceiptPace;
let sent: string[];

/** Lets time pass: timers run when they are due, each followed by the end of its turn. */
function pass(ms: number): void {
  endTurn();
  const until = now + ms;
  for (;;) {
    const [next] = due.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
    if (next === undefined) break;
    due = due.filter((timer) => timer !== next);
    now = next.at;
    next.callback();
    endTurn();
  }
  now = until;
}

function endTurn(): void {
  for (const run of endOfTurn.splice(0)) run();
}

const device = (name: string) => createReceipts(pace, (n) => sent.push(`${name}${n}`));

beforeEach(() => {
  now = 1_000;
  due = [];
  endOfTurn = [];
  sent = [];
  const turn = createTurn((callback) => endOfTurn.push(callback));
  pace = createReceiptPace({
    turn,
    now: () => now,
    schedule: (ms, callback) => due.push({ at: now + ms, callback }),
  });
});

describe('SYNC-1 receipts', () => {
  it('the first after a pause leaves with its turn, and covers all of that turn', () => {
    const a = device('a');
    a.note(1);
    a.note(2);
    expect(sent).toEqual([]);
    endTurn();
    expect(sent).toEqual(['a2']);
    pass(500);
    a.note(3);
    endTurn();
    expect(sent).toEqual(['a2', 'a3']);
  });

  it('of a stream they leave a few times a second, the last one too, and one device does not slow another', () => {
    const [a, b] = [device('a'), device('b')];
    for (let n = 1; n <= 100; n += 1) {
      a.note(n);
      if (n === 50) b.note(1);
      pass(10);
      // Half a second in, the other one is told at once.
      if (n === 50) expect(sent.at(-1)).toBe('b1');
    }
    pass(200);
    expect(sent.at(-1)).toBe('a100');
    expect(sent.filter((receipt) => receipt.startsWith('a')).length).toBeLessThanOrEqual(7);
    expect(due).toEqual([]);
  });

  it('what is stored is told before the socket closes, and nothing twice', () => {
    const a = device('a');
    a.note(1);
    endTurn();
    a.note(2);
    a.note(2);
    a.note(1);
    a.flush();
    a.flush();
    pass(1_000);
    expect(sent).toEqual(['a1', 'a2']);
  });

  it('a clock that is set back delays no receipt for long', () => {
    const a = device('a');
    a.note(1);
    endTurn();
    now -= 3_600_000;
    a.note(2);
    pass(200);
    expect(sent).toEqual(['a1', 'a2']);
  });

  it('numbers are taken in order only', () => {
    const a = device('a');
    expect([a.receive(1), a.receive(3), a.receive(2), a.receive(2)]).toEqual([true, false, true, false]);
  });
});
