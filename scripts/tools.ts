// Finds the system programs that the tests run against (Chromium, Postgres 15, Redis); installs them on Debian
// when run as root, else says the command. Tests never go without them.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

type Tool = { name: string; debianPackage: string; find(): string | undefined };

function onPath(...names: string[]): string | undefined {
  for (const dir of (process.env.PATH ?? '').split(delimiter)) {
    for (const name of names) {
      try {
        accessSync(join(dir, name), constants.X_OK);
        return join(dir, name);
      } catch (error) {
        if (!(error instanceof Error)) throw error;
      }
    }
  }
  return undefined;
}

function postgresBinary(): string | undefined {
  const base = '/usr/lib/postgresql';
  const versions = existsSync(base) ? readdirSync(base).filter((version) => Number(version) >= 15) : [];
  const found = versions
    .map((version) => join(base, version, 'bin', 'initdb'))
    .find((path) => existsSync(path));
  return found ?? onPath('initdb');
}

const TOOLS: readonly Tool[] = [
  {
    name: 'Chromium',
    debianPackage: 'chromium',
    find: () =>
      process.env.CHROMIUM_PATH ?? onPath('chromium', 'chromium-browser', 'google-chrome', 'chrome'),
  },
  { name: 'Postgres 15 or later (initdb)', debianPackage: 'postgresql', find: postgresBinary },
  { name: 'Redis', debianPackage: 'redis-server', find: () => onPath('redis-server', 'valkey-server') },
];

/** Path of the browser for end-to-end tests; undefined where none is installed. */
export function chromiumPath(): string | undefined {
  return TOOLS[0]?.find();
}

/** Ensures that all tools are there. Returns what is still missing, in words with the command that installs it. */
export function ensureTools(): string[] {
  const missing = () => TOOLS.filter((tool) => tool.find() === undefined);
  const packages = missing().map((tool) => tool.debianPackage);
  if (packages.length === 0) return [];
  if (process.getuid?.() === 0 && onPath('apt-get') !== undefined) {
    console.error(`Installing ${packages.join(', ')} for the tests (apt-get)…`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    spawnSync('apt-get', ['update', '-qq'], { stdio: ['ignore', 2, 2], env });
    spawnSync('apt-get', ['install', '-y', '-qq', ...packages], { stdio: ['ignore', 'ignore', 2], env });
  }
  return missing().map(
    (tool) => `${tool.name} is missing. Debian/Ubuntu: sudo apt-get install -y ${tool.debianPackage}`,
  );
}
