// Thumbnails of one list, as addresses that an <img> can show: from memory, from this device, or from the relay.
import type { GetToken } from '../transport/link.ts';
import { createPhotoCache, type PhotoCache } from './photo-cache.ts';

/** Whose photos, and until when: the signal ends with the list's page. */
export type PhotoSource = {
  readonly personId: string;
  readonly listId: string;
  readonly getToken: GetToken;
  readonly signal: AbortSignal;
};

/** `later`: the relay may still be fetching it, or cannot be reached. */
export type PhotoAnswer = { readonly src: string } | 'later';

export type PhotoShelf = {
  /** Known already: no wait, no flicker. */
  now(address: string): string | undefined;
  load(address: string): Promise<PhotoAnswer>;
};

/** More than any screen shows at once. */
const SHOWN = 300;
const TIMEOUT_MS = 15_000;

async function pathOf(listId: string, address: string): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(address));
  const key = Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `/api/lists/${encodeURIComponent(listId)}/photos/${key}?size=thumb`;
}

/** `cache` and `fetcher` are parameters for tests. */
export function createPhotoShelf(
  { personId, listId, getToken, signal }: PhotoSource,
  cache: PhotoCache = createPhotoCache(personId),
  fetcher: typeof fetch = fetch.bind(globalThis),
): PhotoShelf {
  const shown = new Map<string, string>();
  const loading = new Map<string, Promise<PhotoAnswer>>();
  signal.addEventListener('abort', () => {
    for (const src of shown.values()) URL.revokeObjectURL(src);
    shown.clear();
  });

  function show(address: string, photo: Blob): PhotoAnswer {
    if (signal.aborted) return 'later';
    const src = URL.createObjectURL(photo);
    shown.set(address, src);
    for (const [oldest, old] of shown) {
      if (shown.size <= SHOWN) break;
      shown.delete(oldest);
      URL.revokeObjectURL(old);
    }
    return { src };
  }

  async function ask(path: string): Promise<Blob | undefined> {
    const result = await getToken();
    if ('missing' in result) return undefined;
    // The browser's own cache would outlive a sign-out.
    const response = await fetcher(path, {
      headers: { authorization: `Bearer ${result.token}` },
      cache: 'no-store',
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    return response.ok ? await response.blob() : undefined;
  }

  async function load(address: string): Promise<PhotoAnswer> {
    const path = await pathOf(listId, address);
    const kept = await cache.get(path);
    if (kept !== undefined) return show(address, kept);
    const photo = await ask(path);
    if (photo === undefined || signal.aborted) return 'later';
    await cache.put(path, photo);
    return show(address, photo);
  }

  return {
    now(address) {
      const src = shown.get(address);
      if (src === undefined) return undefined;
      // What is looked at goes last.
      shown.delete(address);
      shown.set(address, src);
      return src;
    },
    load(address) {
      const src = shown.get(address);
      if (src !== undefined) return Promise.resolve({ src });
      const running =
        loading.get(address) ??
        load(address)
          .catch((): PhotoAnswer => 'later')
          .finally(() => loading.delete(address));
      loading.set(address, running);
      return running;
    },
  };
}
