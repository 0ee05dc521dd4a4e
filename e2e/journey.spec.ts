// The main job in a real browser, against a real relay: sign up, edit, import, lose the network, disagree, receive
// webhooks, lose the relay. One photographer on two devices (browser contexts) and two tabs.
import { join, resolve } from 'node:path';
import { type BrowserContext, expect, type Page } from '@playwright/test';
import {
  addCouple,
  cell,
  chip,
  closeRecord,
  editCell,
  expectStored,
  openRecord,
  row,
  signIn,
  signUp,
} from './support/app.ts';
import { createRelay, type TestRelay } from './support/relay.ts';
import { test } from './support/test.ts';
import { sendEvent, type WebhookSource } from './support/webhook.ts';

const fixtures = resolve(import.meta.dirname, '../fixtures');
const email = 'anna@example.com';

test.describe.configure({ mode: 'serial' });

let relay: TestRelay;
let laptop: BrowserContext;
let phone: BrowserContext;
let page: Page;
let second: Page;

test.beforeAll(async ({ browser }) => {
  relay = await createRelay();
  await relay.start();
  laptop = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' });
  phone = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' });
  page = await laptop.newPage();
  second = await phone.newPage();
});

test.afterAll(async () => {
  await laptop?.close();
  await phone?.close();
  await relay?.dispose();
});

test('sign up, add a couple, edit it in place, delete it and bring it back; the chip ends at Stored', async () => {
  await signUp(page, relay.url, email);
  await addCouple(page, 'Zoë van den Berg & Tom Fletcher', '12 June 2027');
  await expect(row(page, 'Zoë')).toContainText('12 Jun');
  await editCell(page, 'Zoë', 3, 'Lyde Court, Hereford');
  await expect(cell(page, 'Zoë', 3)).toHaveText('Lyde Court, Hereford');
  await expectStored(page);

  await addCouple(page, 'Maya & Chris', '22 May 2027');
  await expect(row(page, 'Maya')).toBeVisible();
  await openRecord(page, 'Maya');
  await page.getByRole('button', { name: 'More for this couple' }).click();
  await page.getByRole('menuitem', { name: 'Move to the trash' }).click();
  await expect(row(page, 'Maya')).toBeHidden();
  await page.getByRole('button', { name: 'Undo' }).first().click();
  await expect(row(page, 'Maya')).toBeVisible();
});

test('imports the HoneyBook and HubSpot exports with preview and row errors; a second import adds nothing', async () => {
  for (const [file, couple] of [
    ['honeybook-leads.csv', 'Priya'],
    ['hubspot-contacts.csv', 'José'],
  ] as const) {
    await page.goto(`${listUrl()}/import`);
    await page.locator('input[type="file"]').setInputFiles(join(fixtures, 'csv', file));
    await expect(page.getByText('Check before adding')).toBeVisible();
    await page.getByRole('button', { name: /^Import \d+ couples?$/ }).click();
    await expect(row(page, couple).first()).toBeVisible();
  }
  await page.goto(`${listUrl()}/import`);
  await page.locator('input[type="file"]').setInputFiles(join(fixtures, 'csv', 'honeybook-leads.csv'));
  await expect(page.getByRole('button', { name: 'Nothing to import' })).toBeVisible();
  await page.goto(listUrl());
  await expectStored(page);
});

test('LOCAL-3 SYNC-3: edits appear in a second tab and on a second device, with presence', async () => {
  await signIn(second, relay.url, email);
  await expect(row(second, 'Zoë')).toBeVisible();
  const tab = await laptop.newPage();
  await tab.goto(listUrl());
  await expect(row(tab, 'Zoë')).toBeVisible();
  await editCell(page, 'Zoë', 3, 'Kew Gardens');
  await expect(cell(tab, 'Zoë', 3)).toHaveText('Kew Gardens');
  await expect(cell(second, 'Zoë', 3)).toHaveText('Kew Gardens');
  await expect(second.getByText('Here now').first()).toBeVisible();
  await tab.close();
});

test('LOCAL-2 SYNC-1: offline edits survive a reload and are sent when the network is back', async () => {
  await laptop.setOffline(true);
  await editCell(page, 'Zoë', 3, 'A barn without signal');
  await expect(chip(page)).toContainText('Offline');
  await page.reload();
  await expect(cell(page, 'Zoë', 3)).toHaveText('A barn without signal');
  await editCell(page, 'Maya', 3, 'A mill');
  await expect(chip(page)).toContainText(/Offline.*2/);
  await expect(cell(second, 'Zoë', 3)).toHaveText('Kew Gardens');
  await laptop.setOffline(false);
  await expect(cell(second, 'Zoë', 3)).toHaveText('A barn without signal');
  await expect(cell(second, 'Maya', 3)).toHaveText('A mill');
  await expectStored(page);
});

