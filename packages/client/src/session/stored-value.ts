// A small JSON value in local storage that all tabs of the browser see. Where storage is forbidden it lives in the tab.
import { createSubscribable, type Subscribable } from '@wedsync/shared';

export type StoredValue<T> = Subscribable<T | undefined> & {
  /** Undefined removes it. */
  set(next: T | undefined): void;
  /** Reads what another tab has written since; `storage` events may come late. */
  reread(): void;
  close(): void;
};

/** The value is trusted to be what this app wrote; anything that is no JSON counts as absent. */
export function createStoredValue<T>(key: string, storage: Storage | undefined): StoredValue<T> {
  const isSame = (a: T | undefined, b: T | undefined): boolean => JSON.stringify(a) === JSON.stringify(b);
  const value = createSubscribable<T | undefined>(read(), isSame);

  function read(): T | undefined {
    try {
      const text = storage?.getItem(key) ?? null;
      return text === null ? undefined : (JSON.parse(text) as T);
    } catch {
      return undefined;
    }
  }

  const onStorage = (event: Event): void => {
    const changed = (event as StorageEvent).key;
    if (changed === key || changed === null) value.set(read());
  };
  const target: EventTarget | undefined = typeof window === 'undefined' ? undefined : window;
  target?.addEventListener('storage', onStorage);

  return {
    get value() {
      return value.value;
    },
    subscribe: value.subscribe,
    set(next) {
      try {
        if (next === undefined) storage?.removeItem(key);
        else storage?.setItem(key, JSON.stringify(next));
      } catch {
        // No room or no permission: it is kept for this tab alone.
      }
      value.set(next);
    },
    reread() {
      if (storage !== undefined) value.set(read());
    },
    close: () => target?.removeEventListener('storage', onStorage),
  };
}

/** Local storage, or undefined where reading the property alone throws. */
export function safeLocalStorage(): Storage | undefined {
  try {
    return globalThis.localStorage;
  } catch {
    return undefined;
  }
}
