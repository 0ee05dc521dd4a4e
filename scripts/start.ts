// `npm start`: builds the app when its sources changed, then runs the relay, which serves it. Ctrl-C stops cleanly.
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const stampFile = join(root, 'packages/client/dist/.build-stamp');
const buildInputs = ['packages/client', 'packages/shared/src', 'package-lock.json', 'vite.config.ts'];

function* filesBelow(path: string): Generator<string> {
  if (!existsSync(path)) return;
  if (statSync(path).isFile()) {
    yield path;
    return;
  }
  for (const item of readdirSync(path, { withFileTypes: true })) {
    if (item.name === 'node_modules' || item.name === 'dist') continue;
    yield* filesBelow(join(path, item.name));
  }
}

/** Changes when any file that goes into the app's build changes. */
function buildStamp(): string {
  const hash = createHash('sha256');
  for (const input of buildInputs) {
    for (const file of filesBelow(join(root, input)))
      hash.update(file.slice(root.length)).update(readFileSync(file));
  }
  return hash.digest('hex');
}

function run(title: string, args: readonly string[]): Promise<void> {
  console.error(`• ${title}…`);
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => (output += String(chunk)));
    child.once('error', fail);
    child.once('exit', (code) => {
      if (code === 0) return done();
      fail(new Error(`${title} failed (exit ${code}):\n${output}`));
    });
  });
}

/** Builds the app into packages/client/dist unless that build is of exactly these sources. */
export async function buildApp(): Promise<void> {
  const stamp = buildStamp();
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  await run('Building the app (first time or after a change)', [vite, 'build', '--config', 'vite.config.ts']);
  writeFileSync(stampFile, stamp);
}

/**
 * What Node is told for the relay. A larger young generation (16 MB by default) holds what is on its way to the database
 * until it is garbage; otherwise a fifth of the relay's time under load goes into copying it (docs/performance.md).
 */
export const RELAY_FLAGS = ['--max-semi-space-size=32'];

function startRelay(): ChildProcess {
  const relay = spawn(process.execPath, [...RELAY_FLAGS, join(root, 'packages/relay/src/main.ts')], {
    cwd: root,
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    // Ctrl-C reaches the relay by the terminal as well; a second signal is harmless, it is draining already.
    process.on(signal, () => relay.kill(signal));
  }
  relay.once('exit', (code) => process.exit(code ?? 1));
  return relay;
}

if (process.argv[1] === import.meta.filename) {
  try {
    await buildApp();
    if (!process.argv.includes('--build-only')) startRelay();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}
