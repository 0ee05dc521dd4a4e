// Refused webhooks in the audit log: counted per source and reason, and written in batches, so that a flood of them
// is one row with a number and not a flood of rows, nor of writes.
import type { Rpc } from '../store/rpc.ts';

export interface Refusal {
  /** '' for an unknown source: what somebody made up is not kept. */
  readonly sourceId: string;
  readonly listId: string | undefined;
  readonly reason: string;
}

export interface RefusalLog {
  note(refusal: Refusal): void;
  /** Writes what is left. */
  close(): Promise<void>;
}

/** From the first one to the row: a person who tries an address out looks soon. */
const FLUSH_MS = 500;
/** From one row to the next: writes of the log make people's edits wait. */
const REST_MS = 5_000;

export function createRefusalLog(options: {
  rpc: Rpc;
  schedule: (ms: number, callback: () => void) => () => void;
  onError: (error: unknown) => void;
}): RefusalLog {
  let counts = new Map<string, Refusal & { count: number }>();
  let cancel: (() => void) | undefined;

  function add(refusal: Refusal, count: number): void {
    const key = `${refusal.sourceId} ${refusal.reason}`;
    counts.set(key, { ...refusal, count: (counts.get(key)?.count ?? 0) + count });
  }

  async function flush(): Promise<void> {
    cancel?.();
    cancel = undefined;
    if (counts.size === 0) return;
    const written = [...counts.values()];
    counts = new Map();
    const rows = written.map(({ sourceId, listId, reason, count }) => ({
      listId: listId ?? null,
      actor: '',
      action: 'webhook',
      outcome: 'refused',
      reason,
      fields: [],
      sourceId: sourceId === '' ? null : sourceId,
      count,
    }));
    cancel = options.schedule(REST_MS, () => void flush());
    try {
      await options.rpc('ws_audit_put', { p_rows: JSON.stringify(rows) });
    } catch (error) {
      // The next flush has them again.
      for (const { count, ...refusal } of written) add(refusal, count);
      options.onError(error);
    }
  }

  return {
    note(refusal) {
      add(refusal, 1);
      cancel ??= options.schedule(FLUSH_MS, () => void flush());
    },
    async close() {
      await flush();
      cancel?.();
    },
  };
}
