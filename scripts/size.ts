// UI-3: what a first visit and each later screen may weigh (gzip), and what the service worker keeps. `npm run size`.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';

const dist = resolve(import.meta.dirname, '../packages/client/dist');
const assets = join(dist, 'assets');
/** KB as browsers and bundlers count: 1,024 bytes. */
const kB = 1_024;
const limits = { firstScript: 180 * kB, firstStyle: 12 * kB, lazy: 40 * kB, precache: 450 * kB };

const zipped = (path: string): number => gzipSync(readFileSync(path), { level: 9 }).length;
const html = readFileSync(join(dist, 'index.html'), 'utf8');
const names = readdirSync(assets);
const isFirst = (name: string): boolean => html.includes(name);

function total(select: (name: string) => boolean): number {
  return names.filter(select).reduce((sum, name) => sum + zipped(join(assets, name)), 0);
}

/** What the service worker fetches at its installation, as it travels (compressed). */
function precached(): number {
  const worker = readFileSync(join(dist, 'sw.js'), 'utf8');
  const urls = [...worker.matchAll(/url:\s*"([^"]+)"/g)].map((match) => join(dist, match[1] ?? ''));
  return urls.reduce((sum, path) => sum + (/\.png$/.test(path) ? statSync(path).size : zipped(path)), 0);
}

const measured = [
  {
    what: 'first-route JavaScript',
    bytes: total((name) => isFirst(name) && name.endsWith('.js')),
    limit: limits.firstScript,
  },
  {
    what: 'first-route CSS',
    bytes: total((name) => isFirst(name) && name.endsWith('.css')),
    limit: limits.firstStyle,
  },
  ...names
    .filter((name) => !isFirst(name) && name.endsWith('.js'))
    .map((name) => ({ what: `lazy ${name}`, bytes: zipped(join(assets, name)), limit: limits.lazy })),
  { what: 'precache', bytes: precached(), limit: limits.precache },
];
for (const { what, bytes, limit } of measured) {
  const verdict = bytes > limit ? 'TOO LARGE' : 'ok';
  console.error(`${what}: ${(bytes / kB).toFixed(1)} of ${limit / kB} KB gzip ${verdict}`);
}
process.exit(measured.some(({ bytes, limit }) => bytes > limit) ? 1 : 0);
