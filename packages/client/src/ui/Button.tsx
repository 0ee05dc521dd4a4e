// Buttons: four weights, one height, a fingertip tall on touch.
import type { ComponentPropsWithRef, ReactElement, ReactNode } from 'react';
import styles from './Button.module.css';
import { cx } from './cx.ts';
import { Icon, type IconName } from './Icon.tsx';

export type ButtonKind = 'primary' | 'plain' | 'quiet' | 'danger';

type ButtonProps = Omit<ComponentPropsWithRef<'button'>, 'children'> & {
  kind?: ButtonKind;
  icon?: IconName;
  /** True while the action runs: the button says so and cannot be pressed twice. */
  isBusy?: boolean;
  children: ReactNode;
};

/** A button with words. `plain` is the everyday one; at most one `primary` per screen. */
export function Button({
  kind = 'plain',
  icon,
  isBusy = false,
  className,
  children,
  disabled,
  ...rest
}: ButtonProps): ReactElement {
  return (
    <button
      type="button"
      {...rest}
      className={cx(styles.button, styles[kind], className)}
      disabled={disabled === true || isBusy}
      aria-busy={isBusy || undefined}
    >
      {icon !== undefined && <Icon name={icon} size={18} />}
      <span>{children}</span>
    </button>
  );
}

type IconButtonProps = Omit<ComponentPropsWithRef<'button'>, 'children'> & { icon: IconName; label: string };

/** A square button with a picture; `label` is its name for everybody who cannot see it, and its tooltip. */
export function IconButton({ icon, label, className, ...rest }: IconButtonProps): ReactElement {
  return (
    <button type="button" title={label} {...rest} aria-label={label} className={cx(styles.icon, className)}>
      <Icon name={icon} />
    </button>
  );
}
