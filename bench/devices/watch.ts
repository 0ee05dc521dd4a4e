// What pages of one machine say about the same moment: their clocks are one. The scripts are text, because they run in
// the page.
import type { Page } from '@playwright/test';

const WATCH = `
  globalThis.wedsyncNow = () => performance.timeOrigin + performance.now();
  addEventListener('keydown', (event) => {
    if (event.key === 'Enter') globalThis.wedsyncPressed = performance.timeOrigin + event.timeStamp;
  }, true);
  globalThis.wedsyncStages = {};
  const note = () => {
    const stage = document.querySelector('[data-stage]')?.dataset.stage;
    if (stage !== undefined) wedsyncStages[stage] ??= wedsyncNow();
  };
  new MutationObserver(note).observe(document, { subtree: true, childList: true, attributes: true });
`;

export type Stages = Readonly<Record<string, number>>;

/** From its next load on the page can be asked. */
export async function watchPage(page: Page): Promise<void> {
  await page.addInitScript(WATCH);
}

/** When Enter was last pressed. */
export const pressedAt = async (page: Page): Promise<number> => await page.evaluate<number>('wedsyncPressed');

/** When each stage of the sync chip was first shown. */
export const stagesOf = async (page: Page): Promise<Stages> => await page.evaluate('({ ...wedsyncStages })');

/** Forgets what was shown until now. */
export async function forgetStages(page: Page): Promise<void> {
  await page.evaluate('void (globalThis.wedsyncStages = {})');
}

/** Begins to look for a text in the cells; the result resolves with the moment when it has been painted. */
export async function lookFor(page: Page, text: string): Promise<() => Promise<number>> {
  await page.evaluate(`
    globalThis.wedsyncShown = new Promise((done) => {
      const isThere = () => [...document.querySelectorAll('[role="gridcell"]')]
        .some((cell) => cell.textContent === ${JSON.stringify(text)});
      const watcher = new MutationObserver(() => {
        if (!isThere()) return;
        watcher.disconnect();
        requestAnimationFrame(() => setTimeout(() => done(wedsyncNow())));
      });
      watcher.observe(document.body, { subtree: true, childList: true, characterData: true });
    });
    undefined;
  `);
  return async () => await page.evaluate<number>('wedsyncShown');
}
