// Installs the dependencies when they are missing or older than the lock file. Runs before `npm start` and
// `npm test`, on whatever Node the machine has (20 or later): plain JavaScript, no dependencies.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The packages that the lock file pins for this platform are the ones that stand in node_modules. */
function isInstalled() {
  const hidden = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(hidden)) return false;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const present = JSON.parse(readFileSync(hidden, 'utf8')).packages;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '' || entry.link === true || entry.optional === true || entry.peer === true) return true;
    if (!path.includes('node_modules/')) return true;
    return present[path]?.version === entry.version;
  });
}

if (Number(process.versions.node.split('.')[0]) < 20) {
  console.error(
    `WedSync needs Node 20 or later to install itself; this is ${process.version}. See https://nodejs.org`,
  );
  process.exit(1);
}
if (!isInstalled()) {
  console.error('Installing dependencies from the lock file (npm ci)…');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const result = spawnSync(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (result.status !== 0) {
    console.error('npm ci failed. The messages above say why; nothing else was changed.');
    process.exit(1);
  }
}
