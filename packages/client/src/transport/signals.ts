// What the browser says about network and visibility, behind one surface. None of it is believed further than it
// deserves: `online` only means "worth trying", a hidden page may still hear its socket.

export type Signal = 'online' | 'offline' | 'visible' | 'hidden' | 'freeze' | 'resume';

export type Signals = {
  isOnline(): boolean;
  isVisible(): boolean;
  /** Returns its own undo. */
  subscribe(listener: (signal: Signal) => void): () => void;
};

/** The signals of this page; where there is no page (tests, workers) it is always online and visible. */
export function createPageSignals(): Signals {
  return {
    isOnline: () => globalThis.navigator?.onLine !== false,
    isVisible: () => globalThis.document?.visibilityState !== 'hidden',
    subscribe(listener) {
      if (globalThis.document === undefined) return () => undefined;
      const ends: (() => void)[] = [];
      const on = (target: EventTarget, type: string, signal: () => Signal | undefined): void => {
        const handle = (): void => {
          const told = signal();
          if (told !== undefined) listener(told);
        };
        target.addEventListener(type, handle);
        ends.push(() => target.removeEventListener(type, handle));
      };
      on(window, 'online', () => 'online');
      on(window, 'offline', () => 'offline');
      on(document, 'visibilitychange', () => (document.visibilityState === 'hidden' ? 'hidden' : 'visible'));
      // Chromium freezes hidden pages, all browsers keep pages in the back-forward cache: both sleep with open sockets.
      on(document, 'freeze', () => 'freeze');
      on(document, 'resume', () => 'resume');
      on(window, 'pagehide', () => 'freeze');
      on(window, 'pageshow', () => 'resume');
      return () => ends.forEach((end) => void end());
    },
  };
}
