// A dialog on the browser's own <dialog>: focus is kept inside and returned, Escape closes, the rest is inert.
import { type ReactElement, type ReactNode, useEffect, useId, useRef } from 'react';
import { IconButton } from './Button.tsx';
import { cx } from './cx.ts';
import styles from './Dialog.module.css';

type DialogProps = {
  title: string;
  /** A line under the title that says what this is about; read out together with it. */
  lead?: ReactNode;
  closeLabel: string;
  onClose: () => void;
  children: ReactNode;
  /** Buttons at the end, the main one last. */
  footer?: ReactNode;
  size?: 'small' | 'medium';
  /** Only text inside: then the text itself takes the focus, so that keys scroll it. */
  isText?: boolean;
};

/** Shown while it is mounted. On a phone it is a sheet that rises from the lower edge. */
export function Dialog({
  title,
  lead,
  closeLabel,
  onClose,
  children,
  footer,
  size = 'small',
  isText = false,
}: DialogProps): ReactElement {
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  const leadId = useId();
  useEffect(() => {
    const dialog = ref.current;
    if (dialog === null || dialog.open) return;
    const before = document.activeElement;
    dialog.showModal();
    // The browser would take the close button: what there is to fill in comes first.
    dialog.querySelector<HTMLElement>('input:not([type=checkbox]), select, textarea')?.focus();
    return () => {
      dialog.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={ref}
      className={cx(styles.dialog, styles[size])}
      aria-labelledby={titleId}
      aria-describedby={lead === undefined ? undefined : leadId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onPointerDown={(event) => {
        // The backdrop belongs to the dialog element itself; what is inside is in the panel.
        if (event.target === ref.current) onClose();
      }}
    >
      <div className={styles.panel}>
        <header className={styles.header}>
          <h2 id={titleId} className={styles.title}>
            {title}
          </h2>
          <IconButton icon="close" label={closeLabel} onClick={onClose} className={styles.close} />
          {lead !== undefined && (
            <p id={leadId} className={styles.lead}>
              {lead}
            </p>
          )}
        </header>
        {/* What scrolls must be reached by keyboard (WCAG 2.1.1). */}
        <div className={styles.body} tabIndex={isText ? 0 : undefined}>
          {children}
        </div>
        {footer !== undefined && <footer className={styles.footer}>{footer}</footer>}
      </div>
    </dialog>
  );
}
