import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { readRows } from './promises.ts';

const text = readFileSync(join(resolve(import.meta.dirname, '..'), 'docs/promises.md'), 'utf8');

it('calls no promise kept that has no test', () => {
  const rows = readRows(text);
  expect(rows.length).toBeGreaterThan(60);
  expect(rows.filter((row) => row.state === 'kept' && row.tests.length === 0)).toEqual([]);
});
