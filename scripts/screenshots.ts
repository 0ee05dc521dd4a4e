// Pictures of the main screens with the demo couples, phone and desktop, light and dark. `npm run screenshots [folder]`.
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Browser, chromium, type Page } from '@playwright/test';
import { editCell, expectStored, row } from '../e2e/support/app.ts';
import { createRelay } from '../e2e/support/relay.ts';
import { sendEvent, type WebhookSource } from '../e2e/support/webhook.ts';
import { buildApp } from './start.ts';
import { chromiumPath } from './tools.ts';

const root = resolve(import.meta.dirname, '..');
const folder = resolve(process.argv[2] ?? join(root, 'test-results/screens'));
const sizes = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } };
const isTouch = { phone: true, desktop: false };

async function shoot(
  browser: Browser,
  url: string,
  size: keyof typeof sizes,
  colorScheme: 'light' | 'dark',
): Promise<void> {
  const context = await browser.newContext({
    viewport: sizes[size],
    colorScheme,
    locale: 'en-GB',
    hasTouch: isTouch[size],
    isMobile: isTouch[size],
  });
  const page = await context.newPage();
  const save = (name: string) =>
    page.screenshot({ path: join(folder, `${name}-${size}-${colorScheme}.png`) });
  await page.goto(url);
  await page.getByRole('button', { name: 'Try the demo' }).waitFor();
  await save('sign-in');
  await page.getByRole('button', { name: 'Try the demo' }).click();
  await page.getByRole('link', { name: /&/ }).first().waitFor();
  await page.getByText('Stored').first().waitFor();
  await save('list');
  const listUrl = `${url}${/\/l_[A-Za-z0-9_-]{22}/.exec(page.url())?.[0] ?? ''}`;
  await page.getByRole('link', { name: /&/ }).nth(2).click();
  await page.getByRole('heading', { name: 'Notes' }).waitFor();
  await save('record');
  await openConflict(page, listUrl);
  await save('conflict');
  await page.goto(`${listUrl}/import`);
  await page.locator('input[type="file"]').setInputFiles(join(root, 'fixtures/csv/honeybook-leads.csv'));
  await page.getByText('Check before adding').waitFor();
  await save('import');
  await page.goto(`${listUrl}/sources`);
  await page.getByText('Studio CRM').first().waitFor();
  await save('sources');
  await context.close();
}

async function openConflict(page: Page, listUrl: string): Promise<void> {
  await page.goto(`${listUrl}/to-look-at`);
  await page.getByRole('link', { name: /Ivy/ }).first().click();
  await page.getByText('Two versions of the').first().waitFor();
}

mkdirSync(folder, { recursive: true });
await buildApp();
const relay = await createRelay();
const executablePath = chromiumPath();
const browser = await chromium.launch({
  ...(executablePath === undefined ? {} : { executablePath }),
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
try {
  await relay.start();
  await makeConflict(browser);
  for (const size of ['desktop', 'phone'] as const) {
    for (const scheme of ['light', 'dark'] as const) await shoot(browser, relay.url, size, scheme);
  }
  console.log(`Pictures are in ${folder}`);
} finally {
  await browser.close();
  await relay.dispose();
}

/** A person changes what the CRM said; then arrives what the CRM had said before that: both values stay. */
async function makeConflict(browser: Browser): Promise<void> {
  const lists = await relay.admin<{ id: string }[]>('lists');
  const source = await relay.admin<WebhookSource>('sources', {
    method: 'POST',
    body: { list: lists[0]?.id, provider: 'standard', name: 'Studio CRM' },
  });
  const clientId = 'crm-7';
  const changes = {
    names: ['Ivy Kestrel', 'Noor Haddad'],
    weddingDate: '2026-12-12',
    venue: 'Lyde Court, Hereford',
    status: 'booked',
  };
  await sendEvent(source, { type: 'client.created', clientId, changes });
  const context = await browser.newContext({ viewport: sizes.desktop, locale: 'en-GB' });
  const page = await context.newPage();
  await page.goto(relay.url);
  await page.getByRole('button', { name: 'Try the demo' }).click();
  await row(page, 'Ivy').waitFor();
  const occurredAt = new Date();
  await editCell(page, 'Ivy', 3, 'The orangery, Lyde');
  await expectStored(page);
  const late = { type: 'client.updated', clientId, changes: { venue: 'Lyde Court, barn' }, occurredAt };
  await sendEvent(source, late);
  await context.close();
}
