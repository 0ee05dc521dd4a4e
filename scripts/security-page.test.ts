import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const page = readFileSync(join(root, 'docs/security.md'), 'utf8');
const promises = readFileSync(join(root, 'docs/promises.md'), 'utf8');

it('QUALITY-2 the security page names every item of the checklist and every SEC and AUTH promise, and tests that exist', () => {
  for (const item of [
    'Signature validation',
    'Rate limiting',
    'Authentication',
    'Sanitisation',
    'Audit logging',
    'Neutral errors',
  ])
    expect(page).toContain(`| ${item} |`);
  for (const [, id] of promises.matchAll(/^\| ((?:SEC|AUTH)-\d+) \|/gm)) expect(page).toContain(`| ${id} |`);
  const files = new Set(
    globSync(['packages/**/*.test.ts', 'scripts/*.test.ts'], { cwd: root }).map((path) =>
      path.replaceAll('\\', '/'),
    ),
  );
  for (const [, named = ''] of page.matchAll(/`([^`*]+\.test\.ts)`/g)) {
    const tail = named.replace(/^relay\//, 'packages/relay/');
    expect(
      [...files].some((path) => path === tail || path.endsWith(`/${tail}`)),
      named,
    ).toBe(true);
  }
  for (const [, folder = ''] of page.matchAll(/`((?:relay|packages)\/src\/[a-z-/]+)`/g))
    expect(existsSync(join(root, folder.replace(/^relay\//, 'packages/relay/'))), folder).toBe(true);
});
