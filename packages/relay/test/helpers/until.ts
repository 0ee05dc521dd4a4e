// Waiting for a condition in tests.
import { setTimeout as delay } from 'node:timers/promises';

/** Far beyond what any condition takes: only a hang gets here. */
const HANG_MS = 30_000;

/** Resolves when `condition` holds. Rejects only when it never does: after `hangMs`, for what takes its time. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  hangMs: number = HANG_MS,
): Promise<void> {
  const end = Date.now() + hangMs;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`the condition never came true: ${condition}`);
    await delay(10);
  }
}
