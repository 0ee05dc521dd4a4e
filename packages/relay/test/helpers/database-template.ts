// An empty embedded database, created once for all tests and copied for each relay: creating one takes seconds of
// computing, copying it does not. Made anew whenever the migrations or the way of creating it change.
import { createHash, randomBytes } from 'node:crypto';
import {
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../../../..');
const inputs = ['supabase', 'packages/relay/src/supabase/embedded', 'packages/relay/package.json'];

function* filesBelow(path: string): Generator<string> {
  if (statSync(path).isFile()) yield path;
  else for (const name of readdirSync(path).sort()) yield* filesBelow(join(path, name));
}

function pathOfTemplate(): string {
  const hash = createHash('sha256');
  for (const input of inputs)
    for (const file of filesBelow(join(root, input)))
      hash.update(file.slice(root.length)).update(readFileSync(file));
  return join(root, 'node_modules/.cache/wedsync-test-database', hash.digest('hex').slice(0, 16));
}

const keysOf = (template: string): string => `${template}.secrets.json`;

function copy(from: string, to: string): void {
  cpSync(from, to, { recursive: true, mode: constants.COPYFILE_FICLONE });
}

/** Puts the template into a new data folder; false when there is none yet. */
export function copyTemplate(dataDir: string): boolean {
  const template = pathOfTemplate();
  if (!existsSync(template) || !existsSync(keysOf(template))) return false;
  copy(template, join(dataDir, 'database'));
  // A database without the keys it was made with is refused; those of the template are as good as any in a test.
  cpSync(keysOf(template), join(dataDir, 'secrets.json'));
  return true;
}

/** Keeps the database of a relay that has been stopped as the template; several processes may try at once. */
export function keepTemplate(dataDir: string): void {
  const template = pathOfTemplate();
  if (existsSync(template)) return;
  const draft = `${template}.${randomBytes(6).toString('hex')}`;
  mkdirSync(draft, { recursive: true });
  copy(join(dataDir, 'database'), draft);
  cpSync(join(dataDir, 'secrets.json'), keysOf(template));
  try {
    renameSync(draft, template);
  } catch {
    // Another process was faster; its copy is as good.
    rmSync(draft, { recursive: true, force: true });
  }
}
