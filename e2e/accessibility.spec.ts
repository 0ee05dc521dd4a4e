// UI-2: no violations of WCAG 2.0 to 2.2 A and AA on any screen and in any of its states, in both schemes, at the
// smallest and a desktop width: one walk for each width, which takes both schemes at every stop.
import { expect, type Page } from '@playwright/test';
import { violationsOf } from './support/axe.ts';
import { createRelay, type TestRelay } from './support/relay.ts';
import { WIDE, walkScreens } from './support/screens.ts';
import { test } from './support/test.ts';

let relay: TestRelay;

test.beforeAll(async () => {
  relay = await createRelay();
  await relay.start();
});

test.afterAll(async () => {
  await relay?.dispose();
});

/** Nothing may stick out to the side at 320 px: that is 400 % on a desktop (WCAG 1.4.10). */
const sticksOut = (page: Page): Promise<boolean> =>
  page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);

// A trace would hold the whole of axe for every look at the page.
test.use({ trace: 'off' });
test.describe.configure({ mode: 'parallel' });

for (const width of [320, WIDE.width]) {
  test(`UI-2: no violations on any screen and state, light and dark, ${width} px`, async ({ browser }) => {
    test.setTimeout(600_000);
    const context = await browser.newContext({ viewport: WIDE, reducedMotion: 'reduce', locale: 'en-GB' });
    const page = await context.newPage();
    await walkScreens(page, relay, async (name, open) => {
      await page.setViewportSize({ width, height: WIDE.height });
      await open?.();
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        // Only colours differ between the schemes; the rest is looked at once for each width.
        const found = await violationsOf(page, colorScheme === 'light' ? undefined : ['color-contrast']);
        expect.soft(found, `${name}, ${colorScheme}`).toEqual([]);
      }
      expect.soft(await sticksOut(page), `${name}: reflow`).toBe(false);
      await page.setViewportSize(WIDE);
    });
    await context.close();
  });
}
