// Names the tests that passed only at the second try (`retry` of the configuration): they are passed, and a defect.
import type { Reporter, TestCase } from 'vitest/node';

export default class FlakyReporter implements Reporter {
  readonly #found: string[] = [];

  onTestCaseResult(test: TestCase): void {
    if (test.diagnostic()?.flaky) this.#found.push(`  ${test.module.relativeModuleId} > ${test.fullName}`);
  }

  onTestRunEnd(): void {
    if (this.#found.length === 0) return;
    console.error(`\nTests that passed only at the second try: ${this.#found.length}`);
    for (const name of this.#found) console.error(name);
  }
}
