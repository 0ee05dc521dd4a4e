// A walk through every screen of the app and its states: full, empty, wrong, offline, in conflict, with dialogs. Who
// walks says what is done at each stop: axe looks (UI-2), or a picture is taken.
import { resolve } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { addCouple, cell, editCell, expectStored, openRecord, row } from './app.ts';
import type { TestRelay } from './relay.ts';
import { sendEvent, type WebhookSource } from './webhook.ts';

const csv = resolve(import.meta.dirname, '../../fixtures/csv/honeybook-leads.csv');

export const WIDE = { width: 1280, height: 800 };

/** Called at each stop. `open` is what has to be done again at each width (menus close when the width changes). */
export type Stop = (name: string, open?: () => Promise<void>) => Promise<void>;

/** Starts on a page without a sign-in at `WIDE`, ends offline. */
export async function walkScreens(page: Page, relay: TestRelay, stop: Stop): Promise<void> {
  await page.setViewportSize(WIDE);
  const listUrl = await enter(page, relay, stop);
  await lists(page, listUrl, stop);
  await records(page, relay, listUrl, stop);
  await dialogs(page, stop);
  await importing(page, listUrl, stop);
  await sources(page, listUrl, stop);
  await beside(page, listUrl, stop);
  await links(page, relay, listUrl, stop);
  await trouble(page, relay, listUrl, stop);
}

/** Sign-in with its mistakes, the demo, a new list. Returns the address of the demo's list. */
async function enter(page: Page, relay: TestRelay, stop: Stop): Promise<string> {
  await page.goto(relay.url);
  const demo = page.getByRole('button', { name: 'Try the demo' });
  await expect(demo).toBeVisible();
  await stop('sign-in');
  await page.getByRole('button', { name: 'Sign in' }).first().click();
  await expect(page.getByText('Type your e-mail address.')).toBeVisible();
  await stop('sign-in-mistakes');
  await demo.click();
  await expect(page.getByRole('grid', { name: 'Couples' })).toBeVisible();
  await expectStored(page);
  const listUrl = `${relay.url}${/\/l_[A-Za-z0-9_-]{22}/.exec(page.url())?.[0] ?? ''}`;
  await page.getByRole('button', { name: /Change list/ }).click();
  await page.getByRole('menuitem', { name: 'New list…' }).click();
  await page.getByRole('button', { name: 'Create' }).click();
  await expect(page.getByText('Give the list a name.')).toBeVisible();
  await stop('new-list');
  await page.getByRole('dialog').getByLabel('Name').fill('Couples 2028');
  await page.getByRole('button', { name: 'Create' }).click();
  await expect(page.getByText('How would you like to start?')).toBeVisible();
  await expectStored(page);
  await stop('first-run');
  return listUrl;
}

async function lists(page: Page, listUrl: string, stop: Stop): Promise<void> {
  await page.goto(listUrl);
  await expect(row(page, '&').first()).toBeVisible();
  await expectStored(page);
  await stop('list');
  await stop('account-menu', () => page.getByRole('button', { name: /^Account/ }).click());
  await page.keyboard.press('Escape');
  await stop('list-menu', () => page.getByRole('button', { name: /Change list/ }).click());
  await page.keyboard.press('Escape');
  await page.getByRole('searchbox').fill('zeppelin');
  await expect(page.getByText(/No couple matches/)).toBeVisible();
  await stop('search-nothing');
  for (const [section, text] of [
    ['upcoming', '&'],
    ['status/booked', '&'],
    ['to-look-at', 'Nothing to look at'],
    ['trash', 'The trash is empty'],
    ['no-such-page', 'There is nothing at this address'],
  ] as const) {
    await page.goto(`${listUrl}/${section}`);
    await expect(page.getByText(text).first()).toBeVisible();
    await stop(section.replace('/', '-'));
  }
}

async function records(page: Page, relay: TestRelay, listUrl: string, stop: Stop): Promise<void> {
  await page.goto(listUrl);
  await openRecord(page, '&');
  await stop('record');
  await page.getByRole('button', { name: /^Wedding date:/ }).click();
  await page.getByRole('textbox', { name: /Wedding date/ }).fill('some day in june');
  await page.keyboard.press('Enter');
  await expect(page.getByText(/Type a date such as/)).toBeVisible();
  await stop('record-mistake');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Close', exact: true }).click();
  await cell(page, '&', 3).first().click();
  await stop('cell-editor');
  await page.keyboard.press('Escape');
  await makeConflict(page, relay, listUrl);
  await stop('conflict-list');
  await openRecord(page, 'Ivy');
  await expect(page.getByText('Two versions of the').first()).toBeVisible();
  await stop('conflict');
  await page.getByRole('button', { name: 'More for this couple' }).click();
  await page.getByRole('menuitem', { name: 'Move to the trash' }).click();
  await expect(page.getByText(/moved to the trash/)).toBeVisible();
  await page.goto(`${listUrl}/trash`);
  await openRecord(page, 'Ivy');
  await stop('trash-record');
  await page.goto(`${listUrl}?couple=r_nobodynobodynobodynob`);
  await expect(page.getByText('This couple is not in the list')).toBeVisible();
  await stop('record-missing');
  await page.goto(listUrl);
}

