// docs/promises.md: its first two columns and the state are written by hand; the tests of each promise are found here
// by the ids in their titles. `npm run promises` rewrites the column, a test holds the page equal to the code.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const page = join(root, 'docs/promises.md');
const searched = ['packages', 'scripts', 'e2e', 'bench'];
const idPattern = /\b(?:DOC|LOCAL|SYNC|RELAY|AUTH|SEC|HOOK|OUT|READ|UI|HEALTH|QUALITY|SCALE|PERF)-\d+\b/g;

export type PromiseRow = { id: string; text: string; state: 'kept' | 'partly' | 'not yet'; tests: string[] };

function* testFiles(dir: string): Generator<string> {
  for (const item of readdirSync(dir, { withFileTypes: true })) {
    if (item.name === 'node_modules' || item.name === 'dist') continue;
    const path = join(dir, item.name);
    if (item.isDirectory()) yield* testFiles(path);
    else if (/\.(test|spec)\.tsx?$/.test(item.name) || path.includes(`${root}/bench/`)) yield path;
  }
}

/** The files in which a test, suite or bench case names a promise in its title. */
export function findTests(): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  const dirs = searched.filter((dir) => existsSync(join(root, dir)));
  for (const path of dirs.flatMap((dir) => [...testFiles(join(root, dir))])) {
    const isBench = path.includes(`${root}/bench/`);
    for (const title of readFileSync(path, 'utf8').matchAll(
      /(?:\b(?:it|test|describe)\b[^'"`\n]*|)(['"`])((?:(?!\1).)*)\1/g,
    )) {
      const isTitle = /^(?:it|test|describe)\b/.test(title[0]);
      if (!isTitle && !isBench) continue;
      for (const id of title[2]?.match(idPattern) ?? []) {
        const files = found.get(id) ?? new Set();
        found.set(id, files.add(relative(root, path)));
      }
    }
  }
  return found;
}

const rowPattern = /^\| ([A-Z]+-\d+) \| (.*?) \| (kept|partly|not yet)(.*?) \| (.*?) \|$/;

/** The page with its last column as the tests say. */
export function renderPage(text: string, tests = findTests()): string {
  return text
    .split('\n')
    .map((line) => {
      const match = rowPattern.exec(line);
      if (match === null) return line;
      const [, id = '', promise = '', state = '', remark = ''] = match;
      const files = [...(tests.get(id) ?? [])].sort().map((file) => `\`${file}\``);
      return `| ${id} | ${promise} | ${state}${remark} | ${files.join(', ') || '–'} |`;
    })
    .join('\n');
}

/** Rows of the page as data. */
export function readRows(text: string): PromiseRow[] {
  return text.split('\n').flatMap((line) => {
    const match = rowPattern.exec(line);
    if (match === null) return [];
    const [, id = '', promise = '', state = '', , tests = ''] = match;
    const files = [...tests.matchAll(/`([^`]+)`/g)].map((file) => file[1] ?? '');
    return [{ id, text: promise, state: state as PromiseRow['state'], tests: files }];
  });
}

if (process.argv[1] === import.meta.filename) writeFileSync(page, renderPage(readFileSync(page, 'utf8')));
