// The service worker: registers it, and says when a newer app is ready. Nothing reloads by itself.

import { registerSW } from 'virtual:pwa-register';
import { createSubscribable, type Subscribable } from '@wedsync/shared';

export type AppUpdate = {
  readonly isReady: Subscribable<boolean>;
  /** Changes to the newer app and reloads; called by a press of the person alone. */
  apply(): void;
};

/** One per page. In browsers without service workers it never has news. */
export function createAppUpdate(): AppUpdate {
  const isReady = createSubscribable(false);
  const update = registerSW({ onNeedRefresh: () => isReady.set(true) });
  return { isReady, apply: () => void update(true) };
}
