import { expect, test } from 'vitest';
import type { ColumnId } from './columns.ts';
import { moveCell, nextEditable } from './grid-moves.ts';
import { layOut } from './sections.ts';

const dates: Record<string, string> = { a: '2027-01-02', b: '2027-01-09', c: '2027-02-01' };
const items = layOut(['a', 'b', 'c'], (id) => dates[id], { by: 'next' }, '2026-11-22');
const columns: ColumnId[] = ['couple', 'weddingDate', 'status', 'marks'];

test('moving down steps over headings and stops at the last couple', () => {
  expect(moveCell(items, columns, { id: 'b', column: 'status' }, { rows: 1, columns: 0 })).toEqual({
    id: 'c',
    column: 'status',
  });
  expect(moveCell(items, columns, { id: 'c', column: 'status' }, { rows: 10, columns: 0 })).toEqual({
    id: 'c',
    column: 'status',
  });
});

test('the first move lands on the first couple, upwards on the last', () => {
  expect(moveCell(items, columns, undefined, { rows: 1, columns: 0 })).toEqual({ id: 'a', column: 'couple' });
  expect(moveCell(items, columns, undefined, { rows: -1, columns: 0 })).toEqual({
    id: 'c',
    column: 'couple',
  });
  expect(moveCell([], columns, undefined, { rows: 1, columns: 0 })).toBeUndefined();
});

test('moving sideways stays inside the columns that are shown', () => {
  expect(moveCell(items, columns, { id: 'a', column: 'couple' }, { rows: 0, columns: -1 })?.column).toBe(
    'couple',
  );
  expect(moveCell(items, columns, { id: 'a', column: 'couple' }, { rows: 0, columns: 100 })?.column).toBe(
    'marks',
  );
  // A column that was just hidden by a narrower window: start from the first.
  expect(moveCell(items, columns, { id: 'a', column: 'venue' }, { rows: 0, columns: 1 })?.column).toBe(
    'weddingDate',
  );
});

test('a couple that is gone from the view hands over to the first one', () => {
  expect(moveCell(items, columns, { id: 'gone', column: 'couple' }, { rows: 1, columns: 0 })?.id).toBe('a');
});

test('Tab goes from editable cell to editable cell and on to the next couple', () => {
  expect(nextEditable(items, columns, { id: 'a', column: 'weddingDate' }, 1)).toEqual({
    id: 'a',
    column: 'status',
  });
  expect(nextEditable(items, columns, { id: 'a', column: 'status' }, 1)).toEqual({
    id: 'b',
    column: 'weddingDate',
  });
  expect(nextEditable(items, columns, { id: 'b', column: 'weddingDate' }, -1)).toEqual({
    id: 'a',
    column: 'status',
  });
  expect(nextEditable(items, columns, { id: 'c', column: 'status' }, 1)).toBeUndefined();
});
