// The page "This device": the check before a wedding, backup files, undo, old changes, changes that were refused, and
// an update of the app.
import { type Browser, expect, type Page } from '@playwright/test';
import { addCouple, cell, editCell, expectStored, row, signIn, signUp } from './support/app.ts';
import { expectOnDevice, expectStage, holdRows, keptRows, shiftClock } from './support/device.ts';
import { crash } from './support/end-tab.ts';
import { createFrontDoor } from './support/front-door.ts';
import { createRelay, type TestRelay } from './support/relay.ts';
import { test } from './support/test.ts';

const email = 'page@example.com';
const window = { viewport: { width: 1280, height: 800 }, locale: 'en-GB', acceptDownloads: true };
const DAY_MS = 86_400_000;

let relay: TestRelay;
let url: string;

test.beforeAll(async ({ browser }) => {
  relay = await createRelay();
  await relay.start();
  const page = await browser.newPage(window);
  await signUp(page, relay.url, email);
  await addCouple(page, 'Ada & Ben', '12 June 2027');
  await expectStored(page);
  url = page.url().split('?')[0] ?? '';
  await page.close();
});

test.afterAll(async () => {
  await relay?.dispose();
});

async function openDevice(browser: Browser): Promise<Page> {
  const context = await browser.newContext(window);
  const page = await context.newPage();
  await signIn(page, relay.url, email);
  await expect(row(page, 'Ada')).toBeVisible();
  await expectStored(page);
  return page;
}

async function openDevicePage(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Account/ }).click();
  await page.getByRole('menuitem', { name: 'This device' }).click();
  await expect(page.getByRole('heading', { name: 'This device' })).toBeVisible();
}

test('LOCAL-2 LOCAL-6 the check says ready, and then the list opens in airplane mode', async ({
  browser,
}) => {
  const page = await openDevice(browser);
  await openDevicePage(page);
  await expect(page.getByText(/^The browser (keeps|may remove)/)).toBeVisible();
  await expect(async () => {
    await page.getByRole('button', { name: /^Check (now|again)$/ }).click();
    await expect(page.getByText('Ready. You can switch to airplane mode.')).toBeVisible({ timeout: 2_000 });
  }).toPass();
  await expect(page.getByText('The list was read back from this device: 1 couple.')).toBeVisible();
  await page.context().setOffline(true);
  await page.reload();
  await page.getByRole('button', { name: /^Check now$/ }).click();
  await expect(page.getByText('Ready. You can switch to airplane mode.')).toBeVisible();
  await page.goto(url);
  await editCell(page, 'Ada', 3, 'In airplane mode');
  await expectStage(page, 'offline');
  await page.context().setOffline(false);
  await expectStored(page);
  await page.context().close();
});

test('LOCAL-2 in airplane mode the first rows stand there while the list is still being read', async ({
  browser,
}) => {
  const page = await openDevice(browser);
  await page.context().setOffline(true);
  await editCell(page, 'Ada', 3, 'The last edit before the reload');
  await expectStage(page, 'offline');
  await expect.poll(() => keptRows(page), { timeout: 15_000 }).toContain('The last edit before the reload');
  const rows = await holdRows(page);
  await page.reload();
  await expect(cell(page, 'Ada', 3)).toHaveText('The last edit before the reload');
  await expectStage(page, 'loading');
  await expect(page.getByRole('button', { name: 'Add couple' })).toBeHidden();
  await rows.release();
  await expect(page.getByRole('button', { name: 'Add couple' })).toBeVisible();
  await editCell(page, 'Ada', 3, 'An edit after it');
  await page.context().setOffline(false);
  await expectStored(page);
  await page.context().close();
});

test('LOCAL-6 a backup file comes back without duplicates', async ({ browser }) => {
  const page = await openDevice(browser);
  await page.context().setOffline(true);
  await editCell(page, 'Ada', 3, 'Only in the file');
  await expectStage(page, 'offline');
  await openDevicePage(page);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save a backup file' }).click(),
  ]);
  const path = await download.path();
  // Its end, before the network comes back with the end of the context.
  await crash(page);
  const other = await openDevice(browser);
  await expect(cell(other, 'Ada', 3)).not.toHaveText('Only in the file');
  await openDevicePage(other);
  await other.locator('input[type="file"]').setInputFiles(path);
  await expect(
    other.getByText('From the file: 0 couples added, 1 changed, 0 notes brought back.'),
  ).toBeVisible();
  await other.locator('input[type="file"]').setInputFiles(path);
  await expect(other.getByText('Everything in this file is in the list already.')).toBeVisible();
  await other.goto(url);
  await expect(cell(other, 'Ada', 3)).toHaveText('Only in the file');
  await expect(row(other, 'Ada')).toHaveCount(1);
  await other.context().close();
});

