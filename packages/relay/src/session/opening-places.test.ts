import { describe, expect, it } from 'vitest';
import { addressOf, createOpeningPlaces } from './opening-places.ts';

function create(limits: { max: number; maxPerAddress: number }) {
  const clock = { now: 0 };
  const places = createOpeningPlaces({ ...limits, holdMs: 1_000, now: () => clock.now });
  const take = (address?: string) => places.take(address) !== undefined;
  return { ...places, clock, has: take };
}

describe('places of sockets that are not let in yet', () => {
  it('RELAY-6 one address gets its share and not one more; others get the rest', () => {
    const { has } = create({ max: 5, maxPerAddress: 3 });
    expect([has('a'), has('a'), has('a'), has('a')]).toEqual([true, true, true, false]);
    expect([has('b'), has('b'), has('b')]).toEqual([true, true, false]);
  });

  it('who has no address to be counted by is held to the limit of all', () => {
    const { has } = create({ max: 3, maxPerAddress: 1 });
    expect([has(), has(), has(), has()]).toEqual([true, true, true, false]);
  });

  it('a place that is freed can be taken again, and freeing it twice frees no other', () => {
    const { take, has } = create({ max: 9, maxPerAddress: 2 });
    const free = take('a');
    expect([has('a'), has('a')]).toEqual([true, false]);
    free?.();
    free?.();
    expect([has('a'), has('a')]).toEqual([true, false]);
  });

  it('a place that nobody frees is free after its time', () => {
    const { sweep, has, clock } = create({ max: 9, maxPerAddress: 2 });
    expect(has('a')).toBe(true);
    clock.now = 1;
    expect(has('a')).toBe(true);
    clock.now = 999;
    sweep();
    expect(has('a')).toBe(false);
    clock.now = 1_000;
    sweep();
    expect([has('a'), has('a')]).toEqual([true, false]);
  });
});

describe('the address that a socket is counted by', () => {
  const of = (remoteAddress: string | undefined, forwarded?: string) =>
    addressOf({
      socket: { remoteAddress },
      headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
    } as Parameters<typeof addressOf>[0]);

  it('is the peer when that is a public one, whatever it says', () => {
    expect(of('8.8.4.4')).toBe('8.8.4.4');
    expect(of('8.8.4.4', '9.9.9.9')).toBe('8.8.4.4');
    expect(of('::ffff:8.8.4.4')).toBe('8.8.4.4');
  });

  it('is what a proxy beside the relay appended, over other near ones, never what stood before', () => {
    for (const proxy of ['127.0.0.1', '::1', '::ffff:10.0.0.2', '172.17.0.1', 'fd00::1'])
      expect(of(proxy, '9.9.9.9, 8.8.4.4')).toBe('8.8.4.4');
    expect(of('127.0.0.1', '9.9.9.9, 8.8.4.4,10.0.0.7, 192.168.1.2')).toBe('8.8.4.4');
  });

  it('is nobody where no public address is told', () => {
    for (const forwarded of [undefined, '', '192.168.1.9', '9.9.9.9, unknown', '9.9.9.9, '])
      expect(of('127.0.0.1', forwarded)).toBeUndefined();
    expect(of(undefined)).toBeUndefined();
  });

  it('is the same for all IPv6 addresses of a household', () => {
    expect(of('2a00:1450:1:2::1')).toBe(of('2a00:1450:1:2:ffff::9'));
    expect(of('2a00:1450:1:2::1')).not.toBe(of('2a00:1450:1:3::1'));
  });
});
