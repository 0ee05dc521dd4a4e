// What the relay does for other programs on the same Supabase: says what changed, hears of their changes, and forgets
// field values that were replaced long ago.
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import type { EventBus } from './events.ts';
import { startBroadcast } from './projection/broadcast.ts';
import { repeat } from './repeat.ts';
import type { Rpc } from './store/rpc.ts';
import type { Supabase } from './supabase/client.ts';

export interface ProgramsOptions {
  readonly supabase: Supabase;
  readonly config: Pick<Config, 'SUPABASE_SECRET_KEY' | 'HISTORY_DAYS'>;
  readonly rpc: Rpc;
  readonly events: EventBus;
  readonly log: Logger;
  readonly schedule: (ms: number, callback: () => void) => () => void;
  /** There may be new rows in `client_changes`. */
  readonly wakeChanges: () => void;
}

const TRIM_FIRST_MS = 120_000;
const TRIM_EVERY_MS = 6 * 3_600_000;
const TRIM_ROWS = 2_000;

/** Owner closes it before the database. */
export function startPrograms(options: ProgramsOptions): { close(): Promise<void> } {
  const { supabase, config, rpc, events, log, schedule, wakeChanges } = options;
  const ends: (() => unknown)[] = [];

  // Realtime is a part of hosted projects; the embedded default has none.
  if (supabase.embedded === undefined) {
    const stop = startBroadcast({
      url: supabase.url,
      secretKey: config.SUPABASE_SECRET_KEY ?? '',
      events,
      schedule,
      onError: (error) => log.debug({ error }, 'a change could not be broadcast'),
    });
    const wish = { event: 'INSERT', schema: 'public', table: 'client_changes' } as const;
    supabase.client
      .channel('wedsync-changes')
      .on('postgres_changes', wish, wakeChanges)
      // What came while it was away is found now, and by asking every few seconds in any case.
      .subscribe((status) => {
        if (status === 'SUBSCRIBED') wakeChanges();
      });
    ends.push(stop, () => supabase.client.removeAllChannels());
  }

  const trimming = repeat({
    firstMs: TRIM_FIRST_MS,
    everyMs: TRIM_EVERY_MS,
    schedule,
    async work(isClosed) {
      try {
        const args = { p_days: String(config.HISTORY_DAYS), p_limit: String(TRIM_ROWS) };
        while (!isClosed() && (await rpc('ws_history_trim', args)) === String(TRIM_ROWS));
      } catch (error) {
        log.debug({ error }, 'old field values were not removed; it is tried again');
      }
    },
  });

  return {
    async close() {
      await Promise.all([trimming.close(), ...ends.map((end) => end())]);
    },
  };
}

/** The embedded default's REST, which tells of rows put into `client_changes` at once. */
export function noticeChanges(
  fetch: (request: Request) => Promise<Response>,
  wake: () => void,
): (request: Request) => Promise<Response> {
  return async (request) => {
    const response = await fetch(request);
    const isChange = request.method === 'POST' && new URL(request.url).pathname === '/rest/v1/client_changes';
    if (isChange && response.ok) wake();
    return response;
  };
}
