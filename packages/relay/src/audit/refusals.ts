// Refused webhooks in the audit log: counted per source and reason, and written in batches, so that a flood of them
// is one row with a number and not a flood of rows.
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

const FLUSH_MS = 500;

export function createRefusalLog(options: {
  rpc: Rpc;
  schedule: (ms: number, callback: () => void) => () => void;
  onError: (error: unknown) => void;
}): RefusalLog {
  let counts = new Map<string, Refusal & { count: number }>();
  let cancel: (() => void) | undefined;

  async function flush(): Promise<void> {
    cancel?.();
    cancel = undefined;
    if (counts.size === 0) return;
    const rows = [...counts.values()].map(({ sourceId, listId, reason, count }) => ({
      listId: listId ?? null,
      actor: '',
      action: 'webhook',
      outcome: 'refused',
      reason,
      fields: [],
      sourceId: sourceId === '' ? null : sourceId,
      count,
    }));
    counts = new Map();
    try {
      await options.rpc('ws_audit_put', { p_rows: JSON.stringify(rows) });
    } catch (error) {
      options.onError(error);
    }
  }

  return {
    note(refusal) {
      const key = `${refusal.sourceId} ${refusal.reason}`;
      counts.set(key, { ...refusal, count: (counts.get(key)?.count ?? 0) + 1 });
      cancel ??= options.schedule(FLUSH_MS, () => void flush());
    },
    close: flush,
  };
}
