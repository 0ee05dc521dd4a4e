import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { AppError } from '@wedsync/shared';
import { describe, expect, it } from 'vitest';
import { createRegistry, type RegistryOptions, type RoomHooks } from './registry.ts';
import type { Room } from './room.ts';
import { createGuardedRoom, createTestDevice } from './testing/rooms.ts';

function create(overrides: Partial<RegistryOptions> = {}) {
  const loads: {
    documentId: string;
    hooks: RoomHooks;
    succeed: () => Room;
    fail: (error: unknown) => void;
  }[] = [];
  const timers = new Set<() => void>();
  const failures: string[] = [];
  const registry = createRegistry({
    load: (documentId, hooks) =>
      new Promise((done, fail) =>
        loads.push({
          documentId,
          hooks,
          succeed: () => {
            const { room } = createGuardedRoom({ documentId, ...hooks });
            done(room);
            return room;
          },
          fail,
        }),
      ),
    idleMs: 1_000,
    maxRooms: 2,
    schedule: (_ms, callback) => {
      timers.add(callback);
      return () => timers.delete(callback);
    },
    onHole: () => undefined,
    onLoadFailed: (documentId) => failures.push(documentId),
    ...overrides,
  });
  const settle = () => new Promise((done) => setImmediate(done));
  const idle = () => {
    for (const callback of [...timers]) {
      timers.delete(callback);
      callback();
    }
  };
  return { registry, loads, failures, timers, settle, idle };
}

