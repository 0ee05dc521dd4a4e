// Playwright's test, which also keeps what the app's scripts ran when COVERAGE_DIR is set (`npm test` sets it).
import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type Browser, type BrowserContext, test as base, type Page } from '@playwright/test';

const ANSWER_MS = 5_000;

async function start(watched: Iterable<Page>): Promise<void> {
  for (const page of watched)
    await page.coverage.startJSCoverage({ resetOnNavigation: false }).catch(() => undefined);
}

/** Takes what ran so far and stops. */
async function save(watched: Iterable<Page>, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const page of watched) {
    // A page that a test has crashed, closed or frozen has nothing to tell.
    const result = await Promise.race([
      page.coverage.stopJSCoverage().catch(() => []),
      setTimeout(ANSWER_MS, [], { ref: false }),
    ]);
    writeFileSync(join(folder, `page-${randomUUID()}.json`), JSON.stringify({ result }));
  }
}

/**
 * Watches a page from its first address on. Coverage is switched for a whole renderer process, which pages may share, and
 * scripts of the address before are forgotten: so all is taken whenever a page goes somewhere or closes.
 */
function watchPage(page: Page, watched: Set<Page>, folder: string): void {
  const restart = async (): Promise<void> => {
    await save(watched, folder);
    watched.add(page);
    await start(watched);
  };
  const goto = page.goto.bind(page);
  page.goto = async (url, options) => {
    await restart();
    return await goto(url, options);
  };
  const reload = page.reload.bind(page);
  page.reload = async (options) => {
    await restart();
    return await reload(options);
  };
  const close = page.close.bind(page);
  page.close = async (options) => {
    if (watched.has(page)) await save(watched, folder);
    const wasWatched = watched.delete(page);
    await close(options);
    if (wasWatched) await start(watched);
  };
}

function watchContext(context: BrowserContext, folder: string): void {
  const watched = new Set<Page>();
  const newPage = context.newPage.bind(context);
  context.newPage = async () => {
    const page = await newPage();
    watchPage(page, watched, folder);
    return page;
  };
  const close = context.close.bind(context);
  context.close = async (options) => {
    await save(watched, folder);
    watched.clear();
    await close(options);
  };
}

function watchBrowser(browser: Browser, folder: string): void {
  const newContext = browser.newContext.bind(browser);
  browser.newContext = async (options) => {
    const context = await newContext(options);
    watchContext(context, folder);
    return context;
  };
}

export const test = base.extend<object, { coverage: undefined }>({
  coverage: [
    async ({ browser }, use) => {
      const folder = process.env.COVERAGE_DIR;
      if (folder !== undefined) watchBrowser(browser, folder);
      await use(undefined);
    },
    { scope: 'worker', auto: true },
  ],
});
