import type { IndexChange } from '@wedsync/shared';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RecordView } from '../../session/document-view.ts';
import { needsAttention, viewCounterOf } from './views.ts';

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

/** An index of these records that can change. */
function createIndex(initial: readonly RecordView[]) {
  const all = new Map(initial.map((item) => [item.id, item]));
  const listeners = new Set<(change: IndexChange) => void>();
  const idsOf = (...states: string[]) =>
    [...all.values()]
      .filter(({ state, isPurged }) => states.includes(state) && !isPurged)
      .map(({ id }) => id);
  return {
    ids: () => idsOf('alive', 'edit-delete'),
    trash: () => idsOf('trashed'),
    get: (id: string) => all.get(id),
    subscribe(listener: (change: IndexChange) => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    change(...next: readonly RecordView[]) {
      for (const item of next) all.set(item.id, item);
      const ids = new Set(next.map(({ id }) => id));
      for (const listener of listeners)
        listener({ ids, metaIds: new Set(), added: [], removed: [], origin: undefined, isLocal: true });
    },
  };
}
const trashed = (id: string) => record(id, { state: 'trashed' });

test('each view counts its couples; today is upcoming, an undecided date is not', () => {
  const index = createIndex([...records, trashed('t1'), trashed('t2')]);
  expect(viewCounterOf(index).read('2026-11-22')).toEqual({
    all: 4,
    upcoming: 1,
    attention: 2,
    trash: 2,
    statuses: { booked: 2, completed: 1 },
  });
  expect(viewCounterOf(index).read('2026-11-23')).toMatchObject({ all: 4, upcoming: 0 });
  expect(viewCounterOf(index).read('2026-11-21')).toMatchObject({ all: 4, upcoming: 2 });
});

test('counts that are kept up are those of a list that is counted anew', () => {
  const anyRecord = fc.record({
    id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
    state: fc.constantFrom('alive', 'edit-delete', 'trashed', 'absent') as fc.Arbitrary<RecordView['state']>,
    isPurged: fc.boolean(),
    weddingDate: fc.constantFrom('2026-11-21', '2026-11-22', '2027-01-01', 'tbd', null),
    status: fc.constantFrom('booked', 'enquiry', null),
    isConflicting: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(fc.array(anyRecord, { maxLength: 4 }), { maxLength: 12 }), (steps) => {
      const index = createIndex(records);
      for (const step of steps) {
        index.change(
          ...step.map(({ id, state, isPurged, weddingDate, status, isConflicting }) =>
            record(id, {
              state,
              isPurged: state === 'trashed' && isPurged,
              values: { weddingDate, ...(status !== null && { status }) },
              conflicts: isConflicting ? (records[2]?.conflicts ?? {}) : {},
            }),
          ),
        );
        // Some steps are looked at together.
        if (step.length % 2 === 1) continue;
        const anew = createIndex([...index.ids(), ...index.trash()].flatMap((id) => index.get(id) ?? []));
        expect(viewCounterOf(index).read('2026-11-22')).toEqual(viewCounterOf(anew).read('2026-11-22'));
      }
    }),
  );
});

test('UI-5 conflicts and edit/delete conflicts ask for attention, ordinary couples do not', () => {
  expect(records.map(needsAttention)).toEqual([false, false, true, true]);
});
