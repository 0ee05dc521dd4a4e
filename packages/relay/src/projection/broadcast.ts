// Tells other programs over Supabase Realtime that couples changed, once they stand in the read model: a broadcast on
// the private channel `client-updates:<list id>`. Ids only; what they are is read under row-level security.
import type { EventBus } from '../events.ts';

export interface BroadcastOptions {
  /** Base address of the project, and its secret key. */
  readonly url: string;
  readonly secretKey: string;
  readonly events: Pick<EventBus, 'on'>;
  readonly onError: (error: unknown) => void;
  readonly schedule: (ms: number, callback: () => void) => () => void;
}

/** Changes of this long are told together. */
const GATHER_MS = 100;
const TIMEOUT_MS = 5_000;
/** More couples than this at once is an import: `recordIds` is then left out, and means "read again". */
const MAX_IDS = 500;

/** Nothing is sent again: Realtime does not promise delivery, and listeners catch up by version. */
export function startBroadcast(options: BroadcastOptions): () => void {
  const waiting = new Map<string, Set<string>>();
  let cancel: (() => void) | undefined;

  async function send(): Promise<void> {
    cancel = undefined;
    const messages = [...waiting].map(([listId, ids]) => ({
      topic: `client-updates:${listId}`,
      event: 'records.changed',
      private: true,
      payload: { listId, ...(ids.size > MAX_IDS ? {} : { recordIds: [...ids] }) },
    }));
    waiting.clear();
    const response = await fetch(`${options.url}/realtime/v1/api/broadcast`, {
      method: 'POST',
      headers: {
        apikey: options.secretKey,
        authorization: `Bearer ${options.secretKey}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ messages }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`a broadcast was answered ${response.status}`);
  }

  const stop = options.events.on('record.changed', ({ listId, recordIds }) => {
    const ids = waiting.get(listId) ?? new Set();
    for (const id of recordIds) ids.add(id);
    waiting.set(listId, ids);
    cancel ??= options.schedule(GATHER_MS, () => void send().catch(options.onError));
  });
  return () => {
    stop();
    cancel?.();
  };
}
