import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Reading } from './check-state.ts';
import { createMonitor, type Monitor, type Transition } from './monitor.ts';

const schedule = (ms: number, callback: () => void) => {
  const timer = setTimeout(callback, ms);
  return () => clearTimeout(timer);
};

let database: () => Promise<Reading>;
let sources: () => Promise<ReadonlyMap<string, Reading>>;
let changes: string[];
let monitor: Monitor;
let rounds: number;

function start(): void {
  monitor = createMonitor({
    checks: [
      { key: 'database', run: () => database(), fault: { state: 'failing', cause: 'away' } },
      { key: 'redis', run: async () => ({ state: 'off' }), fault: { state: 'failing' } },
    ],
    groups: [{ prefix: 'source:', run: () => sources() }],
    intervalMs: 30_000,
    now: Date.now,
    schedule,
    onChange: ({ key, from, to }: Transition) => changes.push(`${key} ${from.state} → ${to.state}`),
    onRound: () => {
      rounds += 1;
    },
    onError: () => undefined,
  });
}

beforeEach(() => {
  vi.useFakeTimers();
  changes = [];
  rounds = 0;
  database = async () => ({ state: 'ok' });
  sources = async () => new Map();
});
afterEach(async () => {
  await monitor.close();
  vi.useRealTimers();
});

describe('HEALTH-1 the monitor', () => {
  it('runs at once and every interval', async () => {
    start();
    await vi.advanceTimersByTimeAsync(1);
    expect(changes).toEqual(['database unknown → ok', 'redis unknown → off']);
    expect(monitor.status('database')).toMatchObject({ state: 'ok', latencyMs: 0 });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(rounds).toBe(3);
    expect(monitor.nextCheckAt()).toBe(Date.now() + 29_999);
  });

  it('a fault right after a round shows within a minute, and its repair too', async () => {
    start();
    await vi.advanceTimersByTimeAsync(1);
    database = () => new Promise(() => undefined);
    await vi.advanceTimersByTimeAsync(59_000);
    expect(changes).toContain('database ok → failing');
    expect(monitor.status('database')).toMatchObject({ state: 'failing', cause: 'away' });
    database = async () => ({ state: 'ok' });
    await vi.advanceTimersByTimeAsync(59_000);
    expect(changes.at(-1)).toBe('database failing → ok');
    expect(changes).toHaveLength(4);
  });

  it('one bad reading is repeated soon and forgotten when it was a blip', async () => {
    start();
    await vi.advanceTimersByTimeAsync(1);
    database = async () => {
      database = async () => ({ state: 'ok' });
      throw new Error('once');
    };
    await vi.advanceTimersByTimeAsync(30_000);
    expect(monitor.status('database')).toMatchObject({ state: 'ok', pending: 'failing' });
    expect(monitor.newest('database')).toMatchObject({ state: 'failing' });
    await vi.advanceTimersByTimeAsync(5_000);
    expect(monitor.status('database')).not.toHaveProperty('pending');
    expect(changes).not.toContain('database ok → failing');
  });

  it('what is heard of a source is looked at within seconds, also while a look is under way', async () => {
    start();
    await vi.advanceTimersByTimeAsync(1);
    let answer: (found: ReadonlyMap<string, Reading>) => void = () => undefined;
    sources = () =>
      new Promise((done) => {
        answer = done;
      });
    monitor.hear('source:');
    await vi.advanceTimersByTimeAsync(1_000);
    const first = answer;
    monitor.hear('source:');
    await vi.advanceTimersByTimeAsync(1_000);
    first(new Map([['source:a', { state: 'ok', isCertain: true }]]));
    sources = async () => new Map([['source:a', { state: 'failing', isCertain: true }]]);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(changes.slice(-2)).toEqual(['source:a unknown → ok', 'source:a ok → failing']);
    sources = async () => new Map();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(monitor.status('source:a')).toBeUndefined();
  });

  it('a group that cannot be read keeps what is known', async () => {
    sources = async () => new Map([['source:a', { state: 'ok', isCertain: true }]]);
    start();
    await vi.advanceTimersByTimeAsync(1);
    sources = () => Promise.reject(new Error('away'));
    await vi.advanceTimersByTimeAsync(30_000);
    expect(monitor.status('source:a')).toMatchObject({ state: 'ok' });
  });

  it('a source is gone when the sources were read without it, not before', async () => {
    sources = () => Promise.reject(new Error('away'));
    start();
    await vi.advanceTimersByTimeAsync(1);
    expect(monitor.isGone('source:a')).toBe(false);
    sources = async () => new Map([['source:b', { state: 'ok', isCertain: true }]]);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(monitor.isGone('source:a')).toBe(true);
    expect(monitor.isGone('source:b')).toBe(false);
    expect(monitor.isGone('a check of an older version')).toBe(true);
  });

  it('closing does not wait for a check that hangs', async () => {
    database = () => new Promise(() => undefined);
    start();
    await monitor.close();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(changes).not.toContain('database unknown → failing');
  });
});
