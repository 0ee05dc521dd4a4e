// A couple's photo in the browser: from a source's event to the list, offline, off the record, and gone with a sign-out.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, type Locator, type Page } from '@playwright/test';
import sharp from 'sharp';
import { addCouple, expectStored, openRecord, row, signUp } from './support/app.ts';
import { createRelay, type TestRelay } from './support/relay.ts';
import { test } from './support/test.ts';
import { sendEvent, type WebhookSource } from './support/webhook.ts';

let relay: TestRelay;
let host: Server;

test.beforeAll(async () => {
  const jpeg = await sharp({ create: { width: 300, height: 200, channels: 3, background: '#8a5a44' } })
    .jpeg()
    .toBuffer();
  host = createServer((request, response) => {
    if (request.url?.endsWith('.jpg')) response.end(jpeg);
    else response.writeHead(404).end();
  }).listen(0, '127.0.0.1');
  await once(host, 'listening');
  const { port } = host.address() as AddressInfo;
  relay = await createRelay({ OUTBOUND_TEST_ORIGIN: `http://127.0.0.1:${port}` });
  await relay.start();
});

test.afterAll(async () => {
  await relay?.dispose();
  host?.close();
});

/** The picture in a part of the page, once it can be seen. */
async function expectPhoto(part: Locator): Promise<void> {
  await expect
    .poll(() =>
      part
        .locator('img[src^="blob:"]')
        .first()
        .evaluate((image: HTMLImageElement) => image.naturalWidth),
    )
    .toBe(256);
}

const keptPhotos = (page: Page) =>
  page.evaluate(async () => (await caches.keys()).filter((name) => name.startsWith('wedsync-photos:')));

test('a photo from a source stands in the list and the record, offline too, can be removed, and goes with a sign-out', async ({
  page,
  context,
}) => {
  await signUp(page, relay.url, 'photos@example.com');
  await addCouple(page, 'Own Couple', '2027-06-12');
  await expectStored(page);
  const [, listId = ''] = /\/(l_[A-Za-z0-9_-]{22})/.exec(page.url()) ?? [];
  const source = await relay.admin<WebhookSource>('sources', {
    method: 'POST',
    body: { list: listId, name: 'CRM', provider: 'standard' },
  });
  const photo = 'https://photos.example.com/mara.jpg';
  const created = { type: 'client.created', clientId: 'c1', changes: { firstName: 'Mara', photo } };
  expect(await sendEvent(source, created)).toBe(202);
  const mara = row(page, 'Mara');
  await expectPhoto(mara);
  await expect(row(page, 'Own').locator('img')).toHaveCount(0);

  await context.setOffline(true);
  await page.reload();
  await expectPhoto(mara);
  await openRecord(page, 'Mara');
  await expectPhoto(page.locator('header').filter({ has: page.getByRole('heading', { name: 'Mara' }) }));
  await context.setOffline(false);

  await page.getByRole('button', { name: 'More for this couple' }).click();
  await page.getByRole('menuitem', { name: 'Remove the photo' }).click();
  await expect(mara.locator('img')).toHaveCount(0);
  await expectStored(page);

  expect(await keptPhotos(page)).toHaveLength(1);
  await page.getByRole('button', { name: /^Account/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Sign out', exact: true }).click();
  await expect(page.getByLabel('Password', { exact: true })).toBeVisible();
  await expect.poll(() => keptPhotos(page)).toHaveLength(0);
});
