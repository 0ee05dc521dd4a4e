// Notices a dead socket: asks a silent relay for a sign of life and gives up on it when none comes.
import type { Signals } from './signals.ts';

/** Silence while visible after which the relay is asked. */
const PING_AFTER_MS = 4_000;
/** A dead socket is noticed within PING_AFTER_MS + PONG_WITHIN_MS < 10 s (SYNC-4). */
const PONG_WITHIN_MS = 4_000;
/** A stock server sends nothing but awareness echoes every 15 s; y-websocket gives it 30 s. */
const STOCK_SILENCE_MS = 45_000;
/** Without any message while opening or handshaking. A large snapshot on a slow line keeps sending parts. */
const HANDSHAKE_SILENCE_MS = 15_000;

export type LifeSignsMode = 'handshake' | 'live' | 'live-stock';

export type LifeSigns = {
  /** Something was heard, or the mode changed: the wait starts again. */
  heard(mode: LifeSignsMode): void;
  /** Asks now, e.g. because the page has just become visible. */
  probe(): void;
  stop(): void;
};

export function createLifeSigns(options: {
  readonly signals: Signals;
  readonly ping: () => void;
  readonly onDead: () => void;
}): LifeSigns {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = (work: () => void, ms: number): void => {
    clearTimeout(timer);
    timer = setTimeout(work, ms);
  };
  const probe = (): void => {
    options.ping();
    wait(options.onDead, PONG_WITHIN_MS);
  };
  return {
    heard(mode) {
      if (mode === 'handshake') wait(options.onDead, HANDSHAKE_SILENCE_MS);
      else if (mode === 'live-stock') wait(options.onDead, STOCK_SILENCE_MS);
      // Timers of hidden pages run late: a false alarm there would only cost battery.
      else if (options.signals.isVisible()) wait(probe, PING_AFTER_MS);
      else clearTimeout(timer);
    },
    probe,
    stop: () => clearTimeout(timer),
  };
}
