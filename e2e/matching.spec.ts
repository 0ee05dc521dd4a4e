// One couple from two places: found, kept apart or merged, taken back, and changed by a source under its old id.
import { expect, type Page } from '@playwright/test';
import { expectNoViolations } from './support/axe.ts';
import { createRelay, type TestRelay } from './support/relay.ts';
import { test } from './support/test.ts';
import { sendEvent, type WebhookSource } from './support/webhook.ts';

let relay: TestRelay;

test.beforeAll(async () => {
  relay = await createRelay();
  await relay.start();
});

test.afterAll(async () => {
  await relay?.dispose();
});

async function createSource(page: Page, name: string): Promise<WebhookSource> {
  await page.getByRole('button', { name: 'Add a source' }).first().click();
  const create = page.getByRole('dialog');
  await create.getByLabel('Name').fill(name);
  await create.getByRole('button', { name: 'Create' }).click();
  const dialog = page.getByRole('dialog', { name: `${name} is ready` });
  const secret = await dialog.getByLabel('Secret', { exact: true }).innerText();
  const url = await dialog.getByLabel('Address', { exact: true }).innerText();
  await dialog.getByRole('button', { name: 'I have copied it' }).click();
  return { id: new URL(url).pathname.split('/').at(-1) ?? '', url, secret };
}

const ines = { names: ['Ines Marlow', 'Kai Brandt'], email: 'ines@example.com' };

test('HOOK-7 UI-2: a couple from two sources is offered, kept apart, and merged; both are undone', async ({
  page,
}) => {
  await page.goto(relay.url);
  await page.getByRole('button', { name: 'Try the demo' }).click();
  await expect(page.getByRole('link', { name: /&/ }).first()).toBeVisible();
  const [listPath] = /\/l_[A-Za-z0-9_-]{22}/.exec(page.url()) ?? [''];
  await page.goto(`${relay.url}${listPath}/sources`);
  const crm = await createSource(page, 'Studio CRM');
  const form = await createSource(page, 'Booking form');
  const created = { type: 'client.created' };
  await sendEvent(crm, { ...created, clientId: 'c1', changes: { ...ines, venue: 'Mill House' } });
  await sendEvent(form, {
    ...created,
    clientId: 'f1',
    changes: { ...ines, email: 'INES@example.com', phone: '+44 20 7946 0018', venue: 'Old Barn' },
  });

  const found = page.getByRole('heading', { name: 'Two couples may be the same' });
  await expect(found).toBeVisible();
  await expect(page.getByText('Same e-mail.')).toBeVisible();
  await expectNoViolations(page, 'list of pairs');
  await page.getByRole('button', { name: /^Keep both/ }).click();
  await expect(found).toBeHidden();
  await page.reload();
  await expect(page.getByRole('button', { name: 'Add a source' }).first()).toBeVisible();
  await expect(found).toBeHidden();
  await page.keyboard.press('Control+z');
  await expect(found).toBeVisible();

  await page.getByRole('link', { name: /Ines/ }).first().click();
  const notice = page.getByRole('heading', { name: /^May be the same couple as Ines/ });
  await expect(notice).toBeVisible();
  await expectNoViolations(page, 'couple');
  await page.getByRole('button', { name: /^Merge/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Merge these two?' });
  await expect(dialog.getByRole('group', { name: 'Venue' })).toBeVisible();
  await expectNoViolations(page, 'merge');
  await dialog.getByRole('radio', { name: 'Old Barn' }).check();
  await dialog.getByRole('button', { name: 'Merge' }).click();
  await expect(notice).toBeHidden();
  const record = page.getByRole('article', { name: /Ines/ });
  await expect(record.getByText('Old Barn').first()).toBeVisible();
  await expect(record.getByText('+44 20 7946 0018').first()).toBeVisible();

  await sendEvent(form, { type: 'client.updated', clientId: 'f1', changes: { packageName: 'Whole day' } });
  await expect(record.getByText('Whole day').first()).toBeVisible();
  await sendEvent(crm, { type: 'client.updated', clientId: 'c1', changes: { leadSource: 'A friend' } });
  await expect(record.getByText('A friend').first()).toBeVisible();

  await page.keyboard.press('Escape');
  await page.goto(`${relay.url}${listPath}/sources`);
  await expect(page.getByRole('button', { name: 'Add a source' }).first()).toBeVisible();
  await page.keyboard.press('Control+z');
  await expect(found).toBeVisible();
});
