// UI-2: everything can be reached and used without a pointer: find, open, edit, undo, sort, import, settle a conflict.
import { resolve } from 'node:path';
import { expect, type Locator, type Page } from '@playwright/test';
import { cell, expectStored, openRecord, row } from './support/app.ts';
import { createRelay, type TestRelay } from './support/relay.ts';
import { makeConflict } from './support/screens.ts';
import { test } from './support/test.ts';

let relay: TestRelay;

test.beforeAll(async () => {
  relay = await createRelay();
  await relay.start();
});

test.afterAll(async () => {
  await relay?.dispose();
});

/** Presses Tab until the target has the focus, as a person without a mouse would. */
async function tabTo(page: Page, target: Locator, key = 'Tab'): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press(key);
  }
  throw new Error(`Tab does not lead to ${target}`);
}

test('UI-2: find, edit, move the status, undo, sort, import and settle a conflict by keyboard alone', async ({
  browser,
}) => {
  const page = await browser.newPage({ locale: 'en-GB', viewport: { width: 1280, height: 800 } });
  await page.goto(relay.url);
  const { keyboard } = page;
  await tabTo(page, page.getByRole('button', { name: 'Try the demo' }));
  await keyboard.press('Enter');
  await expect(row(page, '&').first()).toBeVisible();
  await expectStored(page);
  const listUrl = `${relay.url}${/\/l_[A-Za-z0-9_-]{22}/.exec(page.url())?.[0] ?? ''}`;
  const grid = page.getByRole('grid', { name: 'Couples' });

  await test.step('find a couple and edit its venue in the table', async () => {
    await keyboard.press('/');
    await keyboard.type('hannah');
    await expect(row(page, '&')).toHaveCount(1);
    await keyboard.press('ArrowDown');
    await expect(grid).toBeFocused();
    await keyboard.press('ArrowRight');
    await keyboard.press('ArrowRight');
    await keyboard.press('Enter');
    await expect(cell(page, 'Hannah', 3).getByRole('textbox')).toBeFocused();
    await keyboard.press('ControlOrMeta+A');
    await keyboard.type('Kew Gardens');
    await keyboard.press('Enter');
    await expect(cell(page, 'Hannah', 3)).toHaveText('Kew Gardens');
    await expect(grid).toBeFocused();
  });

  await test.step('move the status, undo and redo', async () => {
    await keyboard.press('ArrowRight');
    await keyboard.press('Enter');
    await expect(cell(page, 'Hannah', 4).getByRole('combobox')).toBeFocused();
    await keyboard.press('ArrowDown');
    await keyboard.press('Enter');
    await expect(cell(page, 'Hannah', 4)).toContainText('Completed');
    await keyboard.press('Control+z');
    await expect(cell(page, 'Hannah', 4)).toContainText('Booked');
    await keyboard.press('Control+Shift+z');
    await expect(cell(page, 'Hannah', 4)).toContainText('Completed');
  });

  await test.step('open the record, edit a field, go back', async () => {
    await keyboard.press('Home');
    await keyboard.press('Enter');
    await expect(page.getByRole('heading', { name: 'Hannah' })).toBeFocused();
    await tabTo(page, page.getByRole('button', { name: /^Package:/ }));
    await keyboard.press('Enter');
    await keyboard.press('ControlOrMeta+A');
    await keyboard.type('Elopement');
    await keyboard.press('Enter');
    await expect(page.getByRole('button', { name: /^Package: Elopement/ })).toBeFocused();
    await keyboard.press('Escape');
    await expect(page.getByRole('heading', { name: 'Notes' })).toBeHidden();
  });

  await test.step('sort by couple, then walk with J and K', async () => {
    await keyboard.press('/');
    await keyboard.press('Escape');
    const header = page.getByRole('columnheader', { name: 'Couple' });
    await tabTo(page, header.getByRole('button'));
    await keyboard.press('Enter');
    await expect(header).toHaveAttribute('aria-sort', 'ascending');
    await keyboard.press('j');
    await keyboard.press('j');
    await keyboard.press('k');
    await expect(grid).toBeFocused();
    await expect(grid).toHaveAttribute('aria-activedescendant', /.+/);
  });

  await test.step('add a couple', async () => {
    await keyboard.press('c');
    await expect(page.getByLabel('Names')).toBeFocused();
    await keyboard.type('Zoë Fletcher & Tom Berg');
    await keyboard.press('Tab');
    await keyboard.type('26 June 2027');
    await keyboard.press('Enter');
    await expect(page.getByRole('heading', { name: 'Zoë Fletcher' })).toBeVisible();
    await keyboard.press('Escape');
  });

  await test.step('import a file and take it back', async () => {
    const all = page.getByRole('link', { name: /^All couples/ });
    const before = (await all.textContent()) ?? '';
    await tabTo(page, page.getByRole('link', { name: 'Import', exact: true }));
    await keyboard.press('Enter');
    const choosing = page.waitForEvent('filechooser');
    await tabTo(page, page.locator('input[type="file"]'));
    await keyboard.press('Enter');
    const chooser = await choosing;
    await chooser.setFiles(resolve(import.meta.dirname, '../fixtures/csv/honeybook-leads.csv'));
    const submit = page.getByRole('button', { name: /^Import \d+ couples?$/ });
    await expect(submit).toBeVisible();
    await tabTo(page, submit);
    await keyboard.press('Enter');
    await expect(grid).toBeVisible();
    await expect(all).not.toHaveText(before);
    await keyboard.press('Control+z');
    await expect(all).toHaveText(before);
  });

  await test.step('settle a conflict and take that back', async () => {
    await makeConflict(page, relay, listUrl);
    await openRecord(page, 'Ivy');
    const use = page.getByRole('button', { name: /^Use .*5 Dec/ });
    await tabTo(page, use);
    await keyboard.press('Enter');
    await expect(cell(page, 'Ivy', 2)).toContainText('5 Dec');
    await expect(page.getByText('Two versions of the wedding date')).toBeHidden();
    await keyboard.press('Control+z');
    await expect(cell(page, 'Ivy', 2)).toContainText('19 Dec');
  });
  await page.close();
});
