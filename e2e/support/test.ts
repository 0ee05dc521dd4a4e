// Playwright's test, which also keeps what the app's scripts ran when COVERAGE_DIR is set (`npm test` sets it).
import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, type BrowserContext, test as base, type Page } from '@playwright/test';

async function save(page: Page, folder: string): Promise<void> {
  // A page that a test has crashed or closed has nothing to tell.
  const result = await page.coverage.stopJSCoverage().catch(() => []);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `page-${randomUUID()}.json`), JSON.stringify({ result }));
}

/** Watches every page of the context until the page or the context is closed. */
function watchContext(context: BrowserContext, folder: string): void {
  const watched = new Set<Page>();
  const newPage = context.newPage.bind(context);
  context.newPage = async () => {
    const page = await newPage();
    await page.coverage.startJSCoverage({ resetOnNavigation: false });
    watched.add(page);
    const close = page.close.bind(page);
    page.close = async (options) => {
      if (watched.delete(page)) await save(page, folder);
      await close(options);
    };
    return page;
  };
  const close = context.close.bind(context);
  context.close = async (options) => {
    await Promise.all([...watched].map((page) => save(page, folder)));
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
