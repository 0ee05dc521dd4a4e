// Single-key shortcuts for the whole window: off while typing, in a dialog, or with a modifier held.
import { useEffect } from 'react';

/** Key (as in `KeyboardEvent.key`; letters in lower case) to what it does. Return false to let the key through. */
export type Shortcuts = Readonly<Record<string, (event: KeyboardEvent) => unknown>>;

/** The newest mounted component wins where two know the same key. */
export function useShortcuts(shortcuts: Shortcuts): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing)
        return;
      if (isTyping(event.target) || document.querySelector('dialog[open]') !== null) return;
      const run = shortcuts[event.key.length === 1 ? event.key.toLowerCase() : event.key];
      if (run === undefined || run(event) === false) return;
      event.preventDefault();
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, [shortcuts]);
}

/** Whether a key pressed on this element is meant for it. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.isContentEditable ||
    target.matches('input:not([type=checkbox]), textarea, select, [role^=menuitem]')
  );
}
