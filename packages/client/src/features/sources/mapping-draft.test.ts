import { expect, it } from 'vitest';
import { addRow, changeRow, fromDraft, removeRow, toDraft } from './mapping-draft.ts';

it('HOOK-4 the editor keeps what it does not show, and leaves out rows without both ends', () => {
  const settings = {
    mapping: [
      { from: 'a', to: 'status', words: { won: 'booked' } },
      { from: 'b', to: 'price', convert: 'minor-units' as const },
    ],
    currency: 'GBP',
    baseId: 'app123',
  };
  expect(fromDraft(toDraft(settings), settings)).toEqual(settings);
  const draft = addRow(toDraft(settings));
  expect(fromDraft(draft, settings)).toEqual(settings);
  const key = draft.rows.at(-1)?.key ?? 0;
  const more = changeRow(draft, key, { from: 'c', to: 'email' });
  expect(fromDraft(more, settings).mapping).toHaveLength(3);
  expect(fromDraft(removeRow(more, 0), settings).mapping?.map(({ from }) => from)).toEqual(['b', 'c']);
  expect(fromDraft({ ...toDraft(), currency: ' eur ' })).toEqual({ currency: 'EUR' });
});
