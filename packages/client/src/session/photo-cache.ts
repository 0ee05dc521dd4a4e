// Where thumbnails that this device has seen are kept: the browser's cache storage, one cache per person. It holds copies
// only, so it may be cleared at any time.

/** About 10 KB each. */
export const PHOTOS_KEPT = 500;

const nameOf = (personId: string): string => `wedsync-photos:${personId}`;

/** Undefined where the browser has no cache storage (a page without HTTPS). */
export type PhotoCaches = Pick<CacheStorage, 'open' | 'delete'> | undefined;

export async function forgetPhotos(personId: string, caches: PhotoCaches = globalThis.caches): Promise<void> {
  await caches?.delete(nameOf(personId)).catch(() => undefined);
}

export type PhotoCache = {
  get(path: string): Promise<Blob | undefined>;
  /** The oldest go when there are too many. Never rejects: a full disk costs the photo, not the page. */
  put(path: string, photo: Blob): Promise<void>;
};

export function createPhotoCache(personId: string, caches: PhotoCaches = globalThis.caches): PhotoCache {
  const open = (): Promise<Cache> | undefined => caches?.open(nameOf(personId));
  return {
    async get(path) {
      try {
        return await (await (await open())?.match(path))?.blob();
      } catch {
        return undefined;
      }
    },
    async put(path, photo) {
      try {
        const cache = await open();
        if (cache === undefined) return;
        await cache.put(path, new Response(photo, { headers: { 'content-type': photo.type } }));
        const keys = await cache.keys();
        const tooMany = keys.slice(0, Math.max(0, keys.length - PHOTOS_KEPT));
        await Promise.all(tooMany.map((key) => cache.delete(key)));
      } catch {
        // Shown from memory until the page is closed.
      }
    },
  };
}
