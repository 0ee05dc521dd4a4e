// Ctrl/⌘ Z and Shift with it: undo and redo of one's own changes, with their names said.
import { useEffect } from 'react';
import { messages } from '../i18n/messages.ts';
import type { ListSession } from '../session/list-session.ts';
import { useToasts } from '../ui/Toasts.tsx';
import { isTyping } from '../ui/use-shortcuts.ts';

export function useUndoKeys(session: ListSession): void {
  const toasts = useToasts();
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== 'z') return;
      // A text box undoes its own typing.
      if (isTyping(event.target) || document.querySelector('dialog[open]') !== null) return;
      event.preventDefault();
      const isRedo = event.shiftKey;
      const result = isRedo ? session.actions.redo() : session.actions.undo();
      if (result.ok)
        toasts.show({ text: isRedo ? messages.redone(result.name) : messages.undone(result.name) });
      else if (result.reason === 'nothing') toasts.show({ text: messages.nothingToUndo });
      else toasts.show({ text: messages.changedSince(result.name ?? '') });
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, [session, toasts]);
}
