// Which tab holds the one socket of a list on this device: the holder of a Web Lock. A closed tab frees the lock at
// once; a frozen one is found by a visible tab that gets no answer, and loses the lock to it.
import { createSubscribable, type Subscribable } from '@wedsync/shared';

/** A visible follower asks this often; message events of hidden pages are not slowed down as their timers are. */
const ASK_EVERY_MS = 700;
/** No answer for this long is a frozen leader. Asking and waiting stay below the 2 s of LOCAL-3. */
const ANSWER_WITHIN_MS = 1_100;

export type LeaderMessage = { readonly type: 'leader?' } | { readonly type: 'leader!' };

/** The part of the Web Locks API that is used. */
export type Locks = {
  request(
    name: string,
    options: { signal?: AbortSignal; steal?: boolean },
    work: () => Promise<void>,
  ): Promise<void>;
};

export type LeaderOptions = {
  readonly name: string;
  /** Undefined where Web Locks are missing: then every tab leads, with a socket of its own. */
  readonly locks: Locks | undefined;
  /** Without a shared channel there is nobody to lead: every tab leads. */
  readonly hasChannel: boolean;
  readonly post: (message: LeaderMessage) => void;
  readonly isVisible: () => boolean;
};

export type Leader = {
  readonly isLeader: Subscribable<boolean>;
  /** Messages of the other tabs, passed in by the owner of the channel. */
  onMessage(message: LeaderMessage): void;
  /** The page is about to be frozen: lets go now, so that nobody has to wait for the timeout. */
  release(): void;
  /** The page is back: stands for election again. */
  stand(): void;
  close(): void;
};

/** Stands for election at once. `isLeader` turns false before another tab's turns true, except for a frozen tab. */
export function createLeader(options: LeaderOptions): Leader {
  const isLeader = createSubscribable(false);
  let isWanted = false;
  let letGo: (() => void) | undefined;
  let abort: AbortController | undefined;
  let askTimer: ReturnType<typeof setTimeout> | undefined;
  let answerTimer: ReturnType<typeof setTimeout> | undefined;
  const isAlone = options.locks === undefined || !options.hasChannel;

  function request(steal: boolean): void {
    abort?.abort();
    const controller = new AbortController();
    abort = controller;
    const hold = (): Promise<void> => {
      if (controller.signal.aborted) return Promise.resolve();
      clearTimers();
      return new Promise((resolve) => {
        letGo = resolve;
        isLeader.set(true);
      });
    };
    // `steal` and `signal` exclude each other; a steal is granted at once anyway.
    const over = (): void => {
      if (abort !== controller) return;
      // Let go, given up, or stolen while this page was frozen: the socket is closed first, then stand again.
      letGo = undefined;
      isLeader.set(false);
      if (isWanted) request(false);
    };
    options.locks
      ?.request(options.name, steal ? { steal } : { signal: controller.signal }, hold)
      .then(over, over);
    if (!steal) ask();
  }

  function ask(): void {
    clearTimers();
    askTimer = setTimeout(() => {
      if (!isWanted || isLeader.value) return;
      if (!options.isVisible()) {
        ask();
        return;
      }
      answerTimer = setTimeout(() => {
        if (isWanted && !isLeader.value) request(true);
      }, ANSWER_WITHIN_MS);
      options.post({ type: 'leader?' });
    }, ASK_EVERY_MS);
  }

  function clearTimers(): void {
    clearTimeout(askTimer);
    clearTimeout(answerTimer);
  }

  function stand(): void {
    if (isWanted) return;
    isWanted = true;
    if (isAlone) isLeader.set(true);
    else request(false);
  }

  function release(): void {
    isWanted = false;
    clearTimers();
    isLeader.set(false);
    letGo?.();
    letGo = undefined;
    abort?.abort();
    abort = undefined;
  }

  stand();
  return {
    isLeader,
    onMessage(message) {
      if (message.type === 'leader?') {
        if (isLeader.value) options.post({ type: 'leader!' });
      } else if (!isLeader.value && isWanted) ask();
    },
    release,
    stand,
    close: release,
  };
}
