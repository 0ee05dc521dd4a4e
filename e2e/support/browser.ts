// The system's Chromium outside the test runner: for pictures and measurements.
import { type Browser, chromium } from '@playwright/test';
import { chromiumPath } from '../../scripts/tools.ts';

/** The caller closes it. Throws when no Chromium is installed. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = chromiumPath();
  return await chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    // Chromium refuses its sandbox as root only; elsewhere the sandbox stays on.
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
}
