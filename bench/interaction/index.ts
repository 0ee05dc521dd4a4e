// UI-1 and UI-4 in a real browser: what a hand feels in a list of 10,000 couples on a device four times slower, and
// the longest task while 5,000 rows are imported. These are times, not ratios: on a busy machine they are too long.
import type { Page } from '@playwright/test';
import { launchChromium } from '../../e2e/support/browser.ts';
import { createRelay } from '../../e2e/support/relay.ts';
import { buildApp } from '../../scripts/start.ts';
import type { BenchCase, BenchOptions, BenchRow } from '../bench-case.ts';
import { couplesCsv } from './couples-csv.ts';
import { interactions, scrolling } from './interactions.ts';
import { longestTask, p95, take, watch } from './observe.ts';

const SLOWER = 4;

export const benchCase: BenchCase = {
  name: 'interaction',
  promises: ['UI-1', 'UI-4'],
  async run(options) {
    await buildApp();
    const relay = await createRelay();
    const browser = await launchChromium();
    try {
      await relay.start();
      const page = await browser.newPage({ locale: 'en-GB', viewport: { width: 1280, height: 800 } });
      await page.goto(relay.url);
      await page.getByRole('button', { name: 'Try the demo' }).click();
      await page.getByRole('grid', { name: 'Couples' }).waitFor();
      return await measure(page, options);
    } finally {
      await browser.close();
      await relay.dispose();
    }
  },
};

async function measure(page: Page, { isQuick, say }: BenchOptions): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  const row = (label: string, ratio: number, target: number, detail: string): void => {
    rows.push({ label, ratio, target, isAtMost: true, unit: 'ms', detail });
  };
  await watch(page);
  const batch = isQuick ? 500 : 5_000;
  say(`importing ${batch} rows, twice`);
  await importCsv(page, couplesCsv(batch, 0));
  row(`UI-4 import of ${batch} rows: longest task`, await longestTask(page), 50, 'not slowed');
  for (const key of ['Control+z', 'Control+Shift+z']) {
    const name = key === 'Control+z' ? 'undo' : 'redo';
    say(`${name} of the import`);
    await stepBack(page, key);
    row(
      `UI-4 ${name} of an import of ${batch} rows: longest task`,
      await longestTask(page),
      50,
      'not slowed',
    );
  }
  await importCsv(page, couplesCsv(batch, batch));
  await page.locator('[data-stage="stored"]').waitFor({ timeout: 300_000 });
  await page.reload();
  await page.getByRole('row').filter({ hasText: '&' }).first().waitFor();
  await watch(page);
  const devices = await page.context().newCDPSession(page);
  await devices.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  for (const { name, run } of interactions(isQuick ? 3 : 20)) {
    say(name);
    const times = await run(page);
    row(`UI-1 ${name}: p95 to the next paint`, p95(times), 100, `${times.length} times, ${SLOWER}× slower`);
  }
  say('scrolling');
  row('UI-1 scrolling: longest frame', await scrolling(page), 50, `${SLOWER}× slower`);
  const nodes = await page.getByRole('row').count();
  rows.push({ label: 'rows in the page', ratio: nodes, target: 80, isAtMost: true, unit: '' });
  return rows;
}

/** Until the app says that the step is done. */
async function stepBack(page: Page, key: string): Promise<void> {
  await take(page);
  await page.keyboard.press(key);
  await page
    .getByText(key === 'Control+z' ? /^Undone: Import/ : /^Done again: Import/)
    .waitFor({ timeout: 60_000 });
}

async function importCsv(page: Page, csv: string): Promise<void> {
  await page.getByRole('link', { name: 'Import', exact: true }).click();
  await page
    .locator('input[type="file"]')
    .setInputFiles({ name: 'couples.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
  await page.getByRole('button', { name: /^Import [\d,]+ couples$/ }).click({ timeout: 120_000 });
  await page.getByRole('grid', { name: 'Couples' }).waitFor({ timeout: 120_000 });
}
