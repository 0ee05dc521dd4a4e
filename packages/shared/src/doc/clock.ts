// The hybrid logical clock that stamps writes (DOC-R2, DOC-R16), and the actors that sign them.
import { sha256 } from '@noble/hashes/sha2.js';
import type { Stamp } from './entry.ts';

/** Stamps count from here: 2020-01-01T00:00Z in UTC ms. Leaves 53 bits enough for 70 years at 4096 steps per ms. */
export const HLC_EPOCH_MS = Date.UTC(2020, 0, 1);
const stepsPerMs = 4096;
const maxHlc = Number.MAX_SAFE_INTEGER;
/** Stamps received from others move the clock at most this far ahead of the corrected time (DOC-R16). */
export const MAX_FORWARD_MS = 5 * 60_000;
const tabBits = 10;
const tabCount = 2 ** tabBits;
const deviceCount = 2 ** 21;

/** First stamp of a millisecond (plus `counter`, 0 to 4095), clamped to what a double can count. */
export function hlcFromMs(ms: number, counter = 0): number {
  const hlc = Math.floor(ms - HLC_EPOCH_MS) * stepsPerMs + counter;
  return Math.min(Math.max(hlc, 0), maxHlc);
}

/** UTC ms of a stamp. */
export function hlcToMs(hlc: number): number {
  return Math.floor(hlc / stepsPerMs) + HLC_EPOCH_MS;
}

/** Whether a stamp lies further ahead of the corrected time than any honest clock: shown, but flagged (DOC-R16). */
export function isFutureStamp(stamp: Stamp, nowMs: number): boolean {
  return stamp.hlc > hlcFromMs(nowMs + MAX_FORWARD_MS);
}

/** Actor of a tab: 21 bits of device, 10 bits of tab (1 to 1023 for people, 0 for integrations). */
export function actorOf(device: number, tab: number): number {
  return (device % deviceCount) * tabCount + (tab % tabCount);
}

export function deviceOfActor(actor: number): number {
  return Math.floor(actor / tabCount);
}

/** Whether an integration signed it: their tab is 0. */
export function isIntegrationActor(actor: number): boolean {
  return actor % tabCount === 0;
}

function leadingBits(text: string, bits: number): number {
  const digest = sha256(new TextEncoder().encode(text));
  const word = ((digest[0] ?? 0) << 16) | ((digest[1] ?? 0) << 8) | (digest[2] ?? 0);
  return word >>> (24 - bits);
}

/** Device number of an integration: the first 21 bits of sha256(source id). */
export function integrationDevice(sourceId: string): number {
  return leadingBits(sourceId, 21);
}

/** Stamp of an integration's event: the same on every relay and at every repeat. `occurredAtMs` is UTC ms. */
export function integrationStamp(event: { sourceId: string; eventId: string; occurredAtMs: number }): Stamp {
  return {
    hlc: hlcFromMs(event.occurredAtMs, leadingBits(event.eventId, 12)),
    actor: actorOf(integrationDevice(event.sourceId), 0),
  };
}

export type ClockOptions = {
  /** Wall clock of this device, UTC ms. */
  now: () => number;
  actor: number;
  /** Server time minus device time, ms; 0 until the relay has said. */
  serverOffsetMs?: number;
  /** Last stamp given before a reload, so that the clock never goes back. */
  last?: number;
};

/** Gives stamps that only grow, near the server's time whatever the device's clock says. */
export type Clock = {
  readonly actor: number;
  readonly last: number;
  next(): Stamp;
  /** Takes note of a stamp received. Returns false when it lies too far ahead to be believed. */
  receive(hlc: number): boolean;
  setServerOffset(ms: number): void;
  nowMs(): number;
};

export function createClock(options: ClockOptions): Clock {
  let offsetMs = options.serverOffsetMs ?? 0;
  let last = options.last ?? 0;
  const nowMs = () => options.now() + offsetMs;
  return {
    actor: options.actor,
    get last() {
      return last;
    },
    nowMs,
    next() {
      last = Math.min(Math.max(last + 1, hlcFromMs(nowMs())), maxHlc);
      return { hlc: last, actor: options.actor };
    },
    receive(hlc) {
      const isBelieved = hlc <= hlcFromMs(nowMs() + MAX_FORWARD_MS);
      if (isBelieved) last = Math.max(last, hlc);
      return isBelieved;
    },
    setServerOffset(ms) {
      offsetMs = ms;
    },
  };
}
