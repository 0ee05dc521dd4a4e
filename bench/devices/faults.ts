// LOCAL-5: how long a list takes to open on a broken disk, and how long until the person is told.
import type { Browser, Page } from '@playwright/test';
import { editCell, signIn } from '../../e2e/support/app.ts';
import { REFUSE_WRITES, STORAGE_FAULTS } from '../../e2e/support/storage-faults.ts';
import type { BenchRow } from '../bench-case.ts';
import { forgetStages, pressedAt, type Stages, stagesOf, watchPage } from './watch.ts';

const SETTLED_WITHIN_MS = 5_000;
const SHOWN_WITHIN_MS = 1_000;
const LOADING = 'loading';

export async function measureFaults(browser: Browser, url: string, email: string): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  const row = (label: string, ratio: number, target: number): void => {
    rows.push({ label: `LOCAL-5 ${label}`, ratio, target, isAtMost: true, unit: 'ms' });
  };
  for (const [name, breakIt] of STORAGE_FAULTS) {
    const page = await openPage(browser);
    await signIn(page, url, email);
    await page.addInitScript(breakIt);
    await page.reload();
    const stages = await untilFault(page);
    const start = await page.evaluate<number>('performance.timeOrigin');
    const settled = Math.min(
      ...Object.entries(stages).flatMap(([stage, at]) => (stage === LOADING ? [] : [at])),
    );
    row(`storage that ${name}: loading settles`, settled - start, SETTLED_WITHIN_MS);
    const failed = await page.evaluate<number>(`globalThis.firstRefusedAt ?? ${settled}`);
    row(
      `storage that ${name}: then shown after`,
      (stages['storage-fault'] ?? Number.NaN) - failed,
      SHOWN_WITHIN_MS,
    );
    await page.context().close();
  }
  const page = await openPage(browser);
  await signIn(page, url, email);
  await page.locator('[data-stage="stored"]').first().waitFor();
  // Its last expression would be a function: nothing to hand over.
  await page.evaluate(`{ ${REFUSE_WRITES} }; undefined`);
  await forgetStages(page);
  await editCell(page, 'Ada', 3, 'Refused by the disk');
  const { 'storage-fault': shown = Number.NaN } = await untilFault(page);
  row('a write that fails: shown after the edit', shown - (await pressedAt(page)), SHOWN_WITHIN_MS);
  await page.context().close();
  return rows;
}

async function openPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' });
  const page = await context.newPage();
  await watchPage(page);
  return page;
}

async function untilFault(page: Page): Promise<Stages> {
  await page.locator('[data-stage="storage-fault"]').first().waitFor({ timeout: 30_000 });
  return await stagesOf(page);
}
