import { defineConfig } from 'vitest/config';

/** `npm run test:hosted` alone: against a Supabase project of your own. */
const hosted = {
  test: {
    name: 'hosted',
    include: ['packages/relay/test/store/hosted.suite.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
};

/** A second chance on a loaded machine; `npm test` names every test that needed it. */
const retry = process.env.CI ? 1 : 0;

/**
 * Three kinds of test: `unit` (beside the source, no network, disk or real clock), `property` (seeded, beside
 * the source, without a second chance: what a seed finds is found), `integration` (real relay processes, real databases, in packages/<name>/test).
 */
export default defineConfig({
  test: {
    // Two cores are what every machine has; integration tests mostly wait for processes.
    maxWorkers: 2,
    coverage: {
      provider: 'v8',
      include: ['packages/*/src/**/*.{ts,tsx}'],
      exclude: ['**/*.test.*', '**/testing/**', '**/*.d.ts'],
      reporter: ['text-summary'],
    },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['packages/*/src/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts'],
          exclude: ['**/*.property.test.ts', '**/node_modules/**', 'scripts/test/**'],
          environment: 'node',
          retry,
        },
      },
      {
        test: {
          name: 'property',
          include: ['packages/*/src/**/*.property.test.ts'],
          environment: 'node',
          setupFiles: ['./scripts/property-seed.ts'],
          testTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['packages/*/test/**/*.test.ts', 'scripts/test/**/*.test.ts'],
          environment: 'node',
          testTimeout: 120_000,
          hookTimeout: 120_000,
          retry,
        },
      },
      ...(process.env.WEDSYNC_TEST_HOSTED === '1' ? [hosted] : []),
    ],
  },
});
