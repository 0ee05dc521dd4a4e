import type { Role } from '@wedsync/shared';
import { describe, expect, it } from 'vitest';
import { createEventBus } from '../events.ts';
import { createRevocation, type RightInUse } from './revocation.ts';

function create() {
  const roles = new Map<string, Role | ''>();
  const asked: RightInUse[][] = [];
  const errors: unknown[] = [];
  let fails = false;
  let tick: () => void = () => undefined;
  const bus = createEventBus((error) => errors.push(error));
  const revocation = createRevocation({
    bus,
    rolesOf: async (rights) => {
      asked.push([...rights]);
      if (fails) throw new Error('database away');
      return rights.map(({ listId, userId }) => roles.get(`${listId} ${userId}`) ?? '');
    },
    pollMs: 3_000,
    every: (_ms, callback) => {
      tick = callback;
      return () => {
        tick = () => undefined;
      };
    },
    onError: (error) => errors.push(error),
  });
  const settle = () => new Promise((done) => setImmediate(done));
  return {
    roles,
    asked,
    errors,
    bus,
    revocation,
    setFailing: (value: boolean) => {
      fails = value;
    },
    poll: async () => {
      tick();
      await settle();
    },
    settle,
  };
}

describe('AUTH-2 revocation', () => {
  it('tells every watcher the role as it is now, asking once for each right', async () => {
    const { roles, asked, revocation, poll } = create();
    roles.set('l1 ana', 'editor');
    const heard: string[] = [];
    revocation.watch({ listId: 'l1', userId: 'ana' }, (role) => heard.push(`a:${role}`));
    const stop = revocation.watch({ listId: 'l1', userId: 'ana' }, (role) => heard.push(`b:${role}`));
    revocation.watch({ listId: 'l1', userId: 'mal' }, (role) => heard.push(`c:${role}`));
    await poll();
    expect(asked[0]).toHaveLength(2);
    expect(heard).toEqual(['a:editor', 'b:editor', 'c:']);
    stop();
    stop();
    roles.set('l1 ana', 'viewer');
    await poll();
    expect(heard.slice(3)).toEqual(['a:viewer', 'c:']);
  });

  it('asks at once when a change is announced, and again for one that comes while asking', async () => {
    const { asked, bus, revocation, settle } = create();
    revocation.watch({ listId: 'l1', userId: 'ana' }, () => undefined);
    bus.emit('access.changed', { listId: 'l1' });
    bus.emit('access.changed', { listId: 'l1' });
    bus.emit('access.changed', { listId: 'l1' });
    await settle();
    expect(asked).toHaveLength(2);
  });

  it('a database that is away changes no right and is asked again', async () => {
    const { roles, errors, revocation, setFailing, poll } = create();
    roles.set('l1 ana', 'owner');
    const heard: string[] = [];
    revocation.watch({ listId: 'l1', userId: 'ana' }, (role) => heard.push(role));
    setFailing(true);
    await poll();
    expect([heard, errors.length]).toEqual([[], 1]);
    setFailing(false);
    await poll();
    expect(heard).toEqual(['owner']);
  });

  it('asks nothing when nobody is watched, and nothing after it was closed', async () => {
    const { asked, bus, revocation, poll, settle } = create();
    await poll();
    expect(asked).toEqual([]);
    revocation.watch({ listId: 'l1', userId: 'ana' }, () => undefined);
    revocation.close();
    await poll();
    bus.emit('access.changed', { listId: 'l1' });
    await settle();
    expect(asked).toEqual([]);
  });
});
