// What the browser itself says about its work: events with their time to the next paint, long tasks, long frames.
import type { Page } from '@playwright/test';

type Entry = {
  readonly type: string;
  readonly name: string;
  readonly start: number;
  readonly duration: number;
};

/** Begins to collect; once for each loaded page. */
export async function watch(page: Page): Promise<void> {
  await page.evaluate(`
    globalThis.seen = [];
    const collect = (list) => seen.push(...list.getEntries().map(({ entryType, name, startTime, duration }) =>
      ({ type: entryType, name, start: startTime, duration })));
    for (const type of ['event', 'longtask', 'long-animation-frame'])
      new PerformanceObserver(collect).observe({ type, durationThreshold: 16 });
  `);
}

/** What was seen since the last call; waits for two frames, so that the last one is told too. */
export async function take(page: Page): Promise<readonly Entry[]> {
  return (await page.evaluate(`
    new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => {
      const taken = seen;
      globalThis.seen = [];
      done(taken);
    }, 50))))
  `)) as Entry[];
}

export async function longestTask(page: Page): Promise<number> {
  const tasks = (await take(page)).filter(({ type }) => type === 'longtask');
  return Math.max(0, ...tasks.map(({ duration }) => duration));
}

export async function longestFrame(page: Page): Promise<number> {
  const frames = (await take(page)).filter(({ type }) => type === 'long-animation-frame');
  return Math.max(0, ...frames.map(({ duration }) => duration));
}

/** Time from one interaction to the next paint: the longest of its events; under 16 ms nothing is told. */
export async function interactionTime(page: Page, act: () => Promise<void>): Promise<number> {
  await take(page);
  await act();
  const events = (await take(page)).filter(({ type }) => type === 'event');
  return Math.max(16, ...events.map(({ duration }) => duration));
}

export function p95(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? Number.NaN;
}
