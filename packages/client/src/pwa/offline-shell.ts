// Whether the app itself opens without network: its page is controlled by the service worker, and everything that
// the page asks for lies in the cache.

/** `uncontrolled`: a reload puts the page under its worker. `missing`: files that are not in the cache. */
export type OfflineShell =
  | { readonly state: 'ready'; readonly files: number }
  | { readonly state: 'unsupported' | 'uncontrolled' }
  | { readonly state: 'missing'; readonly files: readonly string[] };

export type OfflineShellPort = {
  readonly container: Pick<ServiceWorkerContainer, 'controller'> | undefined;
  readonly caches: Pick<CacheStorage, 'match' | 'keys' | 'open'> | undefined;
  readonly origin: string;
};

/** Looks into the cache only; nothing is fetched. */
export async function checkOfflineShell({
  container,
  caches,
  origin,
}: OfflineShellPort): Promise<OfflineShell> {
  if (container === undefined || caches === undefined) return { state: 'unsupported' };
  if (container.controller === null) return { state: 'uncontrolled' };
  const match = (path: string) => caches.match(new URL(path, origin).href, { ignoreSearch: true });
  const page = await match('/index.html');
  if (page === undefined) return { state: 'missing', files: ['/index.html'] };
  const wanted = [...(await page.text()).matchAll(/(?:src|href)="(\/[^"]+\.(?:js|css))"/g)].map(
    ([, path]) => path ?? '',
  );
  const found = await Promise.all(wanted.map(match));
  const missing = wanted.filter((_, at) => found[at] === undefined);
  if (missing.length > 0) return { state: 'missing', files: missing };
  const stores = await Promise.all(
    (await caches.keys()).map(async (name) => await (await caches.open(name)).keys()),
  );
  return { state: 'ready', files: stores.flat().length };
}

/** This page's worker and caches; both are missing on plain http and in some private windows. */
export const pageOfflineShell = (): OfflineShellPort => ({
  container: globalThis.navigator?.serviceWorker as ServiceWorkerContainer | undefined,
  caches: globalThis.caches as CacheStorage | undefined,
  origin: globalThis.location.origin,
});
