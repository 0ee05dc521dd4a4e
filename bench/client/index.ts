// LOCAL-2 and LOCAL-4: a device in airplane mode opens a list of 1,000, 10,000 and 50,000 couples in a real Chromium
// whose processor is slowed down four times; and how much room the list takes on its disk.
import type { Browser, Page } from '@playwright/test';
import { signUp } from '../../e2e/support/app.ts';
import { launchChromium } from '../../e2e/support/browser.ts';
import { createRelay, type TestRelay } from '../../e2e/support/relay.ts';
import { buildApp } from '../../scripts/start.ts';
import type { BenchCase, BenchRow } from '../bench-case.ts';
import { fillList } from './fill-list.ts';
import { diskBytes, openTimes, openWatched } from './page.ts';

const THROTTLE = 4;
const WITHIN_MS = 120_000;
/** LOCAL-2's promise is about 10,000 couples; the other sizes are for information. */
const PROMISED = 10_000;

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

async function openList(
  browser: Browser,
  relay: TestRelay,
  count: number,
): Promise<{ page: Page; stateBytes: number }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' });
  const page = await openWatched(context);
  await signUp(page, relay.url, `bench-${count}@example.com`);
  const stateBytes = await fillList(page, relay.url, count);
  await page.getByRole('heading', { name: 'All couples' }).waitFor({ timeout: WITHIN_MS });
  await page
    .getByText(count.toLocaleString('en-GB'), { exact: true })
    .first()
    .waitFor({ timeout: WITHIN_MS });
  await page.locator('[data-stage="stored"]').first().waitFor({ timeout: WITHIN_MS });
  await page.evaluate('navigator.serviceWorker.ready.then(() => undefined)');
  return { page, stateBytes };
}

async function measureSize(
  browser: Browser,
  relay: TestRelay,
  count: number,
  rounds: number,
): Promise<BenchRow[]> {
  const { page, stateBytes } = await openList(browser, relay, count);
  // Rows are merged, and the first of them kept for a cold start, when the person pauses.
  let { bytes, keptBytes } = await diskBytes(page);
  const isAtRest = (): boolean => bytes <= stateBytes * 1.5 && keptBytes > 0;
  for (const until = Date.now() + 30_000; !isAtRest() && Date.now() < until; )
    ({ bytes, keptBytes } = await page.waitForTimeout(500).then(() => diskBytes(page)));
  const session = await page.context().newCDPSession(page);
  await page.context().setOffline(true);
  await session.send('Emulation.setCPUThrottlingRate', { rate: THROTTLE });
  const opens: { rows: number; editable: number }[] = [];
  for (let round = 0; round <= rounds; round++) {
    await page.reload();
    opens.push(await openTimes(page, WITHIN_MS));
  }
  // The first one after the throttle fills the caches of compiled code.
  const warm = opens.slice(1);
  const added = (await diskBytes(page)).bytes - bytes;
  await page.context().close();
  const name = `${(count / 1_000).toFixed(0)}k`;
  const row = (label: string, ratio: number, unit: string, target?: number, detail?: string): BenchRow => ({
    label: `${name} ${label}`,
    ratio,
    unit,
    isAtMost: true,
    ...(target !== undefined && { target }),
    ...(detail !== undefined && { detail }),
  });
  const isPromised = count === PROMISED;
  return [
    row(
      'LOCAL-2 first rows, offline, 4× CPU',
      median(warm.map(({ rows }) => rows)),
      'ms',
      isPromised ? 1_000 : undefined,
    ),
    row(
      'LOCAL-2 editable',
      median(warm.map(({ editable }) => editable)),
      'ms',
      isPromised ? 2_500 : undefined,
    ),
    row(
      'LOCAL-4 on disk to encoded state',
      bytes / stateBytes,
      '×',
      2,
      `${(bytes / 1e6).toFixed(2)} / ${(stateBytes / 1e6).toFixed(2)} MB`,
    ),
    row(`LOCAL-4 added by ${opens.length} opens`, added, 'B', 0),
  ];
}

export const benchCase: BenchCase = {
  name: 'client',
  promises: ['LOCAL-2', 'LOCAL-4'],
  async run({ isQuick, isFull, say }) {
    await buildApp();
    const browser = await launchChromium();
    const relay = await createRelay();
    try {
      await relay.start();
      const rows: BenchRow[] = [];
      for (const count of isFull ? [1_000, 10_000, 50_000] : [isQuick ? 1_000 : 10_000]) {
        say(`${count} couples`);
        rows.push(...(await measureSize(browser, relay, count, isQuick ? 2 : 5)));
      }
      return rows;
    } finally {
      await browser.close();
      await relay.dispose();
    }
  },
};
