import { expect, it } from 'vitest';
import { findRefused } from './refused.ts';

it('SEC-6 what was refused for good is named with list, reason and sender; nothing refused is in order', () => {
  expect(findRefused([])).toMatchObject({ state: 'ok' });
  const row = { documentId: 'l_a', code: 'structure', detail: 'root', by: 'eve@example.com', count: 3 };
  const found = findRefused([
    { ...row, at: Date.UTC(2026, 10, 23) },
    { ...row, detail: '', count: 1, at: 0 },
  ]);
  expect(found.state).toBe('warning');
  expect(found.text).toContain('l_a: 3 × structure (root) from eve@example.com, last at 2026-11-23T00:00:00');
  expect(found.text).toContain('l_a: 1 × structure from eve@example.com');
});
