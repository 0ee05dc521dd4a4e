// Seeded randomness and delays for the engine's tests: the fakes let messages and disk writes take their time, so that
// a schedule explores orders that a quick machine never shows.

/** mulberry32: small, seeded, good enough to choose operations. */
export function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Ms that the next message or write takes. */
export type Delay = () => number;

export const NO_DELAY: Delay = () => 0;

/** Mostly at once, now and then up to `most` ms. */
export const createDelay =
  (random: (below: number) => number, most: number): Delay =>
  () =>
    random(3) > 0 ? 0 : random(most + 1);

/** Carries work to a later task, in the order it was given. */
export function createPipe(delay: Delay): (work: () => void) => void {
  const waiting: (() => void)[] = [];
  const next = (): void => {
    waiting[0]?.();
    waiting.shift();
    if (waiting.length > 0) setTimeout(next, delay());
  };
  return (work) => {
    waiting.push(work);
    if (waiting.length === 1) setTimeout(next, delay());
  };
}
