// Shows the toast queue: announced politely, stays while the pointer or the focus is on it.
import {
  createContext,
  type ReactElement,
  type ReactNode,
  useContext,
  useEffect,
  useState,
  useSyncExternalStore,
} from 'react';
import { Button, IconButton } from './Button.tsx';
import { cx } from './cx.ts';
import styles from './Toasts.module.css';
import { createToastStore, type Toast, type ToastStore } from './toast-store.ts';

/** Long enough to read a sentence and reach the button; WCAG 2.2.1 is met because nothing is lost with it. */
const SHOWN_MS = 8_000;

const ToastContext = createContext<ToastStore | undefined>(undefined);

/** Holds one queue for everything inside it. */
export function ToastProvider({ children }: { children: ReactNode }): ReactElement {
  const [store] = useState(createToastStore);
  return <ToastContext value={store}>{children}</ToastContext>;
}

/** The queue, to show something in. */
export function useToasts(): ToastStore {
  const store = useContext(ToastContext);
  if (store === undefined) throw new Error('useToasts outside of ToastProvider');
  return store;
}

export function Toasts({ dismissLabel }: { dismissLabel: string }): ReactElement {
  const store = useToasts();
  const toasts = useSyncExternalStore(store.subscribe, () => store.value);
  return (
    <section className={styles.stack} aria-live="polite" aria-relevant="additions" aria-label={dismissLabel}>
      {toasts.map((toast) => (
        <ToastCard
          key={toast.id}
          toast={toast}
          dismissLabel={dismissLabel}
          onDismiss={() => store.dismiss(toast.id)}
        />
      ))}
    </section>
  );
}

function ToastCard({
  toast,
  dismissLabel,
  onDismiss,
}: {
  toast: Toast;
  dismissLabel: string;
  onDismiss: () => void;
}): ReactElement {
  const [isHeld, setHeld] = useState(false);
  useEffect(() => {
    if (isHeld) return;
    const timer = setTimeout(onDismiss, SHOWN_MS);
    return () => clearTimeout(timer);
  }, [isHeld, onDismiss]);
  const { action } = toast;
  return (
    <div
      className={cx(styles.toast, toast.tone === 'bad' && styles.bad)}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <p>{toast.text}</p>
      {action !== undefined && (
        <Button
          kind="quiet"
          className={styles.action}
          onClick={() => {
            action.run();
            onDismiss();
          }}
        >
          {action.label}
        </Button>
      )}
      <IconButton icon="close" label={dismissLabel} onClick={onDismiss} className={styles.close} />
    </div>
  );
}
