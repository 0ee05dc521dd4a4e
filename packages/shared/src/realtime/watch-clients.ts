// For other programs: watches the couples of a list, or of all lists of a supplier, through stock supabase-js. Realtime
// tells quickly and forgets now and then; reading by version after every (re)connection, and slowly in between, makes
// it complete.
import type { RealtimeChannel, SupabaseClient } from '@supabase/supabase-js';
import { parseClientRow } from './client-row.ts';
import { type ClientEvent, createKnownRows, type Versions } from './known-rows.ts';
import { filterOf, readRows, TABLE, type WatchFilter } from './read-rows.ts';

export type WatchStatus =
  | { readonly state: 'connecting' }
  /** Told by Realtime, and everything before has been read. */
  | { readonly state: 'live' }
  /** Realtime is away; it is connected to again, and the table is read now and then meanwhile. */
  | { readonly state: 'disconnected'; readonly error?: Error }
  | { readonly state: 'closed' };

export interface WatchOptions {
  /** Signed in as a member, or with the secret key. Stays the caller's: closing the watcher leaves it open. */
  readonly client: SupabaseClient;
  readonly filter: WatchFilter;
  /** Called in the order of versions within a list; each change once as long as the watcher runs. */
  readonly onEvent: (event: ClientEvent) => void;
  readonly onStatus?: (status: WatchStatus) => void;
  /** A row that is not one; it is left out. */
  readonly onInvalid?: (value: unknown) => void;
  /**
   * Where an earlier run ended: what changed since then comes as events. Without it the first reading is silent:
   * what is there is known, and only what changes from then on is told.
   */
  readonly since?: Versions;
  /** How often the table is read besides, ms. Realtime does not promise delivery. */
  readonly pollMs?: number;
}

export interface ClientWatcher {
  readonly status: WatchStatus;
  /** What has been seen so far; keep it to go on after a restart. */
  versions(): Versions;
  /** Reads what is new right now. Rejects with the client's error. */
  catchUp(): Promise<void>;
  /** Unsubscribes. Idempotent. */
  close(): Promise<void>;
}

const POLL_MS = 30_000;
let channels = 0;

export function watchClients(options: WatchOptions): ClientWatcher {
  const { client, filter, onEvent, since, pollMs = POLL_MS } = options;
  const onInvalid = options.onInvalid ?? (() => undefined);
  const known = createKnownRows(since);
  let status: WatchStatus = { state: 'connecting' };
  let isSilent = since === undefined;
  let reading: Promise<void> | undefined;
  let isReadDue = false;

  function setStatus(next: WatchStatus): void {
    if (status.state === 'closed' || (next.state === status.state && next.state !== 'disconnected')) return;
    status = next;
    options.onStatus?.(next);
  }

  async function read(): Promise<void> {
    while (isReadDue && status.state !== 'closed') {
      isReadDue = false;
      const rows = await readRows(client, filter, known.versions(), onInvalid);
      for (const row of rows) {
        if (isSilent) known.remember(row);
        else for (const event of known.take(row)) onEvent(event);
      }
      isSilent = false;
    }
  }

  /** One reading at a time; what asks meanwhile is answered by another one after it. */
  function catchUp(): Promise<void> {
    isReadDue = true;
    reading ??= read().finally(() => {
      reading = undefined;
    });
    return reading;
  }

  async function catchUpTo(state: 'live' | undefined): Promise<void> {
    try {
      await catchUp();
      if (state !== undefined) setStatus({ state });
    } catch (cause) {
      const error = cause instanceof Error ? cause : new Error('the read model could not be read', { cause });
      setStatus({ state: 'disconnected', error });
    }
  }

  const { column, value } = filterOf(filter);
  channels += 1;
  const channel: RealtimeChannel = client
    .channel(`wedsync-clients-${channels}`)
    .on(
      'postgres_changes',
      { event: '*', schema: 'public', table: TABLE, filter: `${column}=eq.${value}` },
      (payload) => {
        // Whole lists that are deleted come as DELETE: there is no row to tell of.
        if (payload.eventType === 'DELETE') return;
        const row = parseClientRow(payload.new);
        // Before the first reading nobody knows what is new; and a row that was cut short is read again.
        if (row === undefined || isSilent || reading !== undefined) void catchUpTo(undefined);
        else for (const event of known.take(row)) onEvent(event);
      },
    )
    // "Subscribed to PostgreSQL" comes after SUBSCRIBED: what changed in between is told by nobody.
    .on('system', {}, (payload: { status?: string }) => {
      if (payload.status === 'ok') void catchUpTo('live');
    })
    .subscribe((state, error) => {
      if (state === 'SUBSCRIBED') void catchUpTo('live');
      else if (state !== 'CLOSED')
        setStatus({ state: 'disconnected', ...(error === undefined ? {} : { error }) });
    });

  const timer = setInterval(() => void catchUpTo(undefined), pollMs);
  (timer as { unref?: () => void }).unref?.();

  return {
    get status() {
      return status;
    },
    versions: known.versions,
    catchUp,
    async close() {
      if (status.state === 'closed') return;
      setStatus({ state: 'closed' });
      clearInterval(timer);
      await client.removeChannel(channel);
    },
  };
}
