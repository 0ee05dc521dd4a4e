import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { renderVectors, VECTORS_FILE } from './document.ts';

it('the document’s vectors are what their script makes (npm run vectors)', () => {
  expect(readFileSync(VECTORS_FILE, 'utf8')).toBe(renderVectors());
});
