// A device that cannot keep data: full disk, a database that does not open, cleared site data. The app says so, goes on
// in memory, and lets the person save everything as a file.
import { type Browser, type BrowserContext, expect, type Page } from '@playwright/test';
import { addCouple, cell, editCell, expectStored, row, signIn, signUp } from './support/app.ts';
import { expectStage, limitQuota, readDisk, saveBackup, stageOf } from './support/device.ts';
import { createRelay, type TestRelay } from './support/relay.ts';
import { STORAGE_FAULTS } from './support/storage-faults.ts';
import { test } from './support/test.ts';

const email = 'storage@example.com';
const window = { viewport: { width: 1280, height: 800 }, locale: 'en-GB', acceptDownloads: true };

let relay: TestRelay;
let phone: BrowserContext;
let other: Page;
let url: string;

test.beforeAll(async ({ browser }) => {
  relay = await createRelay();
  await relay.start();
  phone = await browser.newContext(window);
  other = await phone.newPage();
  await signUp(other, relay.url, email);
  await addCouple(other, 'Ada & Ben', '12 June 2027');
  await expectStored(other);
  url = other.url().split('?')[0] ?? '';
});

test.afterAll(async () => {
  await phone?.close();
  await relay?.dispose();
});

async function openDevice(browser: Browser, breakIt?: string): Promise<Page> {
  const context = await browser.newContext(window);
  const page = await context.newPage();
  if (breakIt !== undefined) await page.addInitScript(breakIt);
  await signIn(page, relay.url, email);
  await expect(row(page, 'Ada')).toBeVisible();
  return page;
}

/** The device is broken and says so, and yet an edit goes through and can be saved as a file. */
async function expectUsable(page: Page, venue: string): Promise<void> {
  await expectStage(page, 'storage-fault');
  await editCell(page, 'Ada', 3, venue);
  await expectStage(page, 'storage-fault');
  await expect(cell(other, 'Ada', 3)).toHaveText(venue);
  const { records } = await saveBackup(page);
  expect(records.map(({ values }) => values.venue)).toContain(venue);
}

test('LOCAL-5 a full disk is shown, edits go on, and are on disk when there is room again', async ({
  browser,
}) => {
  const page = await openDevice(browser);
  await expectStored(page);
  await limitQuota(page, 1);
  // Chromium remembers for a while how much room there was.
  let edits = 0;
  const editOn = async () => {
    await editCell(page, 'Ada', 3, `No room ${++edits}`);
    await expect(page.locator('[data-stage]').first()).not.toHaveAttribute('data-stage', /saving|sending/);
    return await stageOf(page);
  };
  await expect.poll(editOn, { timeout: 90_000, intervals: [1_000] }).toBe('storage-fault');
  await expectUsable(page, 'Still no room');
  await limitQuota(page, undefined);
  await editCell(page, 'Ada', 3, 'Room again');
  await expectStored(page);
  await page.context().setOffline(true);
  await page.reload();
  await expect(cell(page, 'Ada', 3)).toHaveText('Room again');
  await page.context().close();
});

for (const [name, breakIt] of STORAGE_FAULTS)
  test(`LOCAL-5 storage that ${name} is shown, and edits go on in memory`, async ({ browser }) => {
    const page = await openDevice(browser, breakIt);
    await expectUsable(page, `Storage ${name}`);
    await page.context().close();
  });

test('LOCAL-4 opening again and again adds nothing to the disk', async ({ browser }) => {
  const page = await openDevice(browser);
  await page.goto(url);
  await expectStored(page);
  await editCell(page, 'Ada', 3, 'One edit');
  await expectStored(page);
  await page.reload();
  await expectStored(page);
  const before = await readDisk(page);
  for (let round = 0; round < 10; round++) {
    await page.reload();
    await expect(row(page, 'Ada')).toBeVisible();
    await expectStored(page);
  }
  expect(await readDisk(page)).toEqual(before);
  await page.context().close();
});

test('LOCAL-6 cleared storage is not taken for an empty list', async ({ browser }) => {
  const page = await openDevice(browser);
  await expectStored(page);
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
  await page.reload();
  await expect(row(page, 'Ada')).toBeVisible();
  const { origin } = new URL(url);
  await page.goto(`${origin}/health/live`);
  const session = await page.context().newCDPSession(page);
  await session.send('Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb' });
  await page.context().setOffline(true);
  await page.goto(url);
  await expect(page.getByText('The browser has removed this list from this device')).toBeVisible();
  await expect(page.getByText('How would you like to start?')).toBeHidden();
  await page.context().setOffline(false);
  await expect(row(page, 'Ada')).toBeVisible();
  await page.context().close();
});
