// QUALITY-1: what all tests together ran, by package: the test runner's own report, and what relay processes and
// browser pages left in `<folder>/raw`. `node scripts/coverage.ts <folder>` exits 1 below the limits.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { type Place, type Range, type RanIn, type RawScript, readScript } from './coverage/raw.ts';

/** In percent, of each package. */
const LIMITS = { lines: 85, branches: 80 };
const root = resolve(import.meta.dirname, '..');
const assets = join(root, 'packages/client/dist/assets');

/** The part of Istanbul's file coverage that is read here. */
type FileCoverage = {
  path: string;
  statementMap: Record<string, Range>;
  s: Record<string, number>;
  branchMap: Record<string, { locations: (Range | { start: Partial<Place> })[] }>;
  b: Record<string, number[]>;
};

const isInside = (inner: Range, outer: Range): boolean =>
  (inner.start.line > outer.start.line ||
    (inner.start.line === outer.start.line && (inner.start.column ?? 0) >= (outer.start.column ?? 0))) &&
  (inner.end.line < outer.end.line ||
    (inner.end.line === outer.end.line && (inner.end.column ?? 0) <= (outer.end.column ?? 0)));

const isRange = (place: Range | { start: Partial<Place> }): place is Range =>
  place.start.line !== undefined && 'end' in place;

/** Adds what other processes saw to a file's own counts. */
function add(file: FileCoverage, seen: readonly RanIn[]): void {
  for (const [id, range] of Object.entries(file.statementMap))
    if (file.s[id] === 0 && seen.some((ranIn) => ranIn(range))) file.s[id] = 1;
  const ran = Object.entries(file.statementMap).flatMap(([id, range]) =>
    (file.s[id] ?? 0) > 0 ? [range] : [],
  );
  for (const [id, { locations }] of Object.entries(file.branchMap))
    for (const [arm, place] of locations.entries()) {
      const taken = file.b[id];
      if (taken?.[arm] !== 0 || !isRange(place)) continue;
      if (seen.some((ranIn) => ranIn(place)) || ran.some((range) => isInside(range, place))) taken[arm] = 1;
    }
}

type Sum = { lines: [ran: number, all: number]; branches: [ran: number, all: number] };

function sum(file: FileCoverage): Sum {
  const lines = new Map<number, boolean>();
  for (const [id, { start }] of Object.entries(file.statementMap))
    lines.set(start.line, lines.get(start.line) === true || (file.s[id] ?? 0) > 0);
  const arms = Object.values(file.b).flat();
  return {
    lines: [[...lines.values()].filter(Boolean).length, lines.size],
    branches: [arms.filter((count) => count > 0).length, arms.length],
  };
}

/** Nothing of a file that was cut off: its process was killed while it wrote, or had no room left. */
function scriptsOf(path: string): readonly RawScript[] {
  try {
    return (JSON.parse(readFileSync(path, 'utf8')) as { result: RawScript[] }).result;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    console.error(`left out, not whole: ${path}`);
    return [];
  }
}

/** What other processes ran, by source file. */
function readRaw(folder: string): Map<string, RanIn[]> {
  const found = new Map<string, RanIn[]>();
  for (const name of readdirSync(folder)) {
    for (const script of scriptsOf(join(folder, name))) {
      if (script.url.includes('/node_modules/') || script.url.startsWith('node:')) continue;
      if (script.url.startsWith('file:') && !script.url.includes('/packages/')) continue;
      for (const [path, ranIn] of readScript(script, assets)) {
        const known = found.get(path);
        if (known === undefined) found.set(path, [ranIn]);
        else known.push(ranIn);
      }
    }
  }
  return found;
}

const percent = ([ran, all]: readonly [number, number]): number => (all === 0 ? 100 : (100 * ran) / all);

const folder = resolve(process.argv[2] ?? 'coverage');
const files = Object.values(
  JSON.parse(readFileSync(join(folder, 'coverage-final.json'), 'utf8')) as Record<string, FileCoverage>,
);
const raw = readRaw(join(folder, 'raw'));
const packages = new Map<string, Sum>();
const weakest: { path: string; missing: number }[] = [];
for (const file of files) {
  add(file, raw.get(file.path) ?? []);
  const one = sum(file);
  const path = relative(root, file.path);
  weakest.push({ path, missing: one.lines[1] - one.lines[0] });
  const name = path.split('/')[1] ?? path;
  const total = packages.get(name) ?? { lines: [0, 0], branches: [0, 0] };
  for (const kind of ['lines', 'branches'] as const)
    for (const index of [0, 1] as const) total[kind][index] += one[kind][index];
  packages.set(name, total);
}
let isBelow = packages.size === 0;
for (const [name, { lines, branches }] of packages) {
  const isLow = percent(lines) < LIMITS.lines || percent(branches) < LIMITS.branches;
  isBelow ||= isLow;
  console.error(
    `${name}: ${percent(lines).toFixed(1)} % of lines (limit ${LIMITS.lines}), ${percent(branches).toFixed(1)} % of branches (limit ${LIMITS.branches})${isLow ? ' TOO LOW' : ''}`,
  );
}
weakest.sort((a, b) => b.missing - a.missing);
console.error('most lines that no test ran:');
for (const { path, missing } of weakest.slice(0, 15))
  console.error(`  ${String(missing).padStart(4)} ${path}`);
process.exit(isBelow ? 1 : 0);
