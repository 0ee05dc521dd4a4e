// The queue of short messages at the lower edge, with what may be undone. Pure state; Toasts.tsx shows it.

/** One message; `action` is at most one word or two ("Undo"). */
export type Toast = {
  readonly id: number;
  readonly text: string;
  readonly tone: 'plain' | 'bad';
  readonly action?: { readonly label: string; readonly run: () => void };
};

export type ToastStore = {
  readonly value: readonly Toast[];
  subscribe(listener: () => void): () => void;
  /** Returns the toast's id. */
  show(toast: { text: string; tone?: Toast['tone']; action?: Toast['action'] }): number;
  /** Another text for one that may still be shown; it is not announced again. */
  update(id: number, text: string): void;
  dismiss(id: number): void;
};

/** More than three at once would cover the list: the oldest goes. */
const MAX_SHOWN = 3;

export function createToastStore(): ToastStore {
  let toasts: readonly Toast[] = [];
  let nextId = 1;
  const listeners = new Set<() => void>();
  const set = (next: readonly Toast[]): void => {
    toasts = next;
    for (const listener of listeners) listener();
  };
  return {
    get value() {
      return toasts;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    show({ text, tone = 'plain', action }) {
      const toast: Toast = { id: nextId++, text, tone, ...(action === undefined ? {} : { action }) };
      set([...toasts.filter((shown) => shown.text !== text), toast].slice(-MAX_SHOWN));
      return toast.id;
    },
    update(id, text) {
      set(toasts.map((toast) => (toast.id === id ? { ...toast, text } : toast)));
    },
    dismiss(id) {
      set(toasts.filter((toast) => toast.id !== id));
    },
  };
}
