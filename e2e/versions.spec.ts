// Earlier versions of the list on their page: kept by name, compared, restored on every device, taken back.
import { expect } from '@playwright/test';
import { addCouple, chip, row, signUp } from './support/app.ts';
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

test('RELAY-9: a list is brought back to a kept version while another tab watches, and taken back', async ({
  browser,
}) => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' });
  const [page, watching] = [await context.newPage(), await context.newPage()];
  await signUp(page, relay.url, 'anna@example.com');
  await addCouple(page, 'Maya & Chris', '2027-05-22');
  await watching.goto(page.url());
  await expect(row(watching, 'Maya')).toBeVisible();
  await expect(chip(page)).toContainText('Stored');

  await page.getByRole('link', { name: 'Versions' }).click();
  await expect(page.getByText('No versions yet')).toBeVisible();
  await page.getByRole('button', { name: 'Keep this moment' }).click();
  await page.getByRole('button', { name: 'Keep', exact: true }).click();
  await expect(page.getByText('Give this version a name.')).toBeVisible();
  await page.getByLabel('Name', { exact: true }).fill('Before the season');
  await page.getByRole('button', { name: 'Keep', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Before the season' })).toBeVisible();
  await expect(page.getByText('· 1 couple ·')).toBeVisible();

  await page.getByRole('button', { name: 'Restore…' }).click();
  await expect(page.getByText('There is nothing to restore.')).toBeVisible();
  await page.getByRole('button', { name: 'Cancel' }).click();

  await addCouple(watching, 'Zoe & Sam', '2027-06-12');
  await expect(chip(watching)).toContainText('Stored');
  await page.getByRole('button', { name: 'Restore…' }).click();
  await expect(page.getByText('1 couple added since go to the trash.')).toBeVisible();
  await page.getByRole('button', { name: 'Restore', exact: true }).click();
  await expect(page.getByText('The list is restored')).toBeVisible();
  await expect(row(watching, 'Zoe')).toBeHidden();
  await expect(row(watching, 'Maya')).toBeVisible();

  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(row(watching, 'Zoe')).toBeVisible();
  await context.close();
});
