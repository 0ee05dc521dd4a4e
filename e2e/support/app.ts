// What a photographer does on the page, by the words they see.
import { expect, type Locator, type Page } from '@playwright/test';

export const password = 'a long pass phrase 42';

/** Signs up on a fresh page and waits for the empty first list. */
export async function signUp(page: Page, url: string, email: string): Promise<void> {
  await page.goto(url);
  await page.getByRole('button', { name: 'Create account' }).click();
  await fillCredentials(page, email);
  await page.getByRole('button', { name: 'Create account' }).first().click();
  await expect(page.getByText('How would you like to start?')).toBeVisible();
  await untilInstalled(page);
}

export async function signIn(page: Page, url: string, email: string): Promise<void> {
  await page.goto(url);
  await fillCredentials(page, email);
  await page.getByRole('button', { name: 'Sign in' }).first().click();
  await expect(page.getByRole('grid', { name: 'Couples' })).toBeVisible();
  await untilInstalled(page);
}

/** The app is on this device: from now on it opens without network. */
async function untilInstalled(page: Page): Promise<void> {
  await page.evaluate('navigator.serviceWorker.ready.then(() => undefined)');
}

async function fillCredentials(page: Page, email: string): Promise<void> {
  await page.getByLabel('E-mail', { exact: true }).fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
}

export async function addCouple(page: Page, names: string, date: string): Promise<void> {
  await page
    .getByRole('button', { name: /^Add (couple|your first couple)/ })
    .first()
    .click();
  const dialog = page.getByRole('dialog', { name: 'Add a couple' });
  await dialog.getByLabel('Names').fill(names);
  await dialog.getByLabel('Wedding date').fill(date);
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(dialog).toBeHidden();
  await closeRecord(page);
}

/** Closes the panel of the open record, so that the table shows all its columns. */
export async function closeRecord(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Close', exact: true }).click();
  await expect(page.getByRole('columnheader', { name: 'Venue' })).toBeVisible();
}

/** Opens a couple's record. */
export async function openRecord(page: Page, couple: string): Promise<void> {
  await row(page, couple).getByRole('link').first().click();
  await expect(page.getByRole('heading', { name: 'Notes' })).toBeVisible();
}

/** The row of a couple in the table. */
export function row(page: Page, couple: string | RegExp): Locator {
  return page.getByRole('row').filter({ hasText: couple });
}

/** A column's cell of a couple: 1 couple, 2 wedding, 3 venue, 4 status, 5 price, 6 tags. */
export function cell(page: Page, couple: string | RegExp, column: number): Locator {
  return row(page, couple).locator(`[aria-colindex="${column}"]`);
}

/** Edits a cell in place. */
export async function editCell(page: Page, couple: string, column: number, text: string): Promise<void> {
  await cell(page, couple, column).click();
  const input = cell(page, couple, column).getByRole('textbox');
  await input.fill(text);
  await input.press('Enter');
  await expect(input).toBeHidden();
}

/** The sync chip. */
export function chip(page: Page): Locator {
  return page
    .getByRole('button', { name: /Stored|Sending|Saved on this device|Offline|Can.t reach|Opening|Saving/ })
    .first();
}

export async function expectStored(page: Page, options: { timeout?: number } = {}): Promise<void> {
  await expect(chip(page)).toContainText('Stored', options);
}
