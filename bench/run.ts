// npm run bench [-- --only NAME] [--promise ID] [--quick] [--full] [--assert] [--write]: runs the cases of bench/*/index.ts one
// after the other and prints a table. --assert ends with 1 when a target is missed, --write puts it into docs/performance.md.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { type BenchCase, type BenchRow, isMet } from './bench-case.ts';
import { putTable } from './performance-page.ts';

const { values: flags } = parseArgs({
  options: {
    only: { type: 'string' },
    promise: { type: 'string' },
    quick: { type: 'boolean', default: false },
    full: { type: 'boolean', default: false },
    assert: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});

async function findCases(): Promise<BenchCase[]> {
  const cases: BenchCase[] = [];
  for (const item of readdirSync(import.meta.dirname, { withFileTypes: true })) {
    const path = join(import.meta.dirname, item.name, 'index.ts');
    if (!item.isDirectory() || !existsSync(path)) continue;
    const module = (await import(pathToFileURL(path).href)) as { benchCase?: BenchCase };
    if (module.benchCase !== undefined) cases.push(module.benchCase);
  }
  return cases.filter(
    ({ name, promises }) =>
      (flags.only === undefined || name === flags.only) &&
      (flags.promise === undefined || promises.includes(flags.promise)),
  );
}

function toLine(row: BenchRow): string[] {
  const sign = row.isAtMost ? '≤' : '≥';
  const target = row.target === undefined ? '' : `${sign} ${row.target}`;
  const verdict = row.target === undefined ? '' : isMet(row) ? 'ok' : 'MISSED';
  return [row.label, `${row.ratio.toPrecision(3)} ${row.unit}`, target, verdict, row.detail ?? ''];
}

function print(title: string, rows: readonly BenchRow[]): void {
  const lines = [['', 'measured', 'target', '', ''], ...rows.map(toLine)];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  console.log(`\n${title}`);
  for (const line of lines)
    console.log(`  ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd());
}

function write(name: string, rows: readonly BenchRow[]): void {
  const path = join(import.meta.dirname, '../docs/performance.md');
  const measured = {
    name,
    flags: flags.full ? ['--full'] : [],
    rows,
    day: new Date().toISOString().slice(0, 10),
    machine: `${availableParallelism()} processors, Node ${process.versions.node}`,
  };
  writeFileSync(path, putTable(readFileSync(path, 'utf8'), measured));
}

const cases = await findCases();
if (flags.write && (flags.quick || flags.promise !== undefined)) {
  console.error('--write takes whole runs: without --quick and --promise');
  process.exit(1);
}
if (cases.length === 0) {
  console.error(`no bench case${flags.only === undefined ? '' : ` named ${flags.only}`}`);
  process.exit(1);
}
// So that a case can end the processes that it started, in a listener of `exit`.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

let missed = 0;
for (const { name, promises, run } of cases) {
  const startMs = performance.now();
  const say = (text: string) =>
    console.error(`${name}: ${text} (${((performance.now() - startMs) / 1_000).toFixed(0)} s)`);
  const rows = await run({ isQuick: flags.quick, isFull: flags.full, promise: flags.promise, say });
  if (flags.write) write(name, rows);
  missed += rows.filter((row) => !isMet(row)).length;
  print(`${name} (${promises.join(', ')}), ${((performance.now() - startMs) / 1_000).toFixed(0)} s`, rows);
}
console.log(missed === 0 ? '\nAll targets met.' : `\n${missed} target${missed === 1 ? '' : 's'} missed.`);
process.exit(flags.assert && missed > 0 ? 1 : 0);
