// Pictures of every screen and state, phone and desktop, light and dark. `npm run screenshots [folder]`;
// with `-- --readme` those of the README are made anew, too.
import { copyFileSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { launchChromium } from '../e2e/support/browser.ts';
import { createRelay } from '../e2e/support/relay.ts';
import { WIDE, walkScreens } from '../e2e/support/screens.ts';
import { buildApp } from './start.ts';

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: { readme: { type: 'boolean', default: false } },
});
const folder = resolve(positionals[0] ?? join(import.meta.dirname, '../test-results/screens'));
const README_PICTURES = {
  'list.png': 'list-desktop-light.png',
  'phone-list.png': 'list-phone-dark.png',
  'phone-conflict.png': 'conflict-phone-dark.png',
};
/** The walk goes on at the last of them. */
const sizes = { phone: { width: 390, height: 844 }, desktop: WIDE };

mkdirSync(folder, { recursive: true });
await buildApp();
const relay = await createRelay();
const browser = await launchChromium();
try {
  await relay.start();
  const context = await browser.newContext({ locale: 'en-GB', reducedMotion: 'reduce' });
  const page = await context.newPage();
  const devices = await context.newCDPSession(page);
  await walkScreens(page, relay, async (name, open) => {
    for (const [size, viewport] of Object.entries(sizes)) {
      await page.setViewportSize(viewport);
      await devices.send('Emulation.setTouchEmulationEnabled', { enabled: size === 'phone' });
      await open?.();
      for (const colorScheme of ['dark', 'light'] as const) {
        await page.emulateMedia({ colorScheme });
        // Two frames: one to change the colours, one to show them.
        await page.evaluate(
          'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))',
        );
        await page.screenshot({ path: join(folder, `${name}-${size}-${colorScheme}.png`) });
      }
    }
  });
  if (flags.readme)
    for (const [name, from] of Object.entries(README_PICTURES))
      copyFileSync(join(folder, from), join(import.meta.dirname, '../docs/images', name));
  console.log(`Pictures are in ${folder}`);
} finally {
  await browser.close();
  await relay.dispose();
}
