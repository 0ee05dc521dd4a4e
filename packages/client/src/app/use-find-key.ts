// Ctrl/⌘ K, also while typing; in another dialog it rests.
import { useEffect } from 'react';

/** `onToggle` opens what is found with, or closes it. */
export function useFindKey(onToggle: () => void): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (
        !(event.ctrlKey || event.metaKey) ||
        event.shiftKey ||
        event.altKey ||
        event.key.toLowerCase() !== 'k'
      )
        return;
      // The browser would go to its own search.
      event.preventDefault();
      const dialog = document.querySelector('dialog[open]');
      if (dialog === null || dialog.querySelector('[role=combobox]') !== null) onToggle();
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, [onToggle]);
}
