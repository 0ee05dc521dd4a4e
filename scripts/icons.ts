// Makes the app's PNG icons from packages/client/public/icon.svg with the machine's Chromium. Run by hand when
// the drawing changes (`node scripts/icons.ts`); the results are committed.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { launchChromium } from '../e2e/support/browser.ts';

const folder = join(import.meta.dirname, '../packages/client/public');
const svg = readFileSync(join(folder, 'icon.svg'), 'utf8');
/** Maskable icons are cut to a circle of 80 %: the drawing shrinks into it and the ground fills the rest. */
const targets = [
  { name: 'icon-180.png', size: 180, inset: 0, ground: '#221c1d' },
  { name: 'icon-192.png', size: 192, inset: 0, ground: 'transparent' },
  { name: 'icon-512.png', size: 512, inset: 0, ground: 'transparent' },
  { name: 'icon-maskable-512.png', size: 512, inset: 44, ground: '#221c1d' },
];

const browser = await launchChromium();
const page = await browser.newPage();
for (const { name, size, inset, ground } of targets) {
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(
    `<style>*{margin:0}body{background:${ground}}svg{display:block;padding:${inset}px;width:${size - 2 * inset}px;height:${size - 2 * inset}px}</style>${svg}`,
  );
  await page.screenshot({ path: join(folder, name), omitBackground: true });
}
await browser.close();
