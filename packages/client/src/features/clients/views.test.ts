import { expect, test } from 'vitest';
import type { RecordView } from '../../session/document-view.ts';
import { countViews, needsAttention } from './views.ts';

const record = (id: string, more: Partial<RecordView>): RecordView => ({
  id,
  state: 'alive',
  values: {},
  stamps: {},
  conflicts: {},
  isPurged: false,
  ...more,
});
const stamp = { hlc: 1, actor: 1 };
const records = [
  record('a', { values: { weddingDate: '2026-11-22', status: 'booked' } }),
  record('b', { values: { weddingDate: '2026-11-21', status: 'completed' } }),
  record('c', {
    values: { weddingDate: 'tbd', status: 'booked' },
    conflicts: { email: [{ value: 'x', ...stamp, entry: ['c', 'email', 'x', 1, 1] }] },
  }),
  record('d', { state: 'edit-delete', values: { weddingDate: null } }),
];
const index = {
  ids: () => records.map(({ id }) => id),
  trash: () => ['t1', 't2'],
  get: (id: string) => records.find((item) => item.id === id),
};

test('each view counts its couples; today is upcoming, an undecided date is not', () => {
  expect(countViews(index, '2026-11-22')).toEqual({
    all: 4,
    upcoming: 1,
    attention: 2,
    trash: 2,
    statuses: { booked: 2, completed: 1 },
  });
});

test('UI-5 conflicts and edit/delete conflicts ask for attention, ordinary couples do not', () => {
  expect(records.map(needsAttention)).toEqual([false, false, true, true]);
});
