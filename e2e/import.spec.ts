// UI-4: a spreadsheet of 5,000 couples, from the choice of the file to the export, and back in again.
import { readFile } from 'node:fs/promises';
import { expect, type Page } from '@playwright/test';
import { addCouple, signUp } from './support/app.ts';
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

const COUPLES = 5_000;
const file = (text: string, name = 'couples.csv') => ({
  name,
  mimeType: 'text/csv',
  buffer: Buffer.from(text),
});

/** 5,000 couples; then one of them again, one that is in the list already, and one that may be. */
function spreadsheet(): string {
  const lines = [
    'First name,Last name,Partner first name,Partner last name,Email,Wedding date,Spot,Status,Price',
  ];
  for (let n = 0; n < COUPLES; n += 1) {
    const date = new Date(Date.UTC(2027, 0, 1 + (n % 1_500))).toISOString().slice(0, 10);
    const shown = n === 10 ? 'some day in june' : date;
    const price = n === 20 ? 'a lot' : `${1_500 + (n % 40) * 50} EUR`;
    lines.push(
      `Ånn${n},O'Hara-${n},"Bjørk, ""Bo""",=Ng${n},couple${n}@example.com,${shown},"Mill ${n % 7}, barn",booked,${price}`,
    );
  }
  lines.push(lines[31] ?? '', `Maya,Kestrel,Noor,Haddad,maya@example.com,2027-06-12,Kew,booked,`);
  return lines.join('\r\n');
}

const all = (page: Page) => page.getByRole('link', { name: /^All couples/ });
const submit = (page: Page) => page.getByRole('button', { name: /^Import [\d,]+ couples?$/ });

async function openImport(
  page: Page,
  csv: { name: string; mimeType: string; buffer: Buffer },
): Promise<void> {
  await page.getByRole('link', { name: 'Import', exact: true }).click();
  await page.locator('input[type="file"]').setInputFiles(csv);
  await expect(page.getByText('Check before adding')).toBeVisible({ timeout: 60_000 });
}

/** Every couple of the list as a file, as a person makes it: all selected, exported. */
async function exportAll(page: Page): Promise<string> {
  await page.getByRole('grid', { name: 'Couples' }).focus();
  await page.keyboard.press('ControlOrMeta+a');
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export CSV' }).click();
  const text = await readFile(await (await saving).path(), 'utf8');
  await page.keyboard.press('Escape');
  return text;
}

/** Lines without the first column, the record's own id, in one order. */
const withoutIds = (csv: string): string[] =>
  csv
    .trim()
    .split('\r\n')
    .map((line) => line.slice(line.indexOf(',')))
    .sort();

test('UI-4: 5,000 rows are mapped, checked, imported, undone, not doubled, and exported without loss', async ({
  page,
}) => {
  test.setTimeout(400_000);
  await page.setViewportSize({ width: 1280, height: 800 });
  await signUp(page, relay.url, 'import@example.com');
  await addCouple(page, 'Maya Kestrel & Noor Haddad', '12 June 2027');

  await test.step('a column that was not understood is given its field', async () => {
    await openImport(page, file(spreadsheet()));
    await expect(page.getByText('couples.csv · 5,002 rows')).toBeVisible();
    const spot = page.getByRole('combobox', { name: 'Field for the column “Spot”' });
    await expect(spot).toHaveValue('ignore');
    await spot.selectOption({ label: 'Venue' });
    await expect(page.getByText('Mill 0, barn').first()).toBeVisible({ timeout: 60_000 });
  });

  await test.step('what could not be read and what is there already is shown and left to the person', async () => {
    await page.getByLabel('Only rows to look at').check();
    await expect(page.getByText('“some day in june”. This is not a date')).toBeVisible();
    await expect(page.getByText('“a lot”. This is not an amount')).toBeVisible();
    await expect(page.getByText('Same as another row')).toBeVisible();
    await expect(page.getByText(/Already here|Maybe already here/)).toBeVisible();
    await expect(page.getByText('5,000 new couples · 2 rows left out')).toBeVisible();
  });

  await test.step('the import says how far it is; one undo takes all back', async () => {
    const progress = page
      .getByRole('status')
      .filter({ hasText: /Adding the couples… \d+ %/ })
      .waitFor();
    await submit(page).click();
    await progress;
    await expect(all(page)).toHaveText(/5,001/, { timeout: 60_000 });
    await expect(page.getByRole('grid', { name: 'Couples' })).toBeVisible();
    await page.keyboard.press('Control+z');
    await expect(all(page)).toHaveText(/^All couples1$/, { timeout: 60_000 });
    await page.keyboard.press('Control+Shift+z');
    await expect(all(page)).toHaveText(/5,001/, { timeout: 60_000 });
  });

  await test.step('the same file again adds nothing', async () => {
    await openImport(page, file(spreadsheet()));
    await page
      .getByRole('combobox', { name: 'Field for the column “Spot”' })
      .selectOption({ label: 'Venue' });
    await expect(page.getByRole('button', { name: 'Nothing to import' })).toBeDisabled({ timeout: 60_000 });
  });

  await test.step('what is exported comes back the same in another list, and not again in this one', async () => {
    await all(page).click();
    const exported = await exportAll(page);
    expect(withoutIds(exported)).toHaveLength(COUPLES + 2);
    await openImport(page, file(exported, 'export.csv'));
    await expect(page.getByRole('button', { name: 'Nothing to import' })).toBeDisabled({ timeout: 60_000 });
    await page.getByRole('button', { name: /Change list/ }).click();
    await page.getByRole('menuitem', { name: 'New list…' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('Copy');
    await page.getByRole('button', { name: 'Create' }).click();
    await expect(page.getByText('How would you like to start?')).toBeVisible();
    await openImport(page, file(exported, 'export.csv'));
    await submit(page).click({ timeout: 60_000 });
    await expect(all(page)).toHaveText(/5,001/, { timeout: 60_000 });
    await expect(page.getByRole('grid', { name: 'Couples' })).toBeVisible();
    expect(withoutIds(await exportAll(page))).toEqual(withoutIds(exported));
  });
});