async function dialogs(page: Page, stop: Stop): Promise<void> {
  await expect(row(page, '&').first()).toBeVisible();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeVisible();
  await stop('help');
  await page.keyboard.press('Escape');
  await page.keyboard.press('ControlOrMeta+k');
  await page.getByRole('combobox', { name: 'Find or do' }).fill('ho');
  await expect(page.getByRole('dialog').getByRole('option').first()).toBeVisible();
  await stop('palette');
  await page.keyboard.press('Escape');
  await page.keyboard.press('ControlOrMeta+a');
  await expect(page.getByRole('region', { name: 'Selected couples' })).toBeVisible();
  await stop('selection');
  await page.getByRole('button', { name: 'Add tag' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Add tag' }).click();
  await expect(page.getByText('Type a tag.')).toBeVisible();
  await stop('selection-tag');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await page.keyboard.press('c');
  await page.getByRole('dialog').getByRole('button', { name: 'Add', exact: true }).click();
  await expect(page.getByText('Type at least one name.')).toBeVisible();
  await stop('add');
  await page.keyboard.press('Escape');
  await stop('sync-sheet', () => openSyncSheet(page));
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /^Account/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page.getByRole('dialog', { name: /Sign out/ })).toBeVisible();
  await stop('sign-out');
  await page.keyboard.press('Escape');
}

async function importing(page: Page, listUrl: string, stop: Stop): Promise<void> {
  await page.goto(`${listUrl}/import`);
  const file = page.locator('input[type="file"]');
  await expect(page.getByText('Choose a file')).toBeVisible();
  await stop('import');
  await file.setInputFiles({ name: 'empty.csv', mimeType: 'text/csv', buffer: Buffer.from('') });
  await expect(page.getByRole('alert')).toBeVisible();
  await stop('import-mistake');
  await file.setInputFiles(csv);
  await expect(page.getByText('Check before adding')).toBeVisible();
  await stop('import-check');
}

async function sources(page: Page, listUrl: string, stop: Stop): Promise<void> {
  await page.goto(`${listUrl}/sources`);
  await page.getByRole('button', { name: 'Recent events' }).first().click();
  await expect(page.getByText('Applied').filter({ visible: true }).first()).toBeVisible();
  await stop('sources');
  await page.getByRole('button', { name: 'Add a source' }).first().click();
  await stop('source-add');
  await page.getByRole('dialog').getByLabel('Name').fill('Booking form');
  await page.getByRole('button', { name: 'Create' }).click();
  await expect(page.getByText('Booking form is ready')).toBeVisible();
  await stop('source-secret');
}

/** The other pages beside the list, each with what it loads. */
async function beside(page: Page, listUrl: string, stop: Stop): Promise<void> {
  for (const [section, loaded] of [
    ['people', 'demo@wedsync.example'],
    ['versions', 'Keep this moment'],
    ['activity', 'Ivy'],
    ['health', 'Checked'],
    ['device', 'This device'],
  ] as const) {
    await page.goto(`${listUrl}/${section}`);
    await expect(page.getByRole('main').getByText(loaded).first()).toBeVisible();
    await stop(section);
  }
}

/** Where links from mails lead: an invitation and a new password, each with a link that is not valid. */
async function links(page: Page, relay: TestRelay, listUrl: string, stop: Stop): Promise<void> {
  await page.goto(`${relay.url}/join#not-an-invitation`);
  await expect(page.getByRole('button', { name: 'To my lists' })).toBeVisible();
  await stop('join');
  await page.goto(`${relay.url}/reset#not-a-token`);
  await page.getByLabel('New password').fill('short');
  await page.keyboard.press('Enter');
  await expect(page.getByText(/at least 8/).first()).toBeVisible();
  await stop('reset');
  await page.goto(listUrl);
}

async function trouble(page: Page, relay: TestRelay, listUrl: string, stop: Stop): Promise<void> {
  await page.goto(listUrl);
  await expectStored(page);
  await relay.stop();
  await page.evaluate('navigator.serviceWorker.ready.then(() => undefined)');
  await page.context().setOffline(true);
  await addCouple(page, 'Zoë Nguyễn-Żółtowska & Björk', '26 June 2027');
  await expect(page.getByRole('button', { name: /^Sync: Offline/ })).toBeVisible();
  await stop('offline');
  await stop('offline-sheet', () => openSyncSheet(page));
  await page.keyboard.press('Escape');
  await page.goto(`${listUrl}/sources`);
  await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible();
  await stop('sources-offline');
  await page.context().setOffline(false);
  await page.goto(listUrl);
  await expect(page.getByRole('button', { name: /^Sync: Can.t reach/ })).toBeVisible();
  await stop('unreachable');
}

/** Another width has another chip, whose sheet is shut. */
async function openSyncSheet(page: Page): Promise<void> {
  const sheet = page.getByRole('dialog', { name: 'Is it saved?' });
  if (await sheet.isVisible()) await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /^Sync:/ }).click();
  await expect(sheet).toBeVisible();
}

/** A person changes what the CRM said; then arrives what the CRM had said before that: both values stay. */
export async function makeConflict(page: Page, relay: TestRelay, listUrl: string): Promise<void> {
  const source = await relay.admin<WebhookSource>('sources', {
    method: 'POST',
    body: { list: /l_[A-Za-z0-9_-]{22}$/.exec(listUrl)?.[0], provider: 'standard', name: 'Studio CRM' },
  });
  const clientId = 'crm-7';
  const changes = {
    names: ['Ivy Kestrel', 'Noor Haddad'],
    weddingDate: '2026-12-12',
    venue: 'Lyde Court, Hereford',
    status: 'booked',
  };
  await sendEvent(source, { type: 'client.created', clientId, changes });
  await page.goto(listUrl);
  await row(page, 'Ivy').waitFor();
  const occurredAt = new Date();
  await editCell(page, 'Ivy', 2, '19 December 2026');
  await editCell(page, 'Ivy', 3, 'The orangery, Lyde');
  await expectStored(page);
  const late = { weddingDate: '2026-12-05', venue: 'Lyde Court, barn' };
  await sendEvent(source, { type: 'client.updated', clientId, changes: late, occurredAt });
  await page.goto(`${listUrl}/to-look-at`);
  await expect(row(page, 'Ivy')).toBeVisible();
}
