// A source from another system: made, fed, mapped and applied again in the browser, accessible at each step.
import { expect } from '@playwright/test';
import { expectNoViolations } from './support/axe.ts';
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

test('HOOK-4 UI-2: an event that was not understood is mapped and applied again', async ({ page }) => {
  await page.goto(relay.url);
  await page.getByRole('button', { name: 'Try the demo' }).click();
  await expect(page.getByRole('link', { name: /&/ }).first()).toBeVisible();
  const [listPath] = /\/l_[A-Za-z0-9_-]{22}/.exec(page.url()) ?? [''];
  await page.goto(`${relay.url}${listPath}/sources`);
  await page.getByRole('button', { name: 'Add a source' }).first().click();
  const create = page.getByRole('dialog');
  await create.getByLabel('What sends the changes').selectOption({ label: 'HubSpot' });
  await create.getByLabel('Name').fill('Booking form');
  await create.getByRole('button', { name: 'Create' }).click();
  await expect(create.getByText('Paste the secret')).toBeVisible();
  await expectNoViolations(page, 'new source');
  await create.getByLabel('What sends the changes').selectOption('zapier');
  await create.getByRole('button', { name: 'Create' }).click();

  const secretDialog = page.getByRole('dialog', { name: 'Booking form is ready' });
  await expect(secretDialog.getByText('How to set it up')).toBeVisible();
  const secret = await secretDialog.getByLabel('Secret', { exact: true }).innerText();
  const address = await secretDialog.getByLabel('Address', { exact: true }).innerText();
  await expectNoViolations(page, 'secret');
  await secretDialog.getByRole('button', { name: 'I have copied it' }).click();

  const event = { ref: 'form-1', who: 'Ines Marlow & Kai Brandt', on: '2027-08-07' };
  const sent = await fetch(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': secret },
    body: JSON.stringify(event),
  });
  expect(sent.status).toBe(202);
  await page.reload();
  await expect(page.getByRole('heading', { name: '1 event waiting for you' })).toBeVisible();
  await page.getByRole('button', { name: 'Recent events' }).click();
  await page.getByRole('button', { name: 'Show what it said' }).first().click();
  await expect(page.getByText('Ines Marlow').first()).toBeVisible();
  await expectNoViolations(page, 'events');

  await page.getByRole('button', { name: 'Fields' }).click();
  const fields = page.getByRole('dialog', { name: 'Fields of Booking form' });
  await fields.getByRole('button', { name: 'Add a row' }).click();
  await fields.getByLabel('Value').selectOption('who');
  await fields.getByLabel('goes into').selectOption('names');
  await fields.getByLabel('Where the couple’s id stands').fill('ref');
  await fields.getByLabel('Expression (JSONata)').fill('{"weddingDate": on}');
  await expect(fields.getByRole('definition').filter({ hasText: '2027-08-07' })).toBeVisible();
  await expectNoViolations(page, 'fields');
  await fields.getByRole('button', { name: 'Save' }).click();
  await expect(fields).toBeHidden();
  await page.getByRole('button', { name: 'Apply again what was not applied' }).click();
  await expect(
    page
      .locator('li span')
      .filter({ hasText: /^Applied$/ })
      .first(),
  ).toBeVisible();
  await page.goto(`${relay.url}${listPath}`);
  await page.getByRole('searchbox').first().fill('Ines');
  await expect(page.getByRole('link', { name: /Ines/ }).first()).toBeVisible();
});
