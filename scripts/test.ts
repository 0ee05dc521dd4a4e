// `npm test`: everything, on a fresh clone. Each step runs even when an earlier one failed; the last line counts
// all tests (`N passed, N failed`), a failed step without tests of its own counting as one failure.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ensureTools } from './tools.ts';

const root = resolve(import.meta.dirname, '..');
const reports = mkdtempSync(join(tmpdir(), 'wedsync-test-'));
const coverage = join(reports, 'coverage');
const raw = join(coverage, 'raw');
const bin = (name: string) => join(root, 'node_modules/.bin', name);

type Count = { passed: number; failed: number };
type Step = {
  title: string;
  command: string;
  args: string[];
  env?: Record<string, string>;
  count?: () => Count;
  /** Exit code of a step that could not find out: said, not counted. */
  unknown?: number;
};

function report(name: string): unknown {
  const path = join(reports, name);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}

function vitestCount(): Count {
  const result = report('vitest.json') as { numPassedTests: number; numFailedTests: number } | undefined;
  return { passed: result?.numPassedTests ?? 0, failed: result?.numFailedTests ?? 0 };
}

function playwrightCount(): Count {
  const result = report('playwright.json') as
    | { stats: { expected: number; unexpected: number; skipped: number; flaky: number } }
    | undefined;
  if (result === undefined) return { passed: 0, failed: 0 };
  const { expected, unexpected, skipped, flaky } = result.stats;
  if (flaky > 0) console.error(`\nBrowser tests that passed only at the second try: ${flaky} (named above)`);
  // A skipped test has shown nothing.
  return { passed: expected + flaky, failed: unexpected + skipped };
}

const steps: Step[] = [
  { title: 'format and lint', command: bin('biome'), args: ['check', '.'] },
  {
    title: 'known holes in dependencies',
    command: process.execPath,
    args: ['scripts/audit-deps.ts'],
    unknown: 2,
  },
  { title: 'layer rules', command: process.execPath, args: ['scripts/layers.ts'] },
  ...['.', 'packages/shared', 'packages/client', 'packages/client/test', 'e2e'].map((project) => ({
    title: `types (${project})`,
    command: bin('tsc'),
    args: ['-p', project],
  })),
  { title: 'build the app', command: process.execPath, args: ['scripts/start.ts', '--build-only'] },
  { title: 'size limits', command: process.execPath, args: ['scripts/size.ts'] },
  {
    title: 'unit, property and integration tests',
    command: bin('vitest'),
    args: [
      'run',
      '--reporter=default',
      '--reporter=json',
      '--reporter=./scripts/flaky-reporter.ts',
      `--outputFile.json=${join(reports, 'vitest.json')}`,
      '--coverage',
      '--coverage.reporter=json',
      `--coverage.reportsDirectory=${coverage}`,
      '--coverage.clean=false',
      '--coverage.reportOnFailure',
    ],
    env: { COVERAGE_DIR: raw },
    count: vitestCount,
  },
  {
    title: 'browser tests',
    command: bin('playwright'),
    args: ['test', '--reporter=list,json'],
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: join(reports, 'playwright.json'), COVERAGE_DIR: raw },
    count: playwrightCount,
  },
  { title: 'coverage', command: process.execPath, args: ['scripts/coverage.ts', coverage] },
];

mkdirSync(raw, { recursive: true });
const missing = ensureTools();
for (const line of missing) console.error(line);
if (missing.length > 0) {
  console.log(`0 passed, ${missing.length} failed`);
  process.exit(1);
}

const total: Count = { passed: 0, failed: 0 };
const failedSteps: string[] = [];
const unknownSteps: string[] = [];
for (const step of steps) {
  console.error(`\n— ${step.title}`);
  const env = { ...process.env, ...step.env };
  const { status } = spawnSync(step.command, step.args, { cwd: root, stdio: ['ignore', 1, 2], env });
  const counted = step.count?.() ?? { passed: 0, failed: 0 };
  if (step.unknown !== undefined && status === step.unknown) {
    unknownSteps.push(step.title);
  } else if (status !== 0) {
    failedSteps.push(step.title);
    // A runner that died, or a check without tests of its own.
    if (counted.failed === 0) counted.failed = 1;
  } else if (step.count !== undefined && counted.passed === 0) {
    failedSteps.push(`${step.title} (ran nothing)`);
    counted.failed += 1;
  }
  total.passed += counted.passed;
  total.failed += counted.failed;
}
rmSync(reports, { recursive: true, force: true });
if (unknownSteps.length > 0) console.error(`\nCould not be found out: ${unknownSteps.join(', ')}`);
if (failedSteps.length > 0) console.error(`\nFailed: ${failedSteps.join(', ')}`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed > 0 ? 1 : 0);
