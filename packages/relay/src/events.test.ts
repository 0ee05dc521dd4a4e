import { describe, expect, it } from 'vitest';
import { createEventBus } from './events.ts';

describe('event bus', () => {
  it('a listener that throws is reported and does not keep the others from hearing', () => {
    const errors: string[] = [];
    const bus = createEventBus((_error, name) => errors.push(name));
    const heard: number[] = [];
    bus.on('log.appended', () => {
      throw new Error('broken listener');
    });
    bus.on('log.appended', ({ headSeq }) => heard.push(headSeq));
    bus.emit('log.appended', { documentId: 'l_a', headSeq: 7 });
    expect(heard).toEqual([7]);
    expect(errors).toEqual(['log.appended']);
  });

  it('one function subscribed twice hears twice and unsubscribes once at a time', () => {
    const bus = createEventBus(() => undefined);
    let count = 0;
    const listener = () => {
      count += 1;
    };
    const off = bus.on('access.changed', listener);
    bus.on('access.changed', listener);
    bus.emit('access.changed', { listId: 'l_a' });
    expect(count).toBe(2);
    off();
    off();
    bus.emit('access.changed', { listId: 'l_a' });
    expect(count).toBe(3);
  });
});
