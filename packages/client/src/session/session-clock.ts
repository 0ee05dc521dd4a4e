// The clock of one session: stamps for this device and tab, corrected by the server's time (DOCUMENT rule 16). Usable
// at once; the device's own number and last known correction are filled in when they have been read.
import { actorOf, type Clock, createClock } from '@wedsync/shared';
import { type Device, openDevice, randomBelow } from '../persistence/device.ts';
import type { StorageOptions } from '../persistence/storage-options.ts';
import type { Tabs } from './tabs.ts';

const TAB_COUNT = 2 ** 10;
/** A slower answer says too little about the server's clock. */
const SLOWEST_ANSWER_MS = 2_000;

export type SessionClock = Clock & {
  /** Resolves when the device's number is known; no stamp may be made before. */
  readonly isReady: Promise<void>;
  readonly device: number;
  /** From the relay: its clock, read at most `roundTripMs` ago. */
  onServerTime(serverTime: number, roundTripMs: number): void;
  close(): void;
};

export function createSessionClock(options: {
  readonly personId: string;
  readonly tabs: Tabs;
  readonly now: () => number;
  readonly storage: StorageOptions;
}): SessionClock {
  const { tabs, now } = options;
  // Two tabs of a device get the same number once in 1,024 times; stamps then differ by their time and counter.
  const tab = randomBelow(TAB_COUNT);
  let clock = createClock({ now, actor: actorOf(0, tab) });
  let device: Device | undefined;
  let number = 0;
  let offsetMs = 0;
  let isClosed = false;

  function setOffset(ms: number): void {
    offsetMs = ms;
    clock.setServerOffset(ms);
    device?.saveOffset(ms);
  }

  const endTabs = tabs.subscribe((message) => {
    if (message.type === 'clock') setOffset(message.offset);
  });
  const isReady = openDevice(options.personId, options.storage).then((opened) => {
    device = opened;
    if (isClosed) opened.close();
    number = opened.record.device;
    offsetMs = offsetMs || opened.record.offsetMs;
    clock = createClock({ now, actor: actorOf(number, tab), serverOffsetMs: offsetMs, last: clock.last });
  });

  return {
    isReady,
    get device() {
      return number;
    },
    get actor() {
      return clock.actor;
    },
    get last() {
      return clock.last;
    },
    next: () => clock.next(),
    receive: (hlc) => clock.receive(hlc),
    nowMs: () => clock.nowMs(),
    setServerOffset: setOffset,
    onServerTime(serverTime, roundTripMs) {
      if (roundTripMs > SLOWEST_ANSWER_MS) return;
      const offset = Math.round(serverTime + roundTripMs / 2 - now());
      setOffset(offset);
      tabs.post({ type: 'clock', offset });
    },
    close() {
      isClosed = true;
      endTabs();
      device?.close();
    },
  };
}
