// What a page says about itself: when its first rows stood there, when it took input, how much it has on disk. The
// scripts are text, because they run in the page.
import type { BrowserContext, Page } from '@playwright/test';

const WATCH = `
  const seen = (globalThis.wedsyncBench = {});
  const look = () => {
    if (seen.rows === undefined && document.querySelector('[role="gridcell"][aria-colindex="3"]')) {
      seen.rows = -1;
      requestAnimationFrame(() => setTimeout(() => (seen.rows = performance.now())));
    }
    const add = [...document.querySelectorAll('button')].some((each) => each.textContent.includes('Add couple'));
    if (seen.editable === undefined && seen.rows > 0 && add) {
      seen.editable = -1;
      requestIdleCallback(() => (seen.editable = performance.now()));
    }
    if (!(seen.editable > 0)) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
`;

const DISK = `(async () => {
  const id = /\\/(l_[A-Za-z0-9_-]+)/.exec(location.pathname)[1];
  const { name } = (await indexedDB.databases()).find((each) => each.name.endsWith(':' + id));
  const database = await new Promise((resolve) => {
    const opening = indexedDB.open(name);
    opening.onsuccess = () => resolve(opening.result);
  });
  const read = (reading) =>
    new Promise((resolve) => {
      reading.onsuccess = () => resolve(reading.result);
    });
  const rows = await read(database.transaction('updates').objectStore('updates').getAll());
  const kept = await read(database.transaction('custom').objectStore('custom').get('snapshot'));
  database.close();
  const keptBytes = kept === undefined ? 0 : new TextEncoder().encode(JSON.stringify(kept)).byteLength;
  return { bytes: rows.reduce((sum, row) => sum + row.byteLength, keptBytes), keptBytes };
})()`;

/** A page that watches itself from its first moment on, at every load. */
export async function openWatched(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.addInitScript(WATCH);
  return page;
}

/** Ms from the start of the navigation to the first painted rows, and to the first idle moment in which one can edit. */
export async function openTimes(page: Page, withinMs: number): Promise<{ rows: number; editable: number }> {
  // Looked at seldom: each look takes time from what is measured.
  for (const until = Date.now() + withinMs; Date.now() < until; await page.waitForTimeout(250)) {
    const seen = await page.evaluate<{ rows: number; editable: number }>('({ ...globalThis.wedsyncBench })');
    if (seen.editable > 0) return seen;
  }
  throw new Error('bench: the list did not open');
}

/** Bytes of all rows of the open list and of what it keeps for a cold start (`keptBytes` alone: as JSON). */
export async function diskBytes(page: Page): Promise<{ bytes: number; keptBytes: number }> {
  return await page.evaluate(DISK);
}
