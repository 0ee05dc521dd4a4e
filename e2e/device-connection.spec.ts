// Sign-ins that run out, clocks that are years off, a relay that goes and comes: edits stay and get out in the end.
import { type Browser, expect, type Page } from '@playwright/test';
import {
  addCouple,
  cell,
  editCell,
  expectStored,
  openRecord,
  password,
  row,
  signIn,
  signUp,
} from './support/app.ts';
import { expectStage, shiftClock, watchListSockets } from './support/device.ts';
import { createRelay, type TestRelay } from './support/relay.ts';
import { test } from './support/test.ts';

const email = 'connection@example.com';
const window = { viewport: { width: 1280, height: 800 }, locale: 'en-GB' };
const YEAR_MS = 31_536_000_000;

let relay: TestRelay;

test.beforeAll(async ({ browser }) => {
  relay = await createRelay();
  await relay.start();
  const page = await browser.newPage(window);
  await signUp(page, relay.url, email);
  await addCouple(page, 'Ada & Ben', '12 June 2027');
  await addCouple(page, 'Cleo & Dan', '19 June 2027');
  await expectStored(page);
  await page.close();
});

test.afterAll(async () => {
  await relay?.dispose();
});

async function openDevice(browser: Browser, clockOffMs = 0): Promise<Page> {
  const context = await browser.newContext(window);
  if (clockOffMs !== 0) await shiftClock(context, clockOffMs);
  const page = await context.newPage();
  await signIn(page, relay.url, email);
  await expect(row(page, 'Ada')).toBeVisible();
  await expectStored(page);
  return page;
}

/** Replaces parts of the sign-in that this device keeps, as if time had passed. */
async function spoilSession(
  page: Page,
  parts: { accessToken?: string; refreshToken?: string },
): Promise<void> {
  await page.evaluate((changed) => {
    const key = 'wedsync-session';
    const session = JSON.parse(localStorage.getItem(key) ?? '{}') as object;
    localStorage.setItem(key, JSON.stringify({ ...session, ...changed }));
  }, parts);
}

function watchRefreshes(page: Page): () => number {
  let count = 0;
  page.on('request', (request) => {
    if (request.url().includes('grant_type=refresh_token')) count += 1;
  });
  return () => count;
}

const claims = Buffer.from(JSON.stringify({ exp: 4_000_000_000, sub: 'x' })).toString('base64url');
const refusedToken = `eyJhbGciOiJIUzI1NiJ9.${claims}.c2lnbmF0dXJl`;

test('SYNC-5 a token that is refused is refreshed once, and edits go on', async ({ browser }) => {
  const page = await openDevice(browser);
  const refreshes = watchRefreshes(page);
  await spoilSession(page, { accessToken: refusedToken });
  await page.reload();
  await expectStored(page);
  await editCell(page, 'Ada', 3, 'After the refresh');
  await expectStored(page);
  expect(refreshes()).toBe(1);
  await page.context().close();
});

test('SYNC-5 without a way to refresh: one try, then "sign in", with edits kept and stored after it', async ({
  browser,
}) => {
  const page = await openDevice(browser);
  await page.context().setOffline(true);
  await editCell(page, 'Ada', 3, 'Kept over the sign-in');
  await expectStage(page, 'offline');
  await spoilSession(page, { accessToken: refusedToken, refreshToken: 'spent' });
  await page.reload();
  await expect(cell(page, 'Ada', 3)).toHaveText('Kept over the sign-in');
  const refreshes = watchRefreshes(page);
  await page.context().setOffline(false);
  await expectStage(page, 'sign-in');
  await editCell(page, 'Cleo', 3, 'And one more');
  await expectStage(page, 'sign-in');
  await page.reload();
  await expectStage(page, 'sign-in');
  // One for each life of the page: what is known to be refused is not written down.
  expect(refreshes()).toBe(2);
  await page.locator('[data-stage]').first().click();
  await page.getByRole('dialog').getByRole('button', { name: 'Sign in' }).click();
  await page.getByLabel('E-mail', { exact: true }).fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).first().click();
  await expectStored(page);
  await expect(cell(page, 'Ada', 3)).toHaveText('Kept over the sign-in');
  const other = await openDevice(browser);
  await expect(cell(other, 'Ada', 3)).toHaveText('Kept over the sign-in');
  await expect(cell(other, 'Cleo', 3)).toHaveText('And one more');
  await page.context().close();
  await other.context().close();
});

test('SYNC-4 wakes at once when the network or the page comes back', async ({ browser }) => {
  const page = await openDevice(browser);
  const sockets = watchListSockets(page);
  await page.reload();
  await expectStored(page);
  for (let round = 1; round <= 3; round++) {
    const before = sockets.opened();
    await page.context().setOffline(true);
    await editCell(page, 'Ada', 3, `Offline ${round}`);
    await expectStage(page, 'offline');
    await page.context().setOffline(false);
    await expect.poll(() => sockets.opened()).toBeGreaterThan(before);
    await expectStored(page);
  }
  // The browser tells late of a socket that was given up.
  await expect.poll(sockets.open).toBe(1);
  await page.context().close();
});

for (const years of [-6, 6])
  test(`DOC-4 a device clock that is ${years} years off neither wins nor loses for ever`, async ({
    browser,
  }) => {
    const wrong = await openDevice(browser, years * YEAR_MS);
    const right = await openDevice(browser);
    const refreshes = watchRefreshes(wrong);
    for (const [device, venue] of [
      [wrong, `First ${years}`],
      [right, `Second ${years}`],
      [wrong, `Third ${years}`],
    ] as const) {
      await editCell(device, 'Ada', 3, venue);
      await expectStored(device);
      for (const each of [wrong, right]) await expect(cell(each, 'Ada', 3)).toHaveText(venue);
    }
    // Offline the correction is remembered, over a reload too.
    await wrong.context().setOffline(true);
    await wrong.reload();
    await editCell(wrong, 'Ada', 3, `Earlier ${years}`);
    await editCell(right, 'Ada', 3, `Later ${years}`);
    await expectStored(right);
    await wrong.context().setOffline(false);
    for (const device of [wrong, right]) {
      await expect(cell(device, 'Ada', 3)).toContainText(`Later ${years}`);
      await expectStored(device);
    }
    await openRecord(right, 'Ada');
    await expect(right.getByRole('button', { name: `Use Earlier ${years}` })).toBeVisible();
    await right.getByRole('button', { name: `Use Earlier ${years}` }).click();
    await expect(cell(wrong, 'Ada', 3)).toContainText(`Earlier ${years}`);
    expect(refreshes()).toBe(0);
    await wrong.context().close();
    await right.context().close();
  });
