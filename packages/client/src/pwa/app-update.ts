// The service worker of the app: registers it, notices a new version, and changes over only when a person says so.
// Nothing here ever reloads a page under an edit (LOCAL-7).
import { createSubscribable, type Subscribable } from '@wedsync/shared';

/**
 * `ready`: a new version is waiting, ask the person. `elsewhere`: another tab has changed over; this page still runs
 * the old version and works, until the person reloads it.
 */
export type UpdateState = 'none' | 'ready' | 'applying' | 'elsewhere';

export type AppUpdate = {
  readonly state: Subscribable<UpdateState>;
  /** There is something to change over to: `ready` or `elsewhere`. */
  readonly isReady: Subscribable<boolean>;
  /** True once the shell is cached, i.e. the app opens without network. */
  readonly isOfflineReady: Subscribable<boolean>;
  /** Changes to the waiting version and reloads this page. Save or close what is being edited first. */
  apply(): void;
  /** Looks for a new version now; otherwise it is looked for every hour and when the page becomes visible. */
  check(): void;
  close(): void;
};

export type AppUpdateOptions = {
  /** Undefined where service workers are missing or forbidden (private modes, plain http). */
  readonly container: ServiceWorkerContainer | undefined;
  readonly scriptUrl?: string;
  readonly reload: () => void;
};

const CHECK_EVERY_MS = 60 * 60_000;

/** One per page. A failed registration leaves the app working online. */
export function createAppUpdate(options: AppUpdateOptions = pageOptions()): AppUpdate {
  const { container, reload, scriptUrl = '/sw.js' } = options;
  const state = createSubscribable<UpdateState>('none');
  const isReady = createSubscribable(false);
  state.subscribe((value) => isReady.set(value === 'ready' || value === 'elsewhere'));
  const isOfflineReady = createSubscribable(false);
  let registration: ServiceWorkerRegistration | undefined;
  let isControlled = container?.controller != null;

  /** A waiting worker beside an active one is an update; without one it is the first installation. */
  function look(): void {
    if (registration?.active) isOfflineReady.set(true);
    if (registration?.waiting && registration.active && state.value === 'none') state.set('ready');
  }

  function changeOver(installed: ServiceWorker): void {
    state.set('applying');
    installed.postMessage({ type: 'SKIP_WAITING' });
  }

  function onInstalling(): void {
    registration?.installing?.addEventListener('statechange', look);
  }

  const onControllerChange = (): void => {
    if (state.value === 'applying') reload();
    // The first worker takes over a page that has loaded without one: that is no other version.
    else if (isControlled) state.set('elsewhere');
    isControlled = true;
  };
  const check = (): void => void registration?.update().catch(() => undefined);
  const onVisible = (): void => {
    if (document.visibilityState === 'visible') check();
  };

  container?.addEventListener('controllerchange', onControllerChange);
  if (typeof document !== 'undefined') document.addEventListener('visibilitychange', onVisible);
  const timer = setInterval(check, CHECK_EVERY_MS);
  container
    ?.register(scriptUrl)
    .then((registered) => {
      registration = registered;
      registered.addEventListener('updatefound', onInstalling);
      onInstalling();
      look();
    })
    .catch(() => undefined);

  return {
    state,
    isReady,
    isOfflineReady,
    apply() {
      if (state.value === 'elsewhere') {
        reload();
        return;
      }
      const installed = registration?.waiting;
      if (installed == null) {
        // Asked for because a list needs a newer app: look once more, and start over with whatever there is.
        const found = registration?.update().catch(() => undefined) ?? Promise.resolve();
        void found.then(() => (registration?.waiting == null ? reload() : changeOver(registration.waiting)));
        return;
      }
      changeOver(installed);
    },
    check,
    close() {
      clearInterval(timer);
      container?.removeEventListener('controllerchange', onControllerChange);
      registration?.removeEventListener('updatefound', onInstalling);
      if (typeof document !== 'undefined') document.removeEventListener('visibilitychange', onVisible);
    },
  };
}

/** The browser's service worker; it is only there in the built app. */
const pageOptions = (): AppUpdateOptions => ({
  container: globalThis.navigator?.serviceWorker as ServiceWorkerContainer | undefined,
  reload: () => globalThis.location.reload(),
});
