import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type MeasuredCase, putTable } from '../bench/performance-page.ts';

const page = readFileSync(join(import.meta.dirname, '../docs/performance.md'), 'utf8');
const measured: MeasuredCase = {
  name: 'relay',
  flags: ['--full'],
  day: '2026-11-28',
  machine: '2 processors, Node 24',
  rows: [
    { label: 'to raw', ratio: 0.0731, target: 0.1, isAtMost: true, unit: '×', detail: '1 | 2 µs' },
    { label: 'a second', ratio: 190, target: 200, isAtMost: false, unit: '/s' },
    { label: 'for information', ratio: 3, isAtMost: true, unit: 'ms' },
  ],
};

describe('the page of figures', () => {
  it('has a place for the relay, takes its table with the command, and again without leaving the first', () => {
    const once = putTable(page, { ...measured, day: '2026-01-01' });
    const twice = putTable(once, measured);
    expect(twice).toContain('`npm run bench -- --only relay --full` on 2026-11-28, 2 processors, Node 24:');
    expect(twice).toContain('| to raw | 0.0731 × | ≤ 0.1 | met | 1 \\| 2 µs |');
    expect(twice).toContain('| a second | 190 /s | ≥ 200 | missed |  |');
    expect(twice).toContain('| for information | 3.00 ms |  |  |  |');
    expect(twice).not.toContain('2026-01-01');
    expect(putTable(twice, measured)).toBe(twice);
    expect(twice.slice(0, 200)).toBe(page.slice(0, 200));
    expect(twice.slice(-200)).toBe(page.slice(-200));
  });

  it('says which case it has no place for', () => {
    expect(() => putTable(page, { ...measured, name: 'nobody' })).toThrow('nobody');
  });
});
