// How a tab ends or stands still without being told.
import type { Page } from '@playwright/test';

/** Ends a tab's process at once: no `pagehide`, no promise runs on. */
export async function crash(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const crashed = page.waitForEvent('crash');
  // The answer never comes: who would give it is dead.
  session.send('Page.crash').catch(() => undefined);
  await crashed;
  await page.close();
}

/** Stops all script of a page without telling it, as a phone does with a tab in the background; returns its own undo. */
export async function freeze(page: Page): Promise<() => Promise<void>> {
  const session = await page.context().newCDPSession(page);
  await session.send('Debugger.enable');
  const paused = new Promise((resolve) => session.once('Debugger.paused', resolve));
  await session.send('Debugger.pause');
  await paused;
  return async () => {
    await session.send('Debugger.disable');
    await session.detach();
  };
}