test('DOC-2 UI-5: the same field changed on two devices offline: both show the later value and offer the other', async () => {
  await laptop.setOffline(true);
  await phone.setOffline(true);
  await editCell(page, 'Zoë', 2, '19 June 2027');
  await editCell(second, 'Zoë', 2, '26 June 2027');
  await laptop.setOffline(false);
  await phone.setOffline(false);
  for (const device of [page, second]) {
    await expect(cell(device, 'Zoë', 2)).toContainText('26 Jun');
    await openRecord(device, 'Zoë');
    await expect(device.getByText('Two versions of the wedding date')).toBeVisible();
    await expect(device.getByRole('button', { name: /Use .*19 Jun/ })).toBeVisible();
  }
  await page.getByRole('button', { name: /Use .*19 Jun/ }).click();
  for (const device of [page, second]) {
    await expect(cell(device, 'Zoë', 2)).toContainText('19 Jun');
    await expect(device.getByText('Two versions of the wedding date')).toBeHidden();
    await closeRecord(device);
  }
});

test('HOOK-1 HOOK-2 HOOK-3: signed events change the open page once; an older one becomes the losing value', async () => {
  const source = await relay.admin<WebhookSource>('sources', {
    method: 'POST',
    body: { list: listId(), provider: 'standard', name: 'Studio CRM' },
  });
  const created = {
    type: 'client.created',
    clientId: 'crm-1',
    id: 'msg_created_1',
    changes: {
      names: ['Amara Osei', 'Daniel Hughes'],
      weddingDate: '2027-09-18',
      venue: 'Town hall',
      status: 'booked',
    },
  };
  expect(await sendEvent(source, created)).toBe(202);
  await expect(row(page, 'Amara').filter({ hasText: 'Town hall' })).toHaveCount(1);
  await expect(row(second, 'Amara').filter({ hasText: 'Town hall' })).toHaveCount(1);

  expect(await sendEvent(source, { ...created, changes: { venue: 'Forged' } }, { forge: true })).toBe(401);
  expect(await sendEvent(source, created)).toBe(202);
  expect(
    await sendEvent(source, {
      type: 'wedding.date_changed',
      clientId: 'crm-1',
      changes: { weddingDate: '2027-09-25', previous: '2027-09-18' },
    }),
  ).toBe(202);
  const amara = () => row(page, 'Amara').filter({ hasText: 'Town hall' });
  await expect(amara()).toContainText('25 Sep');
  await expect(amara()).toHaveCount(1);

  // A person edits; then an event arrives that happened before: it loses, and stays visible.
  const before = new Date();
  await amara().locator('[aria-colindex="3"]').click();
  const input = page.getByRole('gridcell').getByRole('textbox');
  await input.fill('The orangery');
  await input.press('Enter');
  await expectStored(page);
  expect(
    await sendEvent(source, {
      type: 'client.updated',
      clientId: 'crm-1',
      changes: { venue: 'The old chapel' },
      occurredAt: before,
    }),
  ).toBe(202);
  await page.goto(`${listUrl()}/to-look-at`);
  await expect(row(page, 'Amara')).toContainText('The orangery');
  await openRecord(page, 'Amara');
  await expect(page.getByText('Two versions of the venue')).toBeVisible();
  await expect(page.getByRole('button', { name: /Use The old chapel/ })).toBeVisible();
  await page.goto(listUrl());

  expect(
    await sendEvent(source, {
      type: 'client.created',
      clientId: 'crm-2',
      changes: { names: ['Gone Soon'], venue: 'Nowhere Hall', weddingDate: '2026-12-05' },
    }),
  ).toBe(202);
  await expect(row(page, 'Nowhere Hall')).toBeVisible();
  expect(await sendEvent(source, { type: 'client.deleted', clientId: 'crm-2' })).toBe(202);
  await expect(row(page, 'Nowhere Hall')).toBeHidden();
});

test('RELAY-1 SYNC-1: the relay is killed and comes back: nothing is lost, and the chip never claims too much', async () => {
  await relay.kill9();
  await expect(chip(page)).toContainText(/Can.t reach|Offline|Saved on this device/);
  await editCell(page, 'Maya', 3, 'Written while it was away');
  await expect(chip(page)).not.toContainText('Stored');
  await relay.start();
  // After a few tries in vain a device waits for up to half a minute.
  await expectStored(page, { timeout: 45_000 });
  await expect(cell(second, 'Maya', 3)).toHaveText('Written while it was away', { timeout: 45_000 });
  await second.reload();
  await expect(cell(second, 'Maya', 3)).toHaveText('Written while it was away');
});

test('the source page shows a ready command and what became of each event', async () => {
  await page.goto(`${listUrl()}/sources`);
  await expect(page.getByText('Studio CRM')).toBeVisible();
  await page.getByRole('button', { name: 'Recent events' }).click();
  await expect(page.getByText('Applied').filter({ visible: true }).first()).toBeVisible();
});

function listId(): string {
  const id = /\/(l_[A-Za-z0-9_-]{22})/.exec(page.url())?.[1];
  if (id === undefined) throw new Error(`no list in ${page.url()}`);
  return id;
}

function listUrl(): string {
  return `${relay.url}/${listId()}`;
}
