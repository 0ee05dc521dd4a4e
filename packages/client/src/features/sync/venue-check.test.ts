import { expect, it } from 'vitest';
import { checkOfflineShell } from '../../pwa/offline-shell.ts';
import { checkVenue, type VenuePort } from './venue-check.ts';

const good: VenuePort = {
  checkShell: async () => ({ state: 'ready', files: 20 }),
  proveCopy: async () => ({ isFetched: true, couples: 12, damagedRows: 0, notesMissing: 0 }),
  readPersistence: async () => 'granted',
  estimate: async () => ({ used: 1, quota: 1e9 }),
  waiting: 0,
};
const levels = async (port: Partial<VenuePort>) => {
  const { isReady, items } = await checkVenue({ ...good, ...port });
  return [isReady, ...items.flatMap(({ item, level }) => (level === 'good' ? [] : [`${item} ${level}`]))];
};

it('LOCAL-2 is ready for the venue only when app and list are proven to be on this device', async () => {
  expect(await levels({})).toEqual([true]);
  expect(await levels({ checkShell: async () => ({ state: 'uncontrolled' }) })).toEqual([false, 'app bad']);
  expect(await levels({ checkShell: () => Promise.reject(new Error('x')) })).toEqual([false, 'app bad']);
  expect(await levels({ proveCopy: () => Promise.reject(new Error('x')) })).toEqual([
    false,
    'list bad',
    'notes warn',
  ]);
  const proof = { isFetched: true, couples: 3, damagedRows: 0, notesMissing: 0 };
  expect(await levels({ proveCopy: async () => ({ ...proof, isFetched: false }) })).toEqual([
    false,
    'list bad',
  ]);
  expect(await levels({ proveCopy: async () => ({ ...proof, damagedRows: 1 }) })).toEqual([
    false,
    'list bad',
  ]);
  expect(await levels({ estimate: async () => ({ used: 99, quota: 100 }) })).toEqual([false, 'room bad']);
});

it('LOCAL-6 names what is worth knowing and holds nobody up', async () => {
  expect(await levels({ readPersistence: async () => 'denied', waiting: 2 })).toEqual([
    true,
    'sent warn',
    'kept warn',
  ]);
  expect(await levels({ estimate: async () => undefined })).toEqual([true]);
});

it('LOCAL-2 looks for every file of the page in the cache', async () => {
  const page = '<script src="/assets/a.js"></script><link rel="stylesheet" href="/assets/a.css">';
  const check = (files: Record<string, string>, isControlled = true) =>
    checkOfflineShell({
      container: { controller: isControlled ? ({} as ServiceWorker) : null },
      caches: {
        match: async (url) => {
          const text = files[new URL(String(url)).pathname];
          return text === undefined ? undefined : new Response(text);
        },
        keys: async () => ['precache'],
        open: async () => ({ keys: async () => Object.keys(files) }) as unknown as Cache,
      },
      origin: 'https://app.example',
    });
  const all = { '/index.html': page, '/assets/a.js': 'x', '/assets/a.css': 'y' };
  expect(await check(all)).toEqual({ state: 'ready', files: 3 });
  expect(await check(all, false)).toEqual({ state: 'uncontrolled' });
  expect(await check({})).toEqual({ state: 'missing', files: ['/index.html'] });
  expect(await check({ '/index.html': page, '/assets/a.js': 'x' })).toEqual({
    state: 'missing',
    files: ['/assets/a.css'],
  });
  expect(await checkOfflineShell({ container: undefined, caches: undefined, origin: 'x' })).toEqual({
    state: 'unsupported',
  });
});
