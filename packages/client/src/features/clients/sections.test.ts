import { describe, expect, test } from 'vitest';
import { type ListItem, layOut, nextSort } from './sections.ts';

const dates: Record<string, string | null> = {
  old: '2025-05-02',
  recent: '2026-11-02',
  earlierThisMonth: '2026-11-20',
  today: '2026-11-22',
  soon: '2026-11-28',
  june: '2027-06-12',
  tbd: 'tbd',
  none: null,
};
const today = '2026-11-22';
const ascending = ['old', 'recent', 'earlierThisMonth', 'today', 'soon', 'june', 'tbd', 'none'];
const brief = (items: readonly ListItem[]): string[] =>
  items.map((item) => (item.type === 'record' ? item.id : `# ${item.key} (${item.count})`));

describe('the order "next wedding first"', () => {
  test('today and later stand first, then the undecided, then the past with the latest first', () => {
    expect(brief(layOut(ascending, (id) => dates[id], { by: 'next' }, today))).toEqual([
      '# 2026-11 (2)',
      'today',
      'soon',
      '# 2027-06 (1)',
      'june',
      '# undecided (2)',
      'tbd',
      'none',
      '# 2026-11-past (2)',
      'earlierThisMonth',
      'recent',
      '# 2025-05-past (1)',
      'old',
    ]);
  });

  test('positions count couples, not headings', () => {
    const items = layOut(ascending, (id) => dates[id], { by: 'next' }, today);
    const positions = items.flatMap((item) => (item.type === 'record' ? [item.position] : []));
    expect(positions).toEqual(ascending.map((_, index) => index));
  });
});

test('by date, the given order is kept and the undecided stand last', () => {
  const items = layOut(
    ['tbd', 'june', 'old'],
    (id) => dates[id],
    { by: 'weddingDate', direction: 'descending' },
    today,
  );
  expect(brief(items)).toEqual([
    '# 2027-06 (1)',
    'june',
    '# 2025-05-past (1)',
    'old',
    '# undecided (1)',
    'tbd',
  ]);
});

test('other orders have no headings', () => {
  const items = layOut(['b', 'a'], () => null, { by: 'couple', direction: 'descending' }, today);
  expect(brief(items)).toEqual(['b', 'a']);
});

test('keys are unique, so that rows keep their identity', () => {
  const keys = layOut(ascending, (id) => dates[id], { by: 'next' }, today).map(({ key }) => key);
  expect(new Set(keys).size).toBe(keys.length);
});

test('a header goes through ascending, descending and back to the order of the house', () => {
  const first = nextSort({ by: 'next' }, 'venue');
  expect(first).toEqual({ by: 'venue', direction: 'ascending' });
  const second = nextSort(first, 'venue');
  expect(second).toEqual({ by: 'venue', direction: 'descending' });
  expect(nextSort(second, 'venue')).toEqual({ by: 'next' });
  expect(nextSort(second, 'price')).toEqual({ by: 'price', direction: 'ascending' });
});
