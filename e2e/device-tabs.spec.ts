// Tabs of one device that are killed, frozen and closed: no edit that was called "on this device" is ever lost, and the
// list has one socket. SEEDS=200 runs the long version of the kills.
import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import { addCouple, cell, editCell, expectStored, row, signIn, signUp } from './support/app.ts';
import { expectOnDevice, type ListSockets, readDisk, watchListSockets } from './support/device.ts';
import { crash, freeze } from './support/end-tab.ts';
import { createRelay, type TestRelay } from './support/relay.ts';

const email = 'tabs@example.com';
const rounds = Number(process.env.SEEDS ?? 20);
const window = { viewport: { width: 1280, height: 800 }, locale: 'en-GB' };

let relay: TestRelay;
let laptop: BrowserContext;
let url: string;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async ({ browser }) => {
  relay = await createRelay();
  await relay.start();
  laptop = await browser.newContext(window);
  const page = await laptop.newPage();
  await signUp(page, relay.url, email);
  await addCouple(page, 'Ada & Ben', '12 June 2027');
  await expectStored(page);
  url = page.url().split('?')[0] ?? '';
  // Once more, so that the app's files are on this device.
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
  await page.close();
});

test.afterAll(async () => {
  await laptop?.close();
  await relay?.dispose();
});

async function openTab(context = laptop): Promise<{ page: Page; sockets: ListSockets }> {
  const page = await context.newPage();
  const sockets = watchListSockets(page);
  await page.goto(url);
  await expect(row(page, 'Ada')).toBeVisible();
  return { page, sockets };
}

/** The same sequence for the same seed (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let word = Math.imul(state ^ (state >>> 15), 1 | state);
    word = (word + Math.imul(word ^ (word >>> 7), 61 | word)) ^ word;
    return ((word ^ (word >>> 14)) >>> 0) / 4294967296;
  };
}

test(`LOCAL-1 a tab that is killed right after "on this device" has lost nothing, ${rounds} times`, async () => {
  test.setTimeout(60_000 + rounds * 15_000);
  for (let seed = 1; seed <= rounds; seed++) {
    const random = createRandom(seed);
    const { page } = await openTab();
    if (random() < 0.5) await laptop.setOffline(true);
    const edits = 1 + Math.floor(random() * 3);
    const venue = (edit: number) => `Barn ${seed}.${edit}`;
    for (let edit = 1; edit <= edits; edit++) await editCell(page, 'Ada', 3, venue(edit));
    await expectOnDevice(page);
    if (random() < 0.7) await crash(page);
    else await page.close();
    const again = await openTab();
    await expect(cell(again.page, 'Ada', 3), `seed ${seed}`).toHaveText(venue(edits));
    await laptop.setOffline(false);
    await again.page.close();
  }
});

test('LOCAL-3 three tabs have one socket, and each update is on disk once', async ({ browser }) => {
  const first = await openTab();
  const tabs = [first, await openTab(), await openTab()];
  const phone = await browser.newContext(window);
  const other = await phone.newPage();
  await signIn(other, relay.url, email);
  await expect.poll(() => tabs.reduce((sum, { sockets }) => sum + sockets.open(), 0)).toBe(1);
  await expectStored(first.page);
  const before = await readDisk(first.page);
  for (const [at, { page }] of tabs.entries()) {
    await editCell(page, 'Ada', 3, `Tab ${at}`);
    for (const tab of tabs) await expect(cell(tab.page, 'Ada', 3)).toHaveText(`Tab ${at}`);
    await expectStored(page);
  }
  await editCell(other, 'Ada', 3, 'Phone');
  for (const { page } of tabs) await expect(cell(page, 'Ada', 3)).toHaveText('Phone');
  await expect.poll(async () => (await readDisk(first.page)).journal).toBe(0);
  const { rows } = await readDisk(first.page);
  const added = rows.filter((bytes) => !before.rows.includes(bytes));
  expect(new Set(rows).size).toBe(rows.length);
  // Three edits here, one from the phone, and the phone's introduction may come alone.
  expect(added.length).toBeGreaterThanOrEqual(4);
  expect(added.length).toBeLessThanOrEqual(5);
  expect(tabs.reduce((sum, { sockets }) => sum + sockets.open(), 0)).toBe(1);
  await phone.close();
  await Promise.all(tabs.map(({ page }) => page.close()));
});

test('LOCAL-3 a frozen leader is replaced, and closes its socket before anything else when it wakes', async () => {
  const [first, second] = [await openTab(), await openTab()];
  await expect.poll(() => first.sockets.open()).toBe(1);
  await second.page.bringToFront();
  const thaw = await freeze(first.page);
  await expect.poll(() => second.sockets.open()).toBe(1);
  await editCell(second.page, 'Ada', 3, 'While it slept');
  await expectStored(second.page);
  await thaw();
  await expect.poll(() => first.sockets.open()).toBe(0);
  expect(second.sockets.open()).toBe(1);
  await expect(cell(first.page, 'Ada', 3)).toHaveText('While it slept');
  await editCell(first.page, 'Ada', 3, 'Awake again');
  await expect(cell(second.page, 'Ada', 3)).toHaveText('Awake again');
  await expectStored(first.page);
  await Promise.all([first.page.close(), second.page.close()]);
});

test('LOCAL-3 tabs see each other offline, and killing any of them loses nothing', async ({ browser }) => {
  test.setTimeout(180_000);
  const phone = await browser.newContext(window);
  const other = await phone.newPage();
  await signIn(other, relay.url, email);
  let survivor = await openTab();
  for (const [at, isLeaderKilled] of [true, false, true].entries()) {
    const next = await openTab();
    await expect.poll(() => survivor.sockets.open()).toBe(1);
    const [dies, lives] = isLeaderKilled ? [survivor, next] : [next, survivor];
    await laptop.setOffline(true);
    await editCell(dies.page, 'Ada', 3, `Killed ${at}`);
    await expect(cell(lives.page, 'Ada', 3)).toHaveText(`Killed ${at}`);
    await crash(dies.page);
    await laptop.setOffline(false);
    await expect(cell(other, 'Ada', 3)).toHaveText(`Killed ${at}`);
    await expectStored(lives.page);
    survivor = lives;
  }
  await phone.close();
  await survivor.page.close();
});
