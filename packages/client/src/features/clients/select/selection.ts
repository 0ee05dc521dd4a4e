// Which couples are chosen to act on together: pure. Couples that the search or the view hides stay chosen, but only
// what is shown is acted on.

export type Selection = {
  /** Whether the rows show their boxes. */
  readonly isOn: boolean;
  readonly ids: ReadonlySet<string>;
  /** Where a range starts: the couple chosen last. */
  readonly anchor?: string;
};

export const NO_SELECTION: Selection = { isOn: false, ids: new Set() };

/** Chooses a couple, or no longer. With the last one the boxes go, unless they were asked for by themselves. */
export function toggle(selection: Selection, id: string, keepsOn: boolean): Selection {
  const ids = new Set(selection.ids);
  if (!ids.delete(id)) ids.add(id);
  return ids.size === 0 && !keepsOn ? NO_SELECTION : { isOn: true, ids, anchor: id };
}

/** Chooses everything from the anchor to `id`, in the order shown; without an anchor `id` alone. */
export function extend(selection: Selection, shown: readonly string[], id: string): Selection {
  const from = selection.anchor === undefined ? -1 : shown.indexOf(selection.anchor);
  const to = shown.indexOf(id);
  const range = from < 0 || to < 0 ? [id] : shown.slice(Math.min(from, to), Math.max(from, to) + 1);
  return { isOn: true, ids: new Set([...selection.ids, ...range]), anchor: selection.anchor ?? id };
}

export const selectAll = (shown: readonly string[]): Selection =>
  shown.length === 0 ? NO_SELECTION : { isOn: true, ids: new Set(shown) };
