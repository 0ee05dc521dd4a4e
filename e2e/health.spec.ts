// Health and Activity in a real browser against a real relay: a source that fails and works again, seen live; who
// changed what, filtered and exported; no violations of WCAG on either page.
import { readFileSync } from 'node:fs';
import { type BrowserContext, expect, type Page } from '@playwright/test';
import { addCouple, editCell, expectStored, signUp } from './support/app.ts';
import { expectNoViolations } from './support/axe.ts';
import { createRelay, type TestRelay } from './support/relay.ts';
import { test } from './support/test.ts';
import { sendEvent, type WebhookSource } from './support/webhook.ts';

test.describe.configure({ mode: 'serial' });

let relay: TestRelay;
let context: BrowserContext;
let page: Page;
let source: WebhookSource;
let listUrl: string;

test.beforeAll(async ({ browser }) => {
  relay = await createRelay();
  await relay.start();
  context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' });
  page = await context.newPage();
  await signUp(page, relay.url, 'anna@example.com');
  const listPath = /\/l_[A-Za-z0-9_-]{22}/.exec(page.url())?.[0] ?? '';
  listUrl = `${relay.url}${listPath}`;
  source = await relay.admin<WebhookSource>('sources', {
    method: 'POST',
    body: { list: listPath.slice(1), provider: 'standard', name: 'Studio CRM' },
  });
});

test.afterAll(async () => {
  await context?.close();
  await relay?.dispose();
});

async function lookAtAllSizes(where: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [390, 1280]) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.setViewportSize({ width, height: 844 });
      await expectNoViolations(page, `${where} ${colorScheme} ${width}`);
      const folder = process.env.SCREENS_DIR;
      if (folder !== undefined)
        await page.screenshot({ path: `${folder}/${where}-${width}-${colorScheme}.png` });
    }
  }
  await page.emulateMedia({ colorScheme: null });
  await page.setViewportSize({ width: 1280, height: 800 });
}

const card = (name: string) =>
  page.getByRole('listitem').filter({ has: page.getByRole('heading', { name }) });

test('HEALTH-1 a source that fails shows live with cause and fix, is told in a message, and is green when it works', async () => {
  await page.goto(`${listUrl}/health`);
  await expect(page.getByRole('heading', { name: 'Health', exact: true })).toBeVisible();
  await expect(card('Studio CRM')).toContainText('Nothing yet');
  await expect(card('Database')).toContainText('Works');
  const made = { type: 'client.created', clientId: 'c1', changes: { names: ['Zoë Fletcher', 'Tom Berg'] } };
  expect(await sendEvent(source, made, { forge: true })).toBe(401);
  await expect(card('Studio CRM')).toContainText('Fails');
  await expect(card('Studio CRM')).toContainText('the signature does not match');
  await expect(card('Studio CRM')).toContainText('What to do');
  await expect(page.getByText('Studio CRM needs attention')).toBeVisible();
  await expect(page.getByRole('status').filter({ hasText: '1 thing needs attention' })).toBeVisible();
  await page.getByRole('button', { name: 'Dismiss message' }).first().click();
  await lookAtAllSizes('health-failing');
  expect(await sendEvent(source, made)).toBe(202);
  await expect(card('Studio CRM')).toContainText('Works');
  await expect(page.getByText('Studio CRM works again')).toBeVisible();
  await expect(page.getByText('Everything works', { exact: true })).toBeVisible();
  await expect(page.getByRole('table', { name: 'Studio CRM: how it was' })).toBeAttached();
  await page.getByRole('button', { name: '90 days' }).click();
  await expect(page.getByRole('button', { name: '90 days' })).toHaveAttribute('aria-pressed', 'true');
  await expect(page.getByText('90 days ago').first()).toBeVisible();
  await page.getByRole('button', { name: '24 hours' }).click();
  await lookAtAllSizes('health');
});

test('Activity says who changed which couple, when and from where; filters; exports CSV and JSON', async () => {
  await page.goto(listUrl);
  await addCouple(page, 'Maya Lind & Chris Obi', '22 May 2027');
  await editCell(page, 'Maya', 3, 'Lyde Court');
  await expectStored(page);
  await page.goto(`${listUrl}/activity`);
  const entries = page.getByRole('listitem');
  await expect(entries.filter({ hasText: 'You changed a couple' }).first()).toContainText('Venue');
  await expect(entries.filter({ hasText: 'You added a couple' }).first()).toContainText('Maya Lind');
  await expect(entries.filter({ hasText: 'Studio CRM added a couple' }).first()).toContainText('Zoë');
  await expect(entries.filter({ hasText: 'was refused' }).first()).toContainText('signature');
  await lookAtAllSizes('activity');
  await page.getByLabel('Show', { exact: true }).selectOption('problems');
  await expect(entries.filter({ hasText: 'was refused' })).toHaveCount(1);
  await expect(entries.filter({ hasText: 'You added a couple' })).toHaveCount(0);
  await page.getByLabel('Show', { exact: true }).selectOption('all');
  await page.getByLabel('Couple or person').fill('maya');
  await expect(entries.filter({ hasText: 'Studio CRM added' })).toHaveCount(0);
  const [csv] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export CSV' }).click(),
  ]);
  const text = readFileSync(await csv.path(), 'utf8');
  expect(text.split('\r\n')[0]).toContain('Time,Who,What,Outcome,Couple');
  expect(text).toContain('anna@example.com');
  expect(text).toContain('Maya Lind');
  await page.getByLabel('Couple or person').fill('');
  const [json] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export JSON' }).click(),
  ]);
  const all = JSON.parse(readFileSync(await json.path(), 'utf8')) as { action: string }[];
  expect(all.map(({ action }) => action)).toEqual(
    expect.arrayContaining(['couple.create', 'webhook', 'source.create']),
  );
  await page
    .getByRole('link', { name: /Maya Lind/ })
    .first()
    .click();
  await expect(page.getByRole('heading', { name: 'Notes' })).toBeVisible();
});

test('on a phone both pages are in the menu of the account', async () => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(listUrl);
  await page.getByRole('button', { name: /^Account/ }).click();
  await page.getByRole('menuitem', { name: 'Activity' }).click();
  await expect(page.getByRole('heading', { name: 'Activity' })).toBeVisible();
  await page.getByRole('button', { name: /^Account/ }).click();
  await page.getByRole('menuitem', { name: 'Health' }).click();
  await expect(page.getByRole('heading', { name: 'Health', exact: true })).toBeVisible();
});