describe('registry', () => {
  it('joiners during loading share one load and one room', async () => {
    const { registry, loads } = create();
    const both = Promise.all([registry.join('a', () => undefined), registry.join('a', () => undefined)]);
    expect(loads).toHaveLength(1);
    expect(registry.get('a')).toBeUndefined();
    const room = loads[0]?.succeed();
    const [first, second] = await both;
    expect(first).toMatchObject({ ok: true, room });
    expect(second).toMatchObject({ ok: true, room });
    expect(registry.get('a')).toBe(room);
  });

  it('RELAY-3 a failed load fails all who wait, with a retryable code, and the next joiner tries again', async () => {
    const { registry, loads, failures, settle } = create();
    const both = Promise.all([registry.join('a', () => undefined), registry.join('a', () => undefined)]);
    loads[0]?.fail(new AppError('load-failed'));
    expect(await both).toEqual([
      { ok: false, code: 'load-failed' },
      { ok: false, code: 'load-failed' },
    ]);
    expect(failures).toEqual(['a']);
    expect(registry.counts()).toEqual({ loading: 0, live: 0, draining: 0, closed: 0 });
    const again = registry.join('a', () => undefined);
    loads[1]?.succeed();
    expect((await again).ok).toBe(true);
    await settle();
  });

  it('an unknown document is told as such and is no fault', async () => {
    const { registry, loads, failures } = create();
    const joining = registry.join('a', () => undefined);
    loads[0]?.fail(new AppError('not-found'));
    expect(await joining).toEqual({ ok: false, code: 'unknown-document' });
    expect(failures).toEqual([]);
  });

  it('an empty room is unloaded after its idle time, unless somebody came back', async () => {
    const { registry, loads, idle, timers } = create();
    const joining = registry.join('a', () => undefined);
    const room = loads[0]?.succeed();
    const joined = await joining;
    if (!joined.ok) throw new Error(joined.code);
    expect(timers.size).toBe(0);
    joined.leave();
    joined.leave();
    expect(timers.size).toBe(1);
    const back = await registry.join('a', () => undefined);
    expect(back).toMatchObject({ ok: true, room });
    expect(timers.size).toBe(0);
    if (back.ok) back.leave();
    idle();
    expect(registry.get('a')).toBeUndefined();
    expect(loads).toHaveLength(1);
  });

  it('RELAY-2 a room with unstored updates is never unloaded; who joins meanwhile gets that very room', async () => {
    const { registry, loads, idle } = create();
    const appends: ((result: { ok: true; seq: number }) => void)[] = [];
    const { registry: own } = create({
      load: async (documentId, hooks) =>
        createGuardedRoom({
          documentId,
          ...hooks,
          append: (_update, _author, onDecided) => appends.push(onDecided),
        }).room,
    });
    expect([registry.unstored(), loads.length]).toEqual([0, 0]);
    idle();
    const joined = await own.join('a', () => undefined);
    if (!joined.ok) throw new Error(joined.code);
    joined.room.publish(createTestDevice().add('Hall'), { sender: 'ana' });
    expect(own.unstored()).toBe(1);
    own.fail('unknown', 'internal');
    expect(own.counts().live).toBe(1);
    appends[0]?.({ ok: true, seq: 1 });
  });

  it('RELAY-2 an empty room that is not stored drains, and closes when it is', async () => {
    const appends: ((result: { ok: true; seq: number }) => void)[] = [];
    const { registry, idle, settle } = create({
      load: async (documentId, hooks) =>
        createGuardedRoom({
          documentId,
          ...hooks,
          append: (_update, _author, onDecided) => appends.push(onDecided),
        }).room,
    });
    const joined = await registry.join('a', () => undefined);
    if (!joined.ok) throw new Error(joined.code);
    joined.room.publish(createTestDevice().add('Hall'), { sender: 'ana' });
    joined.leave();
    idle();
    expect(registry.counts().draining).toBe(1);
    const back = await registry.join('a', () => undefined);
    expect(back).toMatchObject({ ok: true, room: joined.room });
    if (back.ok) back.leave();
    idle();
    expect(registry.counts().draining).toBe(1);
    appends[0]?.({ ok: true, seq: 1 });
    await settle();
    expect(registry.counts()).toEqual({ loading: 0, live: 0, draining: 0, closed: 0 });
  });

  it('a room that ends tells its members why, once, and the next joiner loads anew', async () => {
    const { registry, loads } = create();
    const ends: string[] = [];
    const joining = registry.join('a', (end) => ends.push(end));
    loads[0]?.succeed();
    const joined = await joining;
    registry.fail('a', 'lineage-changed');
    registry.fail('a', 'internal');
    expect(ends).toEqual(['lineage-changed']);
    if (joined.ok) joined.leave();
    void registry.join('a', () => undefined);
    expect(loads).toHaveLength(2);
  });

  it('RELAY-6 the last room that fits is opened, the next one is refused, and joins of open ones go on', async () => {
    const { registry, loads } = create();
    const first = registry.join('a', () => undefined);
    const second = registry.join('b', () => undefined);
    for (const { succeed } of loads) succeed();
    await Promise.all([first, second]);
    expect(await registry.join('c', () => undefined)).toEqual({ ok: false, code: 'rate-limited' });
    expect((await registry.join('a', () => undefined)).ok).toBe(true);
  });

  it('RELAY-4 100,000 rooms that open, fail and close leave no room, no timer and no heap behind', {
    timeout: 120_000,
  }, async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const { room } = createGuardedRoom({});
    const timers = new Set<() => void>();
    const registry = createRegistry({
      load: async (documentId) => {
        if (documentId.endsWith('3')) throw new AppError('load-failed');
        return room;
      },
      idleMs: 1,
      maxRooms: 100,
      schedule: (_ms, callback) => {
        timers.add(callback);
        return () => timers.delete(callback);
      },
      onHole: () => undefined,
      onLoadFailed: () => undefined,
    });
    const cycle = async (count: number): Promise<number> => {
      for (let index = 0; index < count; index += 1) {
        const joined = await registry.join(`d${index}`, () => undefined);
        if (joined.ok) joined.leave();
        for (const callback of [...timers]) {
          timers.delete(callback);
          callback();
        }
      }
      collect();
      return process.memoryUsage().heapUsed;
    };
    const before = await cycle(2_000);
    const after = await cycle(100_000);
    expect(registry.counts()).toEqual({ loading: 0, live: 0, draining: 0, closed: 0 });
    expect(timers.size).toBe(0);
    expect(after).toBeLessThan(before * 1.05);
  });
});
