import type { WireMessage } from '@wedsync/shared';
import { expect, it, vi } from 'vitest';
import { createGuardedRoom, createTestDevice, TEST_NOW } from '../room/testing/rooms.ts';
import type { Outlet } from './outlet.ts';
import type { SessionServices } from './services.ts';
import { createWriteHandler } from './write-handler.ts';

it('a gap after one that was closed is answered with a resync again', () => {
  const { room } = createGuardedRoom();
  const sent: WireMessage[] = [];
  const quarantine = vi.fn();
  const services = {
    receiptPace: { now: () => TEST_NOW, soon: () => undefined },
    limits: { bareDeletionBurst: 1, bareDeletionsPerSecond: 1 },
    now: () => TEST_NOW,
    onRefused: () => undefined,
    quarantine,
    log: { warn: () => undefined },
  } as unknown as SessionServices;
  const writes = createWriteHandler({
    sessionId: 's',
    room,
    outlet: { write: () => undefined } as unknown as Outlet,
    services,
    device: undefined,
    sender: 'ana',
    send: (message) => void sent.push(message),
    close: () => undefined,
  });
  let n = 0;
  const send = (update: Uint8Array) => {
    n += 1;
    sent.length = 0;
    writes.receive({ n, update, isStep2: true }, true);
    return sent.filter(({ type }) => type !== 'stored');
  };
  const { add } = createTestDevice();
  const [first, second, third, fourth] = ['a', 'b', 'c', 'd'].map(add) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  const resync = [{ type: 'refused', retryable: true }, { type: 'sync-step1' }];
  expect(send(second)).toMatchObject(resync);
  expect(send(first)).toEqual([]);
  expect(send(third)).toMatchObject(resync);
  expect(quarantine).not.toHaveBeenCalled();
  // The answer to that resync has a gap still: it will have one for ever.
  expect(send(fourth)).toMatchObject([{ type: 'refused', retryable: false }]);
  expect(quarantine).toHaveBeenCalledOnce();
  // And the next one begins anew.
  expect(send(third)).toMatchObject(resync);
});
