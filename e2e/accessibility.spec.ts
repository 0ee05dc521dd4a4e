// UI-2: no violations of WCAG 2.0 to 2.2 A and AA on any screen, in both schemes, at the smallest and a desktop width.
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { createRelay, type TestRelay } from './support/relay.ts';
import { test } from './support/test.ts';

let relay: TestRelay;

test.beforeAll(async () => {
  relay = await createRelay();
  await relay.start();
});

test.afterAll(async () => {
  await relay?.dispose();
});

async function expectNoViolations(page: Page, where: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  const found = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(' | ')}`,
  );
  expect(found, where).toEqual([]);
}

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [320, 1280]) {
    test(`UI-2: no violations on any screen (${colorScheme}, ${width} px)`, async ({ browser }) => {
      const context = await browser.newContext({
        viewport: { width, height: 800 },
        colorScheme,
        reducedMotion: 'reduce',
      });
      const page = await context.newPage();
      await page.goto(relay.url);
      await expect(page.getByRole('button', { name: 'Try the demo' })).toBeVisible();
      await expectNoViolations(page, 'sign in');
      await page.getByRole('button', { name: 'Try the demo' }).click();
      const couple = page.getByRole('link', { name: /&/ }).first();
      await expect(couple).toBeVisible();
      await expectNoViolations(page, 'list');
      const [listPath] = /\/l_[A-Za-z0-9_-]{22}/.exec(page.url()) ?? [''];
      await couple.click();
      await expect(page.getByRole('heading', { name: 'Notes' })).toBeVisible();
      await expectNoViolations(page, 'record');
      for (const section of ['upcoming', 'trash', 'import', 'sources', 'versions', 'device']) {
        await page.goto(`${relay.url}${listPath}/${section}`);
        await expect(page.getByRole('main').or(page.getByRole('heading')).first()).toBeVisible();
        await expectNoViolations(page, section);
      }
      await context.close();
    });
  }
}
