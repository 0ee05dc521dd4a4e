// UI-2: everything can be reached and used without a pointer: find, open, edit, undo, sort, import, settle a conflict.
import { readFile } from 'node:fs/promises';
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

  await test.step('select several, tag them, undo once, set a status, export', async () => {
    const bar = page.getByRole('region', { name: 'Selected couples' });
    const chosen = page.locator('[role="row"][aria-selected="true"]');
    await keyboard.press('x');
    await expect(bar).toContainText('1 selected');
    await keyboard.press('ArrowDown');
    await keyboard.press('ArrowDown');
    await keyboard.press('Shift+X');
    await expect(bar).toContainText('3 selected');
    await expect(page.getByRole('status').filter({ hasText: '3 selected' })).toHaveCount(1);
    await expect(chosen).toHaveCount(3);
    await tabTo(page, bar.getByRole('button', { name: 'Add tag' }));
    await keyboard.press('Enter');
    await expect(page.getByRole('dialog').getByLabel('Tags')).toBeFocused();
    await keyboard.type('Second shooter');
    await keyboard.press('Enter');
    await expect(chosen.filter({ hasText: 'Second shooter' })).toHaveCount(3);
    await keyboard.press('Control+z');
    await expect(chosen.filter({ hasText: 'Second shooter' })).toHaveCount(0);
    await tabTo(page, bar.getByRole('button', { name: 'Set status' }));
    await keyboard.press('ArrowDown');
    await expect(page.getByRole('menuitem', { name: 'Enquiry' })).toBeFocused();
    await keyboard.press('End');
    await keyboard.press('Enter');
    for (const at of [0, 1, 2]) await expect(chosen.nth(at)).toContainText('Lost');
    await keyboard.press('Control+z');
    await expect(page.getByText('Undone: Set 3 couples to Lost')).toBeVisible();
    const saving = page.waitForEvent('download');
    await tabTo(page, bar.getByRole('button', { name: 'Export CSV' }));
    await keyboard.press('Enter');
    const text = await readFile(await (await saving).path(), 'utf8');
    expect(text.trim().split('\r\n')).toHaveLength(4);
    await tabTo(page, grid, 'Shift+Tab');
    await keyboard.press('ControlOrMeta+A');
    await expect(bar).toContainText('60 selected');
    await keyboard.press('Escape');
    await expect(bar).toBeHidden();
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

  await test.step('UI-5: the other version stays in the history, from where it can be used again', async () => {
    await expectStored(page);
    await tabTo(page, page.getByRole('button', { name: 'History' }));
    await keyboard.press('Enter');
    const other = page.getByRole('button', { name: /^Use .*5 Dec/ }).first();
    await expect(other).toBeVisible();
    await tabTo(page, other);
    await keyboard.press('Enter');
    await expect(cell(page, 'Ivy', 2)).toContainText('5 Dec');
    await keyboard.press('Control+z');
    await expect(cell(page, 'Ivy', 2)).toContainText('19 Dec');
  });

  await test.step('the palette finds couples, views, pages and commands', async () => {
    const palette = page.getByRole('dialog', { name: 'Find or do' });
    const box = palette.getByRole('combobox');
    const option = palette.getByRole('option', { selected: true });
    await keyboard.press('ControlOrMeta+k');
    await expect(box).toBeFocused();
    await keyboard.type('hannah');
    await expect(option).toContainText('Hannah');
    await keyboard.press('Enter');
    await expect(palette).toBeHidden();
    await expect(page.getByRole('heading', { name: 'Hannah' })).toBeVisible();
    await keyboard.press('ControlOrMeta+k');
    await expect(palette.getByRole('group', { name: 'Used lately' })).toContainText('Hannah');
    await keyboard.type('upcom');
    await keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1, name: 'Upcoming' })).toBeVisible();
    await keyboard.press('ControlOrMeta+k');
    await keyboard.type('health');
    await keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1, name: 'Health' })).toBeVisible();
    await keyboard.press('ControlOrMeta+k');
    await keyboard.type('zeppelin');
    await expect(palette.getByRole('status')).toContainText('Nothing is called');
    await keyboard.press('Escape');
    await expect(palette).toBeHidden();
    await keyboard.press('ControlOrMeta+k');
    await keyboard.type('shortcuts');
    await expect(option).toContainText('Keyboard shortcuts');
    await keyboard.press('ArrowDown');
    await keyboard.press('ArrowUp');
    await keyboard.press('Enter');
    await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
    await keyboard.press('Escape');
  });
  await page.close();
});

test('UI-2: a finger selects couples on a phone, deletes them and takes that back', async ({ browser }) => {
  const context = await browser.newContext({
    locale: 'en-GB',
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  });
  const page = await context.newPage();
  await page.goto(relay.url);
  await page.getByRole('button', { name: 'Try the demo' }).tap();
  const cards = page.getByRole('list', { name: 'Couples' });
  await expect(cards).toBeVisible();
  await page.getByRole('button', { name: 'Select', exact: true }).tap();
  const boxes = cards.getByRole('checkbox');
  const names = [
    await boxes.nth(0).getAttribute('aria-label'),
    await boxes.nth(1).getAttribute('aria-label'),
  ];
  await boxes.nth(0).tap();
  // The whole card is the box's label.
  await cards.locator('label').nth(1).tap();
  const bar = page.getByRole('region', { name: 'Selected couples' });
  await expect(bar).toContainText('2 selected');
  await expect(boxes.nth(1)).toBeChecked();
  await bar.getByRole('button', { name: 'Delete' }).tap();
  await expect(page.getByText('2 couples moved to the trash')).toBeVisible();
  await page.getByRole('button', { name: 'Undo', exact: true }).tap();
  await page.getByRole('button', { name: 'Select', exact: true }).tap();
  for (const name of names) await expect(cards.getByRole('checkbox', { name: name ?? '' })).toBeVisible();
  await context.close();
});
