// A labelled form field with its hint and its message, wired for screen readers.
import { type ComponentPropsWithRef, type ReactElement, type ReactNode, useId } from 'react';
import { cx } from './cx.ts';
import styles from './Field.module.css';
import { Icon } from './Icon.tsx';

type FieldProps = Omit<ComponentPropsWithRef<'input'>, 'id'> & {
  label: string;
  hint?: ReactNode;
  /** What is wrong and how to put it right; its presence marks the field as invalid. */
  error?: string | undefined;
  /** A control inside the field at its end, such as a date picker's button. */
  end?: ReactNode;
};

export function Field({ label, hint, error, end, className, ...rest }: FieldProps): ReactElement {
  const id = useId();
  const describedBy = [hint !== undefined && `${id}-hint`, error !== undefined && `${id}-error`]
    .filter(Boolean)
    .join(' ');
  return (
    <div className={cx(styles.field, className)}>
      <label htmlFor={id} className={styles.label}>
        {label}
      </label>
      <div className={styles.box}>
        <input
          {...rest}
          id={id}
          className={cx(styles.input, end !== undefined && styles.withEnd)}
          aria-invalid={error !== undefined || undefined}
          aria-describedby={describedBy === '' ? undefined : describedBy}
        />
        {end !== undefined && <div className={styles.end}>{end}</div>}
      </div>
      {hint !== undefined && (
        <p id={`${id}-hint`} className={styles.hint}>
          {hint}
        </p>
      )}
      {error !== undefined && <FieldError id={`${id}-error`} text={error} />}
    </div>
  );
}

/** A message under a field: a mark and words, never colour alone. */
export function FieldError({ id, text }: { id: string; text: string }): ReactElement {
  return (
    <p id={id} className={styles.error} role="alert">
      <Icon name="warning" size={16} />
      <span>{text}</span>
    </p>
  );
}

type SelectProps = Omit<ComponentPropsWithRef<'select'>, 'id'> & { label: string; hideLabel?: boolean };

/** The browser's own select under our label: the best one there is on a phone. */
export function SelectField({
  label,
  hideLabel = false,
  className,
  children,
  ...rest
}: SelectProps): ReactElement {
  const id = useId();
  return (
    <div className={cx(styles.field, className)}>
      <label htmlFor={id} className={hideLabel ? styles.hiddenLabel : styles.label}>
        {label}
      </label>
      <div className={styles.box}>
        <select {...rest} id={id} className={cx(styles.input, styles.select)}>
          {children}
        </select>
        <span className={styles.arrow}>
          <Icon name="chevronDown" size={16} />
        </span>
      </div>
    </div>
  );
}
