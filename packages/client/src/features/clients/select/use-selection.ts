// The couples chosen on the list's page, with the keys for them: X, Shift X, Ctrl/⌘ A.
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { isTyping } from '../../../ui/use-shortcuts.ts';
import { type ListItem, recordIds } from '../sections.ts';
import { extend, NO_SELECTION, selectAll, toggle } from './selection.ts';

export type SelectionControl = {
  /** Whether the rows show their boxes. */
  readonly isOn: boolean;
  readonly ids: ReadonlySet<string>;
  /** The chosen couples among the shown, in the order shown. */
  readonly chosen: readonly string[];
  /** Stable. `isRange` chooses from the couple chosen last to this one. */
  readonly onSelect: (id: string, isRange: boolean) => void;
  start(): void;
  all(): void;
  clear(): void;
};

/** `viewKey` names the view: another view starts with nothing chosen. */
export function useSelection(items: readonly ListItem[], viewKey: string): SelectionControl {
  const [selection, setSelection] = useState(NO_SELECTION);
  const latest = useRef(items);
  latest.current = items;
  // Boxes that were asked for by themselves stay when the last couple is no longer chosen.
  const wasStarted = useRef(false);
  const clear = useCallback(() => {
    wasStarted.current = false;
    setSelection(NO_SELECTION);
  }, []);
  useEffect(() => clear, [clear, viewKey]);

  const all = useCallback(() => setSelection(selectAll(recordIds(latest.current))), []);
  const start = useCallback(() => {
    wasStarted.current = true;
    setSelection((before) => ({ ...before, isOn: true }));
  }, []);
  const onSelect = useCallback((id: string, isRange: boolean) => {
    setSelection((before) =>
      isRange ? extend(before, recordIds(latest.current), id) : toggle(before, id, wasStarted.current),
    );
  }, []);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (
        !(event.ctrlKey || event.metaKey) ||
        event.shiftKey ||
        event.altKey ||
        event.key.toLowerCase() !== 'a'
      )
        return;
      const { target } = event;
      if (isTyping(target) || document.querySelector('dialog[open]') !== null) return;
      // Elsewhere, as in the open record, the key marks text.
      if (target instanceof Element && target !== document.body && target.closest('main') === null) return;
      event.preventDefault();
      all();
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, [all]);

  const { isOn, ids } = selection;
  const chosen = useMemo(
    () => (ids.size === 0 ? [] : recordIds(items).filter((id) => ids.has(id))),
    [items, ids],
  );
  return { isOn, ids, chosen, onSelect, start, all, clear };
}
