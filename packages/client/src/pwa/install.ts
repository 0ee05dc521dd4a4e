// How this app can be put on the home screen or desktop here: by a button, by hand, or not at all.
import { createSubscribable, type Subscribable } from '@wedsync/shared';

/**
 * `promptable`: `install()` shows the browser's own question. `by-hand`: iPhone and iPad have no question, the person
 * uses Share → Add to Home Screen. `installed`: this window is the installed app.
 */
export type InstallState = 'installed' | 'promptable' | 'by-hand' | 'unavailable';

export type Install = {
  readonly state: Subscribable<InstallState>;
  /** True when the person said yes. Call it on a gesture. */
  install(): Promise<boolean>;
  close(): void;
};

/** Chromium's event, not in lib.dom: https://developer.mozilla.org/docs/Web/API/BeforeInstallPromptEvent */
type InstallPromptEvent = Event & {
  prompt(): Promise<void>;
  readonly userChoice: Promise<{ readonly outcome: 'accepted' | 'dismissed' }>;
};

export type InstallOptions = {
  /** The window, or a stand-in for it. */
  readonly target: EventTarget;
  readonly isStandalone: boolean;
  readonly userAgent: string;
  readonly touchPoints: number;
};

/** Listens from now on: the browser's event comes early and only once, so make it at start-up. */
export function createInstall({ target, isStandalone, userAgent, touchPoints }: InstallOptions): Install {
  let offer: InstallPromptEvent | undefined;
  // iPadOS calls itself a Mac; a Mac has no touch screen.
  const isApplePhone = /iPhone|iPad|iPod/.test(userAgent) || (/Macintosh/.test(userAgent) && touchPoints > 1);
  const state = createSubscribable<InstallState>(
    isStandalone ? 'installed' : isApplePhone ? 'by-hand' : 'unavailable',
  );
  const onOffer = (event: Event): void => {
    event.preventDefault();
    offer = event as InstallPromptEvent;
    state.set('promptable');
  };
  const onInstalled = (): void => {
    offer = undefined;
    state.set('installed');
  };
  target.addEventListener('beforeinstallprompt', onOffer);
  target.addEventListener('appinstalled', onInstalled);
  return {
    state,
    async install() {
      const used = offer;
      if (used === undefined) return false;
      // An offer is good for one question.
      offer = undefined;
      await used.prompt();
      const { outcome } = await used.userChoice;
      if (outcome === 'dismissed') state.set('unavailable');
      return outcome === 'accepted';
    },
    close() {
      target.removeEventListener('beforeinstallprompt', onOffer);
      target.removeEventListener('appinstalled', onInstalled);
    },
  };
}

/** The installation of this page. */
export const createPageInstall = (): Install =>
  createInstall({
    target: window,
    isStandalone:
      matchMedia('(display-mode: standalone)').matches ||
      (navigator as { standalone?: boolean }).standalone === true,
    userAgent: navigator.userAgent,
    touchPoints: navigator.maxTouchPoints,
  });
