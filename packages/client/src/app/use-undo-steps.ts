// Undo and redo of one's own changes, by key (Ctrl/⌘ Z, with Shift for redo) and by menu, with their names said.
import { useCallback, useEffect } from 'react';
import { messages } from '../i18n/messages.ts';
import type { ListSession } from '../session/list-session.ts';
import { useToasts } from '../ui/Toasts.tsx';
import { isTyping } from '../ui/use-shortcuts.ts';

export function useUndoSteps(session: ListSession): (direction: 'undo' | 'redo') => void {
  const toasts = useToasts();
  const step = useCallback(
    async (direction: 'undo' | 'redo') => {
      if (!session.canEdit.value) return;
      const result = await session.actions[direction]();
      if (result.ok)
        toasts.show({
          text: direction === 'redo' ? messages.redone(result.name) : messages.undone(result.name),
        });
      else if (result.reason === 'nothing') toasts.show({ text: messages.nothingToUndo });
      else toasts.show({ text: messages.changedSince(result.name ?? '') });
    },
    [session, toasts],
  );
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== 'z') return;
      // A text box undoes its own typing.
      if (isTyping(event.target) || document.querySelector('dialog[open]') !== null) return;
      event.preventDefault();
      void step(event.shiftKey ? 'redo' : 'undo');
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, [step]);
  return useCallback((direction) => void step(direction), [step]);
}
