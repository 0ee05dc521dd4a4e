// A value that can be looked at and watched: the one way state leaves the engine.

/** `value` is always current; `subscribe` calls on changes only, not at once, and returns its own unsubscribe. */
export interface Subscribable<T> {
  readonly value: T;
  subscribe(listener: (value: T) => void): () => void;
}

/** The owner's side of a `Subscribable`. */
export interface SubscribableSource<T> extends Subscribable<T> {
  /** Stores `next` and tells every listener; does nothing when `equals` says that it is the same. */
  set(next: T): void;
}

/**
 * A value with listeners. `equals` defaults to `Object.is`. Listeners are called in order of subscription; when
 * one sets the value again, the others hear only the newest. A throwing listener does not keep the rest from
 * being called; the first error is thrown to whoever called `set`. Unsubscribing twice is harmless.
 */
export function createSubscribable<T>(
  initial: T,
  equals: (a: T, b: T) => boolean = Object.is,
): SubscribableSource<T> {
  let value = initial;
  let version = 0;
  const listeners = new Map<symbol, (value: T) => void>();

  function notify(): void {
    const current = version;
    const errors: unknown[] = [];
    for (const [key, listener] of [...listeners]) {
      if (version !== current) break; // set again meanwhile: everybody has heard the newer value
      if (!listeners.has(key)) continue; // unsubscribed by an earlier listener
      try {
        listener(value);
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }

  return {
    get value() {
      return value;
    },
    set(next) {
      if (equals(value, next)) return;
      value = next;
      version += 1;
      notify();
    },
    subscribe(listener) {
      const key = Symbol('listener');
      listeners.set(key, listener);
      return () => {
        listeners.delete(key);
      };
    },
  };
}
