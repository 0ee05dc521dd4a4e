// Something to copy: a value in a box with a button that says when it is done.
import { type ReactElement, useState } from 'react';
import { Button } from './Button.tsx';
import styles from './CopyField.module.css';
import { cx } from './cx.ts';

type CopyFieldProps = {
  label: string;
  value: string;
  copyLabel: string;
  copiedLabel: string;
  isLong?: boolean;
};

export function CopyField({
  label,
  value,
  copyLabel,
  copiedLabel,
  isLong = false,
}: CopyFieldProps): ReactElement {
  const [isCopied, setCopied] = useState(false);
  const copy = (): void => {
    navigator.clipboard.writeText(value).then(
      () => setCopied(true),
      // Without the permission the text is still there to be selected by hand.
      () => setCopied(false),
    );
  };
  return (
    <div className={styles.field}>
      <div className={styles.head}>
        <span className={styles.label}>{label}</span>
        <Button
          kind="quiet"
          icon={isCopied ? 'check' : 'copy'}
          onClick={copy}
          aria-label={`${copyLabel}: ${label}`}
        >
          <span aria-live="polite">{isCopied ? copiedLabel : copyLabel}</span>
        </Button>
      </div>
      {/* Focusable so that a long command can be scrolled with the keyboard. */}
      <section className={cx(styles.value, isLong && styles.long)} tabIndex={0} aria-label={label}>
        <code>{value}</code>
      </section>
    </div>
  );
}
