import { expect, test } from 'vitest';
import { extend, NO_SELECTION, selectAll, toggle } from './selection.ts';

const shown = ['a', 'b', 'c', 'd', 'e'];
const chosen = (selection: { ids: ReadonlySet<string> }): string[] => [...selection.ids].sort();

test('UI-2 a couple is chosen and no longer chosen; with the last one the boxes go', () => {
  const one = toggle(NO_SELECTION, 'b', false);
  expect(one).toMatchObject({ isOn: true, anchor: 'b' });
  expect(chosen(toggle(one, 'd', false))).toEqual(['b', 'd']);
  expect(toggle(one, 'b', false)).toBe(NO_SELECTION);
  expect(toggle(one, 'b', true)).toMatchObject({ isOn: true });
});

test('UI-2 a range goes from the couple chosen last to the other end, up or down, and keeps what was chosen', () => {
  const from = toggle(NO_SELECTION, 'b', false);
  expect(chosen(extend(from, shown, 'd'))).toEqual(['b', 'c', 'd']);
  expect(chosen(extend(extend(from, shown, 'd'), shown, 'a'))).toEqual(['a', 'b', 'c', 'd']);
  expect(chosen(extend(NO_SELECTION, shown, 'c'))).toEqual(['c']);
  const hidden = toggle(NO_SELECTION, 'hidden', false);
  expect(chosen(extend(hidden, shown, 'e'))).toEqual(['e', 'hidden']);
});

test('UI-2 all that are shown can be chosen; of nothing there is no choice', () => {
  expect(chosen(selectAll(shown))).toEqual(shown);
  expect(selectAll([])).toBe(NO_SELECTION);
});
