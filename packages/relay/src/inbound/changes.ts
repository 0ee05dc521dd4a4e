// The way in for other programs: rows that editors put into `client_changes` through supabase-js become deliveries of
// the inbox. Asked for every few seconds, and at once when somebody says that there are new ones.
import { callJson, type Rpc } from '../store/rpc.ts';

export interface ChangesOptions {
  readonly rpc: Rpc;
  readonly onStored: (sourceId: string) => void;
  readonly onError: (error: unknown) => void;
  /** Calls back once, unless cancelled by the function that comes back. */
  readonly schedule: (ms: number, callback: () => void) => () => void;
}

export interface Changes {
  /** There may be new rows. */
  wake(): void;
  /** Ends after the batch that is under way. */
  close(): Promise<void>;
}

/** READ-3: within 10 s without Realtime, applying included. */
const POLL_MS = 4_000;
const BATCH_ROWS = 500;

export function createChanges({ rpc, onStored, onError, schedule }: ChangesOptions): Changes {
  let cancel: (() => void) | undefined;
  let running: Promise<void> | undefined;
  let isWanted = false;
  let isClosed = false;

  async function drain(): Promise<void> {
    while (isWanted && !isClosed) {
      isWanted = false;
      const sources = await callJson<string[]>(rpc, 'ws_changes_drain', { p_limit: String(BATCH_ROWS) });
      // There may be more than one batch.
      isWanted ||= sources.length > 0;
      for (const sourceId of sources) onStored(sourceId);
    }
  }

  function wake(): void {
    isWanted = true;
    if (isClosed || running !== undefined) return;
    cancel?.();
    running = drain()
      .catch(onError)
      .finally(() => {
        running = undefined;
        if (!isClosed) cancel = schedule(POLL_MS, wake);
      });
  }

  wake();
  return {
    wake,
    async close() {
      isClosed = true;
      cancel?.();
      await running;
    },
  };
}
