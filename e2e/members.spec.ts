// Sharing a list between two people: invite, accept, both edit, read-only within seconds, removed with a clear word.
import { type BrowserContext, expect, type Page } from '@playwright/test';
import { addCouple, cell, editCell, expectStored, password, row, signUp } from './support/app.ts';
import { createRelay, type TestRelay } from './support/relay.ts';
import { test } from './support/test.ts';

test.describe.configure({ mode: 'serial' });

const [owner, guest] = ['olivia@example.com', 'gwen@example.com'];
let relay: TestRelay;
let contexts: BrowserContext[];
let mine: Page;
let theirs: Page;
let listUrl: string;

test.beforeAll(async ({ browser }) => {
  relay = await createRelay();
  await relay.start();
  const options = { viewport: { width: 1280, height: 800 }, locale: 'en-GB' };
  contexts = [await browser.newContext(options), await browser.newContext(options)];
  [mine, theirs] = (await Promise.all(contexts.map((context) => context.newPage()))) as [Page, Page];
});

test.afterAll(async () => {
  for (const context of contexts ?? []) await context.close();
  await relay?.dispose();
});

const person = (page: Page, email: string) =>
  page.getByRole('list', { name: 'People' }).getByRole('listitem').filter({ hasText: email });

test('AUTH-2 the owner renames the list and invites somebody, who creates an account and accepts', async () => {
  await signUp(mine, relay.url, owner);
  await addCouple(mine, 'Zoë van den Berg & Tom Fletcher', '12 June 2027');
  await expectStored(mine);
  listUrl = mine.url();
  await mine.getByRole('link', { name: 'People' }).click();
  await expect(person(mine, owner)).toContainText('Owner');
  await mine.getByLabel('Name', { exact: true }).fill('Weddings');
  await mine.getByRole('button', { name: 'Save name' }).click();
  await expect(mine.getByRole('button', { name: /^Weddings/ })).toBeVisible();
  await mine.getByLabel('E-mail', { exact: true }).fill(guest);
  await mine.getByRole('button', { name: 'Invite', exact: true }).click();
  const link = await mine.getByRole('region', { name: 'Link for the invited person' }).innerText();
  await expect(mine.getByText('Invited, not here yet')).toBeVisible();

  await theirs.goto(link.trim());
  await expect(theirs.getByText('to accept the invitation')).toBeVisible();
  await theirs.getByRole('button', { name: 'Create account' }).click();
  await theirs.getByLabel('E-mail', { exact: true }).fill(guest);
  await theirs.getByLabel('Password', { exact: true }).fill(password);
  await theirs.getByRole('button', { name: 'Create account' }).first().click();
  await expect(theirs.getByText('Join the list “Weddings”')).toBeVisible();
  await expect(theirs.getByText(`${owner} invites you`)).toBeVisible();
  await theirs.getByRole('button', { name: 'Accept the invitation' }).click();
  await expect(row(theirs, 'Zoë')).toBeVisible();
});

test('AUTH-2 both edit the list', async () => {
  await mine.goto(listUrl);
  await editCell(theirs, 'Zoë', 3, 'Lyde Court');
  await expect(cell(mine, 'Zoë', 3)).toHaveText('Lyde Court');
  await editCell(mine, 'Zoë', 3, 'Lyde Court, Hereford');
  await expect(cell(theirs, 'Zoë', 3)).toHaveText('Lyde Court, Hereford');
});

test('AUTH-2 demoted to reading, the other one cannot edit any more, without a reload', async () => {
  await mine.getByRole('link', { name: 'People' }).click();
  await person(mine, guest).getByRole('combobox').selectOption({ label: 'Can view' });
  await expect(theirs.getByRole('button', { name: 'Add couple' })).toBeHidden();
  await cell(theirs, 'Zoë', 3).click();
  await expect(cell(theirs, 'Zoë', 3).getByRole('textbox')).toBeHidden();
});

test('AUTH-2 removed, the other one is told so, and the list is gone for them', async () => {
  await person(mine, guest)
    .getByRole('button', { name: /^More for/ })
    .click();
  await mine.getByRole('menuitem', { name: /^Remove from this list/ }).click();
  await mine.getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(person(mine, guest)).toBeHidden();
  await expect(theirs.getByText('No longer shared with you').first()).toBeVisible();
  await theirs.goto(relay.url);
  await theirs.getByRole('button', { name: /Change list$/ }).click();
  await expect(theirs.getByRole('menuitemradio', { name: 'Weddings' })).toBeHidden();
  await theirs.getByRole('menuitemradio', { name: 'My couples' }).click();
  await expect(theirs.getByText('How would you like to start?')).toBeVisible();
});

test('an account is deleted with its address typed again; the address is free afterwards', async () => {
  await theirs.getByRole('button', { name: /^Account:/ }).click();
  await theirs.getByRole('menuitem', { name: /^Delete my account/ }).click();
  await theirs.getByLabel(`Type ${guest} to go on`).fill(guest);
  await theirs.getByRole('button', { name: 'Delete everything' }).click();
  await expect(theirs.getByRole('heading', { name: 'Welcome back' })).toBeVisible();
  await signUp(theirs, relay.url, guest);
});
