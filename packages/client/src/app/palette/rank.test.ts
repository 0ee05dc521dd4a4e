import { expect, test } from 'vitest';
import { Rank, rankOf, wordsOf } from './rank.ts';

const rank = (name: string, typed: string) => rankOf(name, wordsOf(typed));

test('UI-2 a name fits exactly, from its beginning, by beginnings of words, by parts, or with letters left out', () => {
  expect(rank('Import', 'import ')).toBe(Rank.exact);
  expect(rank('Undine & Noor', 'undine noor')).toBe(Rank.exact);
  expect(rank('Import', 'imp')).toBe(Rank.begins);
  expect(rank('Undine & Noor', 'noo und')).toBe(Rank.wordStarts);
  expect(rank('Export all couples as CSV', 'csv exp')).toBe(Rank.wordStarts);
  expect(rank('Export all couples as CSV', 'port')).toBe(Rank.contains);
  expect(rank('Export all couples as CSV', 'exprt')).toBe(Rank.fuzzy);
  expect(rank('Export all couples as CSV', 'eac')).toBe(Rank.fuzzy);
  expect(rank('Zoë Nguyễn', 'nguyen zoe')).toBe(Rank.wordStarts);
  expect(rank('Import', 'trash')).toBeUndefined();
  expect(rank('Import', 'it')).toBeUndefined();
});

test('UI-2 names of other scripts and of signs alone are found', () => {
  expect(rank('ليلى & سامي', 'سامي')).toBe(Rank.wordStarts);
  expect(rank('🌸', '🌸')).toBe(Rank.exact);
  expect(wordsOf(' & ')).toEqual([]);
});
