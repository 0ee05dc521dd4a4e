import { expect, test } from 'vitest';
import { findEntries, type PaletteEntry } from './palette-entries.ts';

const entry = (id: string, group: PaletteEntry['group'], label: string): PaletteEntry => ({
  id,
  group,
  label,
  icon: 'list',
  run: () => undefined,
});
const couples = [entry('couple:1', 'couples', 'Undine & Noor')];
const others = [
  entry('command:undo', 'commands', 'Undo: Edit'),
  entry('command:add', 'commands', 'Add couple'),
  entry('page:import', 'pages', 'Import'),
  entry('view:all', 'views', 'All couples'),
];
const ids = (found: readonly PaletteEntry[]): string[] => found.map(({ id }) => id);

test('UI-2 without words the palette shows what was used lately, then views, pages and commands', () => {
  const found = findEntries(' ', couples, others, ['couple:1', 'command:add', 'couple:gone']);
  expect(ids(found)).toEqual(['couple:1', 'command:add', 'view:all', 'page:import', 'command:undo']);
  expect(found.map(({ group }) => group).slice(0, 2)).toEqual(['recent', 'recent']);
});

test('UI-2 the best fit comes first, its group with it, accents and case aside', () => {
  expect(ids(findEntries('ÚND', couples, others, []))).toEqual(['couple:1', 'command:undo']);
  expect(ids(findEntries('couple add', [], others, []))).toEqual(['command:add']);
  expect(ids(findEntries('couple', [], others, []))).toEqual(['view:all', 'command:add']);
  expect(ids(findEntries('add', [], others, []))).toEqual(['command:add']);
  expect(findEntries('zeppelin', [], others, [])).toEqual([]);
});

test('UI-2 a page of that name stands before couples that have the word in an address, which stay', () => {
  const found = findEntries('import', couples, others, []);
  expect(ids(found)).toEqual(['page:import', 'couple:1']);
});

test('UI-2 of names that fit alike what was used lately comes first', () => {
  const twins = [entry('couple:2', 'couples', 'Anna & Ben'), entry('couple:3', 'couples', 'Anna & Cem')];
  expect(ids(findEntries('anna', twins, [], []))).toEqual(['couple:2', 'couple:3']);
  expect(ids(findEntries('anna', twins, [], ['couple:3']))).toEqual(['couple:3', 'couple:2']);
  expect(ids(findEntries('anna ben', twins.slice(0, 1), [], ['couple:3']))).toEqual(['couple:2']);
});
