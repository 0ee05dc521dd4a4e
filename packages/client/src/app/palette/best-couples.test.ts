import { searchKey } from '@wedsync/shared';
import { expect, test } from 'vitest';
import type { RecordView } from '../../session/document-view.ts';
import { bestCouples } from './best-couples.ts';

const couple = (id: string, values: RecordView['values']): [string, RecordView] => [
  id,
  { id, values, state: 'alive', stamps: {}, conflicts: {}, isPurged: false },
];
const records = new Map([
  couple('by-mail', { firstName: 'Bo', email: 'anna@example.com' }),
  couple('inside', { firstName: 'Johanna', partnerFirstName: 'Emil' }),
  couple('second', { firstName: 'Carl', partnerFirstName: 'Anna', lastName: 'Linde' }),
  couple('first', { firstName: 'Anna', lastName: 'Yilmaz', partnerFirstName: 'Dirk' }),
]);
const index = { ids: () => [...records.keys()], get: (id: string) => records.get(id) };
const find = (query: string, recent: readonly string[] = []): readonly string[] => {
  const found = index.ids().filter((id) => searchKey(records.get(id)?.values ?? {}).includes(query));
  return bestCouples(index, query, found, recent);
};

test('UI-2 couples are reached by their names: from the beginning, a word, a part, then what is elsewhere', () => {
  expect(find('anna')).toEqual(['first', 'second', 'inside', 'by-mail']);
  expect(find('yilmaz')).toEqual(['first']);
  expect(find('anna', ['by-mail'])[0]).toBe('first');
});

test('UI-2 a name is found though letters are left out, when few are found as typed', () => {
  expect(find('yilmz')).toEqual(['first']);
  expect(find('johna')).toEqual(['inside']);
  expect(find('zeppelin')).toEqual([]);
});

test('UI-2 of thousands the best eight are shown', () => {
  const many = new Map(
    Array.from({ length: 3_000 }, (_, n) => couple(`c${n}`, { firstName: n === 900 ? 'Row' : `A row ${n}` })),
  );
  const all = [...many.keys()];
  const best = bestCouples({ ids: () => all, get: (id) => many.get(id) }, 'row', all, []);
  expect(best).toHaveLength(8);
  expect(best[0]).toBe('c900');
});
