// A menu on the browser's popover: top layer, closes on a click outside and on Escape, arrow keys move.
import { type KeyboardEvent, type ReactElement, type ReactNode, useId, useRef, useState } from 'react';
import buttonStyles from './Button.module.css';
import type { ButtonKind } from './Button.tsx';
import { cx } from './cx.ts';
import { Icon, type IconName } from './Icon.tsx';
import styles from './Menu.module.css';

export type MenuItem =
  | {
      readonly type: 'action';
      readonly label: string;
      readonly icon?: IconName;
      readonly hint?: string;
      readonly isDanger?: boolean;
      readonly isChecked?: boolean;
      readonly run: () => void;
    }
  | { readonly type: 'line' }
  | { readonly type: 'title'; readonly label: string };

type MenuProps = {
  /** Name of the button for screen readers; also its tooltip. */
  label: string;
  items: readonly MenuItem[];
  className?: string | undefined;
  /** Looks like a `Button` of this kind; without it, like what `className` says. */
  kind?: ButtonKind;
  isDisabled?: boolean;
} & (
  | { /** What stands on the button. */ children: ReactNode; icon?: never }
  | { /** A square button with this picture, as `IconButton`. */ icon: IconName; children?: never }
);

/** The button and its menu. The menu opens towards the side with more room. */
export function Menu({
  label,
  children,
  icon,
  items,
  className,
  kind,
  isDisabled = false,
}: MenuProps): ReactElement {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const [isOpen, setOpen] = useState(false);

  const place = (): void => {
    if (button.current === null || list.current === null) return;
    const from = button.current.getBoundingClientRect();
    const style = list.current.style;
    const isLow = from.top > innerHeight / 2;
    const isRight = from.left > innerWidth / 2;
    style.top = isLow ? 'auto' : `${from.bottom + 4}px`;
    style.bottom = isLow ? `${innerHeight - from.top + 4}px` : 'auto';
    style.left = isRight ? 'auto' : `${Math.max(8, from.left)}px`;
    style.right = isRight ? `${Math.max(8, document.documentElement.clientWidth - from.right)}px` : 'auto';
  };
  const entries = (): HTMLElement[] => [
    ...(list.current?.querySelectorAll<HTMLElement>('[role^=menuitem]') ?? []),
  ];
  const open = (at: number): void => {
    place();
    list.current?.showPopover();
    entries().at(at)?.focus();
  };
  const close = (): void => {
    list.current?.hidePopover();
    button.current?.focus();
  };
  const move = (event: KeyboardEvent): void => {
    const all = entries();
    const at = all.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 + all.length, Home: 0, End: all.length - 1 }[event.key];
    if (event.key === 'Escape' || event.key === 'Tab') {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (to !== undefined) {
      event.preventDefault();
      event.stopPropagation();
      all[to % all.length]?.focus();
    }
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        className={cx(
          icon !== undefined && buttonStyles.icon,
          kind !== undefined && cx(buttonStyles.button, buttonStyles[kind]),
          className,
        )}
        disabled={isDisabled}
        title={label}
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => (isOpen ? close() : open(0))}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
          event.preventDefault();
          open(event.key === 'ArrowDown' ? 0 : -1);
        }}
      >
        {icon === undefined ? children : <Icon name={icon} />}
      </button>
      <div
        ref={list}
        id={id}
        popover="auto"
        role="menu"
        aria-label={label}
        className={styles.menu}
        onToggle={(event) => setOpen(event.newState === 'open')}
        onKeyDown={move}
      >
        {items.map((item, index) => (
          <MenuEntry key={item.type === 'line' ? `line-${index}` : item.label} item={item} onDone={close} />
        ))}
      </div>
    </>
  );
}

function MenuEntry({ item, onDone }: { item: MenuItem; onDone: () => void }): ReactElement {
  if (item.type === 'line') return <hr className={styles.line} />;
  if (item.type === 'title') return <p className={styles.title}>{item.label}</p>;
  const isChoice = item.isChecked !== undefined;
  return (
    <button
      type="button"
      tabIndex={-1}
      role={isChoice ? 'menuitemradio' : 'menuitem'}
      {...(isChoice ? { 'aria-checked': item.isChecked === true } : {})}
      className={cx(styles.item, item.isDanger === true && styles.danger)}
      onClick={() => {
        onDone();
        item.run();
      }}
    >
      {isChoice && (
        <span className={styles.mark}>{item.isChecked === true && <Icon name="check" size={16} />}</span>
      )}
      {item.icon !== undefined && <Icon name={item.icon} size={18} />}
      <span className={styles.label}>{item.label}</span>
      {item.hint !== undefined && <kbd className={styles.hint}>{item.hint}</kbd>}
    </button>
  );
}
