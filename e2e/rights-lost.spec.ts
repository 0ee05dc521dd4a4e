// Somebody loses the right to write, or to read, while their edits wait on a device without network (SYNC-6).
import { readFile } from 'node:fs/promises';
import { type BrowserContext, expect, type Page } from '@playwright/test';
import { addCouple, cell, editCell, expectStored, password, row, signUp } from './support/app.ts';
import { expectStage, readDisk, saveBackup } from './support/device.ts';
import { createRelay, type TestRelay } from './support/relay.ts';
import { test } from './support/test.ts';

test.describe.configure({ mode: 'serial' });

const [owner, guest] = ['owner@example.com', 'guest@example.com'];
let relay: TestRelay;
let contexts: BrowserContext[];
let mine: Page;
let theirs: Page;
let listUrl: string;

test.beforeAll(async ({ browser }) => {
  relay = await createRelay();
  await relay.start();
  const options = { viewport: { width: 1280, height: 800 }, locale: 'en-GB', acceptDownloads: true };
  contexts = [await browser.newContext(options), await browser.newContext(options)];
  [mine, theirs] = (await Promise.all(contexts.map((context) => context.newPage()))) as [Page, Page];
  await signUp(mine, relay.url, owner);
  await addCouple(mine, 'Zoë van den Berg & Tom Fletcher', '12 June 2027');
  await expectStored(mine);
  await mine.getByRole('link', { name: 'People' }).click();
  await mine.getByLabel('E-mail', { exact: true }).fill(guest);
  await mine.getByRole('button', { name: 'Invite', exact: true }).click();
  const link = await mine.getByRole('region', { name: 'Link for the invited person' }).innerText();
  await theirs.goto(link.trim());
  await theirs.getByRole('button', { name: 'Create account' }).click();
  await theirs.getByLabel('E-mail', { exact: true }).fill(guest);
  await theirs.getByLabel('Password', { exact: true }).fill(password);
  await theirs.getByRole('button', { name: 'Create account' }).first().click();
  await theirs.getByRole('button', { name: 'Accept the invitation' }).click();
  await expect(row(theirs, 'Zoë')).toBeVisible();
  await expectStored(theirs);
  listUrl = theirs.url();
  await mine.reload();
  await expect(person(mine, guest)).toBeVisible();
});

test.afterAll(async () => {
  for (const context of contexts ?? []) await context.close();
  await relay?.dispose();
});

const person = (page: Page, email: string) =>
  page.getByRole('list', { name: 'People' }).getByRole('listitem').filter({ hasText: email });

/** Resolves when the server has it: what the other device sends before that is rightly stored. */
async function untilServerHasIt(action: Promise<unknown>): Promise<void> {
  await Promise.all([
    mine.waitForResponse((response) => response.request().method() !== 'GET' && response.ok()),
    action,
  ]);
}

const setRole = (label: string): Promise<void> =>
  untilServerHasIt(person(mine, guest).getByRole('combobox').selectOption({ label }));

/** What the page "This device" saves of the changes that were refused. */
async function exportRefused(page: Page): Promise<string> {
  await page.getByRole('button', { name: /^Account/ }).click();
  await page.getByRole('menuitem', { name: 'This device' }).click();
  await expect(page.getByRole('heading', { name: 'Set aside' })).toBeVisible();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save as a file', exact: true }).click(),
  ]);
  return await readFile(await download.path(), 'utf8');
}

test('SYNC-6 made a viewer while offline: the edits are set aside, shown and exportable', async () => {
  await contexts[1]?.setOffline(true);
  await editCell(theirs, 'Zoë', 3, 'Edited without network');
  await expectStage(theirs, 'offline');
  await setRole('Can view');
  await contexts[1]?.setOffline(false);
  await expectStage(theirs, 'rights-lost');
  await expect(cell(theirs, 'Zoë', 3)).not.toHaveText('Edited without network');
  expect(await exportRefused(theirs)).toContain('Edited without network');
});

test('SYNC-6 removed while offline: the edits stay on the device, shown and exportable', async () => {
  await setRole('Can edit');
  await theirs.goto(listUrl);
  await expect(theirs.getByRole('button', { name: 'Add couple' })).toBeVisible();
  await contexts[1]?.setOffline(true);
  await editCell(theirs, 'Zoë', 3, 'Written before the removal was known');
  await expect.poll(async () => (await readDisk(theirs)).journal).toBe(1);
  await person(mine, guest)
    .getByRole('button', { name: /^More for/ })
    .click();
  await mine.getByRole('menuitem', { name: /^Remove from this list/ }).click();
  await untilServerHasIt(mine.getByRole('button', { name: 'Remove', exact: true }).click());
  await contexts[1]?.setOffline(false);
  await expect(theirs.getByText('No longer shared with you').first()).toBeVisible();
  await expectStage(theirs, 'rights-lost');
  // Set aside when the old socket lives to hear of the removal, still waiting when a new one is turned away.
  const { journal, setAside } = await readDisk(theirs);
  expect(journal + setAside).toBe(2);
  expect(JSON.stringify(await saveBackup(theirs))).toContain('Written before the removal was known');
});
