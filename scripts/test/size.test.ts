import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const run = (...args: string[]) => spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });

it('UI-3 the first route, each later screen and the precache keep their limits', { timeout: 180_000 }, () => {
  expect(run('scripts/start.ts', '--build-only').status).toBe(0);
  const { status, stderr } = run('scripts/size.ts');
  expect(status, stderr).toBe(0);
  expect(stderr).toContain('first-route JavaScript');
});
