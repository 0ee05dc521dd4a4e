import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { judge, toText } from './audit-deps.ts';

const root = resolve(import.meta.dirname, '..');
const read = <T>(name: string) => JSON.parse(readFileSync(resolve(root, name), 'utf8')) as T;

type Locked = {
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
};

const { packages } = read<{ packages: Record<string, Locked> }>('package-lock.json');
const installed = Object.entries(packages).filter(
  ([path, { link }]) => path.includes('node_modules/') && link !== true,
);

it('SEC-3 every package is pinned by its hash and comes from the npm registry', () => {
  expect(installed.length).toBeGreaterThan(100);
  for (const [path, { integrity, resolved }] of installed) {
    expect(integrity, path).toMatch(/^sha512-/);
    // Without an address it is the registry's own for that name and version.
    if (resolved !== undefined) expect(resolved, path).toMatch(/^https:\/\/registry\.npmjs\.org\//);
  }
});

it('SEC-3 no dependency is named by anything but a version of the registry', () => {
  for (const name of ['.', 'packages/shared', 'packages/relay', 'packages/client']) {
    const { dependencies = {}, devDependencies = {} } = read<Record<string, Record<string, string>>>(
      `${name}/package.json`,
    );
    for (const [dependency, range] of Object.entries({ ...dependencies, ...devDependencies }))
      expect(range, dependency).toMatch(
        dependency.startsWith('@wedsync/') ? /^\*|^\d/ : /^[\^~]?\d+\.\d+\.\d+/,
      );
  }
});

it('SEC-3 only packages that are allowed to run something when they are installed', () => {
  const { allowScripts } = read<{ allowScripts: Record<string, boolean> }>('package.json');
  const running = installed.flatMap(([path, { hasInstallScript }]) =>
    hasInstallScript === true ? [path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)] : [],
  );
  for (const name of running) expect(allowScripts[name], name).toBe(true);
  expect(Object.keys(allowScripts).sort()).toEqual([...new Set(running)].sort());
});

it('SEC-3 the dependency audit tells a registry that could not be asked from one that knows of nothing', () => {
  const report = (severity: string, fixAvailable: unknown) =>
    JSON.stringify({
      vulnerabilities: { left: { severity, range: '<2.0.0', fixAvailable } },
      metadata: { dependencies: { total: 7 } },
    });
  expect(judge(JSON.stringify({ vulnerabilities: {}, metadata: { dependencies: { total: 7 } } }))).toEqual({
    state: 'none',
    asked: 7,
  });
  expect(judge(report('moderate', true)).state).toBe('none');
  expect(judge(report('critical', false))).toEqual({
    state: 'found',
    lines: ['critical: left <2.0.0 (no fix yet)'],
  });
  expect(judge('{"message":"405 Method Not Allowed","statusCode":405}')).toEqual({
    state: 'not-asked',
    why: '405 Method Not Allowed',
  });
  for (const output of ['', '{}', 'npm error', report('high', true).slice(0, 40)])
    expect(judge(output).state, output).toBe('not-asked');
  expect(toText(judge(''))).toContain('WARNING');
});
