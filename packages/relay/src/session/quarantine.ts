// Updates that were refused for good, on their way to where the list's owner sees them: one after the other, and
// again while the database is away, so that neither a flood of them nor an outage costs more than some memory.
import { createBackoff } from '@wedsync/shared';
import type { Quarantined } from './services.ts';

export interface QuarantineOptions {
  /** Rejects when it could not be stored. */
  readonly store: (refused: Quarantined) => Promise<void>;
  /** Calls back once after `ms`; returns its own undo. */
  readonly schedule: (ms: number, callback: () => void) => () => void;
  /** In [0, 1), for the jitter of retries. */
  readonly random: () => number;
  /** Told of each try that failed, and of what found no place. */
  readonly onProblem: (error: unknown, waiting: number) => void;
}

export interface Quarantine {
  /** Keeps the beginning of the update, copied. Never throws. */
  put(refused: Quarantined): void;
  /** What waits is given up: it is in the log, and the device still has it. */
  close(): void;
}

/** Poison is kept to be looked at, not to be stored whole: the beginning says what it is. */
export const MAX_QUARANTINED_BYTES = 64 * 1024;
/** What may wait for a database that is away. The first ones tell what is going on; later ones are left out. */
export const MAX_WAITING_BYTES = 8 * 1024 * 1024;
/** A row without data takes memory, too. */
const ROW_BYTES = 512;
const RETRY = { minMs: 500, maxMs: 30_000 } as const;

export function createQuarantine(options: QuarantineOptions): Quarantine {
  const { store, schedule, onProblem } = options;
  const backoff = createBackoff({ ...RETRY, random: options.random });
  const waiting: Quarantined[] = [];
  let bytes = 0;
  let state: 'idle' | 'storing' | 'resting' | 'closed' = 'idle';
  let cancel: () => void = () => undefined;

  const sizeOf = ({ data }: Quarantined) => data.length + ROW_BYTES;

  /** Stores what waits until nothing does, the database is away, or `close`. Never rejects. */
  async function storeAll(): Promise<void> {
    state = 'storing';
    for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
      try {
        await store(next);
      } catch (error) {
        onProblem(error, waiting.length);
        if (!isClosed()) rest();
        return;
      }
      waiting.shift();
      bytes -= sizeOf(next);
      backoff.reset();
      if (isClosed()) return;
    }
    state = 'idle';
  }

  function rest(): void {
    state = 'resting';
    cancel = schedule(backoff.next(RETRY.minMs), () => void storeAll());
  }

  /** Asked after each wait: `close` may have come meanwhile. */
  function isClosed(): boolean {
    return state === 'closed';
  }

  return {
    put(refused) {
      if (state === 'closed') return;
      const kept = { ...refused, data: refused.data.slice(0, MAX_QUARANTINED_BYTES) };
      if (bytes + sizeOf(kept) > MAX_WAITING_BYTES) {
        onProblem(new Error('too many refused updates wait to be kept'), waiting.length);
        return;
      }
      waiting.push(kept);
      bytes += sizeOf(kept);
      if (state === 'idle') void storeAll();
    },
    close() {
      state = 'closed';
      cancel();
    },
  };
}
