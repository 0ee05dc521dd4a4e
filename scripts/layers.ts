// Lint for the layer rules: imports point down only (features → session → shared; inbound, projection → room,
// store → shared), the two applications never import each other, and packages are imported by name.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');

/** From the bottom up: a folder may import itself and folders of earlier rows. `*` stands for one path segment. */
const ORDER: Record<string, readonly (readonly string[])[]> = {
  'packages/shared/src': [['util'], ['error'], ['record'], ['wire', 'doc'], ['realtime'], ['testing']],
  'packages/client/src': [
    ['i18n', 'pwa'],
    ['persistence', 'tabs', 'transport', 'ui'],
    ['session'],
    ['features'],
    ['app'],
  ],
  'packages/relay/src': [
    ['log', 'config', 'tracing'],
    ['auth', 'supabase', 'events'],
    ['store'],
    ['cluster'],
    ['room', 'audit'],
    ['session', 'writer'],
    ['projection', 'inbound', 'outbound'],
    ['health'],
    ['api'],
    ['cli'],
  ],
};

type Problem = { file: string; line: number; message: string };

function* sourceFiles(dir: string): Generator<string> {
  for (const item of readdirSync(dir, { withFileTypes: true })) {
    const path = join(dir, item.name);
    if (item.isDirectory()) yield* sourceFiles(path);
    else if (/\.tsx?$/.test(item.name)) yield path;
  }
}

function layerOf(base: string, path: string): { row: number; folder: string } | undefined {
  const [first = ''] = relative(base, path).split('/');
  const folder = first.replace(/\.tsx?$/, '');
  const row = (ORDER[relative(root, base)] ?? []).findIndex((names) => names.includes(folder));
  return row < 0 ? undefined : { row, folder };
}

function checkImport(base: string, file: string, target: string): string | undefined {
  if (target.startsWith('@wedsync/')) {
    const own = `@wedsync/${relative(join(root, 'packages'), base).split('/')[0]}`;
    if (target === own || target.startsWith(`${own}/`)) return 'import inside a package by relative path';
    if (!target.startsWith('@wedsync/shared')) return 'applications never import each other';
    if (own === '@wedsync/shared') return 'shared imports nothing of the applications';
    if (target === '@wedsync/shared/testing' && !/\.test\.tsx?$/.test(file))
      return 'testing code in shipped code';
    return undefined;
  }
  if (!target.startsWith('.')) return undefined;
  const path = resolve(dirname(file), target);
  if (relative(base, path).startsWith('..')) return 'a relative import leaves the package';
  // Tests may use the testing code, which stands above everything it builds.
  if (/\.test\.tsx?$/.test(file) && /(^|\/)testing\//.test(relative(base, path))) return undefined;
  const from = layerOf(base, file);
  const to = layerOf(base, path);
  if (from === undefined || to === undefined) return undefined;
  if (to.row > from.row) return `${from.folder} is below ${to.folder}`;
  if (from.folder !== to.folder && to.row === from.row && from.folder !== 'features') return undefined;
  if (from.folder === 'features' && to.folder === 'features') {
    const feature = (p: string) => relative(join(base, 'features'), p).split('/')[0];
    if (feature(file) !== feature(path)) return 'a feature imports another feature';
  }
  return undefined;
}

/** All layer violations of the tree below `packages/`. */
export function findLayerProblems(): Problem[] {
  const problems: Problem[] = [];
  for (const base of Object.keys(ORDER).map((path) => join(root, path))) {
    for (const file of sourceFiles(base)) {
      readFileSync(file, 'utf8')
        .split('\n')
        .forEach((text, index) => {
          const match = /(?:^|\s)(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/.exec(text);
          const message = match?.[1] === undefined ? undefined : checkImport(base, file, match[1]);
          if (message !== undefined) problems.push({ file: relative(root, file), line: index + 1, message });
        });
    }
  }
  return problems;
}

if (process.argv[1] === import.meta.filename) {
  const problems = findLayerProblems();
  for (const { file, line, message } of problems) console.error(`${file}:${line} layer rule: ${message}`);
  process.exit(problems.length > 0 ? 1 : 0);
}
