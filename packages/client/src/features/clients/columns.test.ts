import { expect, test } from 'vitest';
import { columnTracks, hasRoomForDistance, visibleColumns } from './columns.ts';

const ids = (width: number, rem?: number): string[] => visibleColumns(width, rem).map(({ id }) => id);

test('a wide table shows everything, a narrow one keeps couple, date, status and marks', () => {
  expect(ids(1100)).toEqual(['couple', 'weddingDate', 'venue', 'status', 'price', 'tags', 'marks']);
  expect(ids(760)).toEqual(['couple', 'weddingDate', 'venue', 'status', 'marks']);
  expect(ids(300)).toEqual(['couple', 'weddingDate', 'status', 'marks']);
});

test('larger type needs more room for the same columns', () => {
  expect(ids(1100, 32)).toEqual(['couple', 'weddingDate', 'status', 'marks']);
});

test('there is one track per column', () => {
  expect(
    columnTracks(visibleColumns(300))
      .split(' ')
      .filter((part) => part.endsWith('rem')).length,
  ).toBe(2);
});

test('a date has its distance beside it when both fit whole', () => {
  const hasRoom = (width: number, rem?: number): boolean =>
    hasRoomForDistance(visibleColumns(width, rem), width, rem);
  expect([623, 624, 740, 752, 1048].map((width) => hasRoom(width))).toEqual([false, true, false, true, true]);
  expect([779, 780].map((width) => hasRoom(width, 20))).toEqual([false, true]);
});
