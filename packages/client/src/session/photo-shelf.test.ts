import { describe, expect, it } from 'vitest';
import { createPhotoCache, forgetPhotos, PHOTOS_KEPT } from './photo-cache.ts';
import { createPhotoShelf } from './photo-shelf.ts';

/** As a browser's, in the order of insertion. */
function createCaches() {
  const all = new Map<string, Map<string, Response>>();
  const pathOf = (key: RequestInfo | URL) =>
    typeof key === 'string' ? key : key instanceof URL ? key.href : key.url;
  return {
    all,
    open: async (name: string) => {
      const entries = all.get(name) ?? new Map<string, Response>();
      all.set(name, entries);
      return {
        match: async (key: RequestInfo | URL) => entries.get(pathOf(key))?.clone(),
        put: async (key: RequestInfo | URL, response: Response) => void entries.set(pathOf(key), response),
        keys: async () => [...entries.keys()].map((url) => ({ url }) as Request),
        delete: async (key: RequestInfo | URL) => entries.delete(pathOf(key)),
      } as unknown as Cache;
    },
    delete: async (name: string) => all.delete(name),
  };
}

const ADDRESS = 'https://photos.example.com/a.jpg';
/** Under the SHA-256 of the address, as the relay computes it. */
const PATH =
  '/api/lists/l_1/photos/7ebd96c787fc0c42e5d5c524fb6d740dce2f67d5058db4af544b8475d3e6562e?size=thumb';

function createBench(caches = createCaches()) {
  const asked: string[] = [];
  const relay = { isThere: true, isOnline: true };
  const end = new AbortController();
  const fetcher: typeof fetch = async (url) => {
    if (!relay.isOnline) throw new TypeError('offline');
    asked.push(String(url));
    return relay.isThere ? new Response('picture') : new Response('', { status: 404 });
  };
  const open = () =>
    createPhotoShelf(
      { personId: 'p1', listId: 'l_1', getToken: async () => ({ token: 't' }), signal: end.signal },
      createPhotoCache('p1', caches),
      fetcher,
    );
  return { caches, asked, relay, end, open };
}

describe('photos on this device', () => {
  it('are asked for once, and shown without a connection from then on', async () => {
    const { asked, relay, open } = createBench();
    const shelf = open();
    const both = await Promise.all([shelf.load(ADDRESS), shelf.load(ADDRESS)]);
    expect(both[0]).toEqual(both[1]);
    expect(shelf.now(ADDRESS)).toMatch(/^blob:/);
    relay.isOnline = false;
    expect(await open().load(ADDRESS)).toEqual({ src: expect.stringMatching(/^blob:/) });
    expect(asked).toEqual([PATH]);
  });

  it('come later when the relay does not have them yet or is away; nothing is kept of that', async () => {
    const { caches, relay, open } = createBench();
    const shelf = open();
    relay.isThere = false;
    expect(await shelf.load(ADDRESS)).toBe('later');
    relay.isOnline = false;
    expect(await shelf.load(ADDRESS)).toBe('later');
    expect(caches.all.get('wedsync-photos:p1')?.size ?? 0).toBe(0);
    Object.assign(relay, { isThere: true, isOnline: true });
    expect(await shelf.load(ADDRESS)).toHaveProperty('src');
  });

  it('are no more than a bound, the oldest go; a sign-out removes them all, those of others stay', async () => {
    const caches = createCaches();
    const cache = createPhotoCache('p1', caches);
    await createPhotoCache('p2', caches).put('/theirs', new Blob(['x']));
    for (let n = 0; n < PHOTOS_KEPT + 2; n += 1) await cache.put(`/${n}`, new Blob(['x']));
    expect(caches.all.get('wedsync-photos:p1')?.size).toBe(PHOTOS_KEPT);
    expect(await cache.get('/1')).toBeUndefined();
    expect(await cache.get('/2')).toBeInstanceOf(Blob);
    await forgetPhotos('p1', caches);
    expect([...caches.all.keys()]).toEqual(['wedsync-photos:p2']);
  });

  it('are let go with their list, and never shown after', async () => {
    const { end, open } = createBench();
    const shelf = open();
    await shelf.load(ADDRESS);
    end.abort();
    expect(shelf.now(ADDRESS)).toBeUndefined();
    expect(await shelf.load(ADDRESS)).toBe('later');
  });
});