test('UI-6 undo and redo by key, with names, also after a reload', async ({ browser }) => {
  const page = await openDevice(browser);
  const before = (await cell(page, 'Ada', 3).textContent()) ?? '';
  await editCell(page, 'Ada', 3, 'Kew Gardens');
  await page.reload();
  await expect(cell(page, 'Ada', 3)).toHaveText('Kew Gardens');
  await page.keyboard.press('Control+z');
  await expect(page.getByText(/^Undone: /)).toBeVisible();
  await expect(cell(page, 'Ada', 3)).toHaveText(before);
  await page.keyboard.press('Control+Shift+z');
  await expect(page.getByText(/^Done again: /)).toBeVisible();
  await expect(cell(page, 'Ada', 3)).toHaveText('Kew Gardens');
  await page.getByRole('button', { name: /^Account/ }).click();
  await page.getByRole('menuitem', { name: /^Undo: / }).click();
  await expect(cell(page, 'Ada', 3)).toHaveText(before);
  await expectStored(page);
  await page.context().close();
});

test('LOCAL-6 changes that wait for a day nag, and signing out says what is not stored', async ({
  browser,
}) => {
  const page = await openDevice(browser);
  const context = page.context();
  await context.setOffline(true);
  await editCell(page, 'Ada', 3, 'A day ago');
  await expectOnDevice(page);
  await page.close();
  await shiftClock(context, DAY_MS + 60_000);
  const later = await context.newPage();
  await later.goto(url);
  await expect(later.getByText('Changes to 1 couple have waited for more than a day.')).toBeVisible();
  await later.getByRole('button', { name: /^Account/ }).click();
  await later.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(later.getByText('1 couple with changes that are not stored yet.')).toBeVisible();
  await later.getByRole('button', { name: 'Stay signed in' }).click();
  await context.close();
});

test('DOC-4 DOC-10 an edit stamped years ahead is set aside, and applied again by the right time', async ({
  browser,
}) => {
  const page = await openDevice(browser);
  const context = page.context();
  await context.setOffline(true);
  await page.close();
  // The clock jumps while nobody can correct it.
  await shiftClock(context, 900 * DAY_MS);
  const jumped = await context.newPage();
  await jumped.goto(url);
  await editCell(jumped, 'Ada', 3, 'From the future');
  await expectStage(jumped, 'offline');
  await context.setOffline(false);
  await expectStage(jumped, 'rights-lost');
  await openDevicePage(jumped);
  await expect(jumped.getByText('The clock of this device is wrong.')).toBeVisible();
  await jumped.getByRole('button', { name: 'Apply again' }).click();
  await expect(jumped.getByText('1 change applied again.')).toBeVisible();
  await expectStored(jumped);
  const other = await openDevice(browser);
  await expect(cell(other, 'Ada', 3)).toHaveText('From the future');
  await editCell(other, 'Ada', 3, 'Later, by a right clock');
  await jumped.goto(url);
  await expect(cell(jumped, 'Ada', 3)).toHaveText('Later, by a right clock');
  await context.close();
  await other.context().close();
});

test('LOCAL-7 an update waits for the person and never reloads under an edit', async ({ browser }) => {
  const door = await createFrontDoor(relay.url);
  const context = await browser.newContext(window);
  const page = await context.newPage();
  await signIn(page, door.url, email);
  await expectStored(page);
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
  let loads = 0;
  page.on('load', () => (loads += 1));
  await cell(page, 'Ada', 3).click();
  const input = cell(page, 'Ada', 3).getByRole('textbox');
  await input.fill('Half typed');
  door.release(2);
  await page.evaluate(async () => {
    await (await navigator.serviceWorker.ready).update();
  });
  await expect(page.getByText('A newer version of the app is ready.')).toBeVisible();
  await expect(input).toHaveValue('Half typed');
  expect(loads).toBe(0);
  await input.press('Enter');
  await expectStored(page);
  await page.getByRole('button', { name: 'Update now' }).click();
  await expect.poll(() => loads).toBe(1);
  await expect(cell(page, 'Ada', 3)).toHaveText('Half typed');
  await expect(page.getByText('A newer version of the app is ready.')).toBeHidden();
  await context.close();
  door.close();
});
