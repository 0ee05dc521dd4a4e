// What a device has on disk and on the wire, read from outside the app; and the ways a browser can fail.
import { type BrowserContext, expect, type Page } from '@playwright/test';

/** The list's own database on this device. */
export type OnDisk = {
  /** Rows of Yjs updates, as hex. */
  readonly rows: readonly string[];
  /** Edits that are not confirmed. */
  readonly journal: number;
  readonly setAside: number;
};

/** Reads the database of the list whose page this is, without the app's help. */
export async function readDisk(page: Page): Promise<OnDisk> {
  return await page.evaluate(async () => {
    const listId = /\/(l_[A-Za-z0-9_-]+)/.exec(location.pathname)?.[1] ?? '';
    const name = (await indexedDB.databases()).find((each) => each.name?.endsWith(`:${listId}`))?.name;
    if (name === undefined) return { rows: [], journal: 0, setAside: 0 };
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const opening = indexedDB.open(name);
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => reject(opening.error);
    });
    const transaction = database.transaction(['updates', 'custom']);
    const read = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const [rows, keys] = await Promise.all([
      read(transaction.objectStore('updates').getAll() as IDBRequest<Uint8Array[]>),
      read(transaction.objectStore('custom').getAllKeys()),
    ]);
    database.close();
    const count = (start: string): number => keys.filter((key) => String(key).startsWith(start)).length;
    return {
      rows: rows.map((row) => Array.from(row, (byte) => byte.toString(16).padStart(2, '0')).join('')),
      journal: count('journal/'),
      setAside: count('set-aside/'),
    };
  });
}

/** The sockets of a page to the list document itself (notes have documents of their own). */
export type ListSockets = { readonly open: () => number; readonly opened: () => number };

/** Counts from now on: call it before the page loads. */
export function watchListSockets(page: Page): ListSockets {
  let open = 0;
  let opened = 0;
  page.on('websocket', (socket) => {
    if (!/\/sync\/l_[A-Za-z0-9_-]+$/.test(new URL(socket.url()).pathname)) return;
    open += 1;
    opened += 1;
    socket.on('close', () => (open -= 1));
  });
  return { open: () => open, opened: () => opened };
}

/** The stage behind the chip. */
export async function stageOf(page: Page): Promise<string | null> {
  return await page.locator('[data-stage]').first().getAttribute('data-stage');
}

export async function expectStage(page: Page, stage: string | RegExp): Promise<void> {
  await expect(page.locator('[data-stage]').first()).toHaveAttribute('data-stage', stage);
}

/** The app claims that the last edit is on this device. */
export async function expectOnDevice(page: Page): Promise<void> {
  await expectStage(page, /^(device|sending|stored|offline|unreachable)$/);
}

/** What the list keeps for its next cold start, as JSON. */
export async function keptRows(page: Page): Promise<string> {
  return await page.evaluate(async () => {
    const listId = /\/(l_[A-Za-z0-9_-]+)/.exec(location.pathname)?.[1] ?? '';
    const name = (await indexedDB.databases()).find((each) => each.name?.endsWith(`:${listId}`))?.name ?? '';
    const read = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const database = await read(indexedDB.open(name));
    const kept = await read(database.transaction('custom').objectStore('custom').get('snapshot'));
    database.close();
    return JSON.stringify(kept ?? null);
  });
}

/** From the next load on the list's rows are not read from the disk before `release`; what was kept of it still is. */
export async function holdRows(page: Page): Promise<{ release(): Promise<void> }> {
  await page.addInitScript(`(() => {
    const getAll = IDBObjectStore.prototype.getAll;
    IDBObjectStore.prototype.getAll = function (...args) {
      const store = this;
      const reading = getAll.apply(store, args);
      if (store.name !== 'updates' || globalThis.rowsReleased) return reading;
      // Other requests keep the transaction going.
      const later = (handler, event) => {
        if (globalThis.rowsReleased) handler.call(reading, event);
        else store.count().onsuccess = () => later(handler, event);
      };
      Object.defineProperty(reading, 'onsuccess', {
        set: (handler) => reading.addEventListener('success', (event) => later(handler, event)),
      });
      return reading;
    };
  })()`);
  return { release: () => page.evaluate('globalThis.rowsReleased = true') };
}

/** Less room than the site uses already; `undefined` gives it back. */
export async function limitQuota(page: Page, quotaSize: number | undefined): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const origin = new URL(page.url()).origin;
  await session.send('Storage.overrideQuotaForOrigin', {
    origin,
    ...(quotaSize === undefined ? {} : { quotaSize }),
  });
  if (quotaSize === undefined) await session.detach();
}

/** Sets the clock of every page of a context off by `ms`. Timers run as usual. */
export async function shiftClock(context: BrowserContext, ms: number): Promise<void> {
  await context.addInitScript((offset) => {
    const RealDate = Date;
    const now = (): number => RealDate.now() + offset;
    globalThis.Date = new Proxy(RealDate, {
      construct: (target, args: [], self) =>
        Reflect.construct(target, args.length === 0 ? [now()] : args, self),
      apply: () => new RealDate(now()).toString(),
      get: (target, name, self) => (name === 'now' ? now : Reflect.get(target, name, self)),
    });
  }, ms);
}

/** Presses "Save a backup file" in the sheet behind the chip and reads the file. */
export async function saveBackup(page: Page): Promise<{ records: { values: Record<string, unknown> }[] }> {
  await page.locator('[data-stage]').first().click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save a backup file' }).first().click(),
  ]);
  await page.getByRole('button', { name: 'Close', exact: true }).first().click();
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as {
    records: { values: Record<string, unknown> }[];
  };
}
