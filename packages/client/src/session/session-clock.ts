// The clock of one session: stamps for this device and tab, corrected by the server's time (DOCUMENT rule 16). Usable
// at once; the device's own number and last known correction are filled in when they have been read.
import { actorOf, type Clock, createClock, hlcFromMs, MAX_FORWARD_MS } from '@wedsync/shared';
import { type Device, openDevice, randomBelow } from '../persistence/device.ts';
import type { StorageOptions } from '../persistence/storage-options.ts';
import type { Tabs } from './tabs.ts';

const TAB_COUNT = 2 ** 10;

export type SessionClock = Clock & {
  /** Resolves when the device's number is known; no stamp may be made before. */
  readonly isReady: Promise<void>;
  readonly device: number;
  /** False: this device's disk could not be read or written for its number. */
  readonly isKept: boolean;
  /** From the relay: its clock, read at some moment of the last `roundTripMs`. */
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
    // What was stamped by a clock that ran ahead is refused; what is written from now on must not follow it there.
    const latest = hlcFromMs(now() + ms + MAX_FORWARD_MS);
    if (clock.last > latest) clock = createClock({ now, actor: clock.actor });
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
    get isKept() {
      return device?.isKept ?? true;
    },
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
      // The server's clock was read at some moment of the round trip. While the present correction agrees with that it
      // stays: a slow answer must not move a clock that is right, or the order of two devices' edits moves with it.
      const least = serverTime - now();
      if (offsetMs >= least && offsetMs <= least + roundTripMs) return;
      const offset = Math.round(least + roundTripMs / 2);
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
