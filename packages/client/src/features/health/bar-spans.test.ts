import { expect, it } from 'vitest';
import { toSpans } from './bar-spans.ts';

it('joins neighbours of one state', () => {
  expect(toSpans(['none', 'ok', 'ok', 'failing', 'ok'], 100, 10)).toEqual([
    { fromMs: 100, toMs: 110, state: 'none' },
    { fromMs: 110, toMs: 130, state: 'ok' },
    { fromMs: 130, toMs: 140, state: 'failing' },
    { fromMs: 140, toMs: 150, state: 'ok' },
  ]);
  expect(toSpans([], 0, 10)).toEqual([]);
});
