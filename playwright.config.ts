import { defineConfig } from '@playwright/test';
import { chromiumPath } from './scripts/tools.ts';

const executablePath = chromiumPath();

/** Browser tests run against real relays that each test starts on a free port; see e2e/support. */
export default defineConfig({
  testDir: 'e2e',
  timeout: 120_000,
  expect: { timeout: 15_000 },
  workers: 2,
  forbidOnly: true,
  // A second chance on a loaded machine; `npm test` names every test that needed it.
  retries: process.env.CI ? 1 : 0,
  outputDir: 'test-results',
  use: {
    browserName: 'chromium',
    trace: 'retain-on-failure',
    actionTimeout: 15_000,
    launchOptions: {
      ...(executablePath === undefined ? {} : { executablePath }),
      // Chromium refuses its sandbox as root only; elsewhere the sandbox stays on.
      args: [
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
