// Gets photos that couples were given, one after the other beside everything else: an event is applied long before its
// photo is here, and stays applied when it never comes. Forgets photos that no couple has any more.
import type { Logger } from 'pino';
import type { EventBus } from '../events.ts';
import type { GuardedFetch } from '../net/guarded-fetch.ts';
import { callJson, type Rpc } from '../store/rpc.ts';
import { cleanPhoto } from './clean-photo.ts';
import { fetchPhoto } from './fetch-photo.ts';
import type { ImageStore } from './image-store.ts';

export interface PhotoWorkerOptions {
  readonly rpc: Rpc;
  readonly fetch: GuardedFetch;
  readonly store: ImageStore;
  readonly events: EventBus;
  readonly log: Logger;
  readonly maxBytes: number;
  readonly newToken: () => string;
  /** Calls back once, unless cancelled by the function that comes back. */
  readonly schedule: (ms: number, callback: () => void) => () => void;
}

export interface PhotoWorker {
  /** There may be something to do. */
  wake(): void;
  /** Ends after the photo that is under way. */
  close(): Promise<void>;
}

interface Claimed {
  readonly listId: string;
  readonly key: string;
  readonly url: string;
  readonly attempts: number;
}

type Outcome =
  | { readonly state: 'stored'; readonly sha256: string }
  | { readonly state: 'refused' | 'failed'; readonly reason: string }
  | { readonly state: 'waiting'; readonly reason: string; readonly retryMs: number };

/** Few at a time: a lease covers all of a round, and no host is asked for much at once. */
const CLAIM_ROWS = 4;
const LEASE_MS = 300_000;
const POLL_MS = 5_000;
/** Typing changes records many times a second. */
const GATHER_MS = 300;
/** 2 s, 16 s, 2 min, 17 min, 2 h: about two and a half hours in all. */
const MAX_ATTEMPTS = 6;
const FIRST_RETRY_MS = 2_000;
const RETRY_FACTOR = 8;

function again(reason: string, attempts: number): Outcome {
  if (attempts >= MAX_ATTEMPTS) return { state: 'failed', reason: 'photo-failed' };
  return { state: 'waiting', reason, retryMs: FIRST_RETRY_MS * RETRY_FACTOR ** (attempts - 1) };
}

export function createPhotoWorker(options: PhotoWorkerOptions): PhotoWorker {
  const { rpc, store, events, log } = options;
  let isWanted = false;
  let isClosed = false;
  let running: Promise<void> | undefined;
  let cancel: (() => void) | undefined;

  async function getPhoto({ url, attempts }: Claimed): Promise<Outcome> {
    const fetched = await fetchPhoto(options.fetch, url, options.maxBytes);
    if (!fetched.ok)
      return fetched.problem === 'photo-away'
        ? again('photo-away', attempts)
        : { state: 'refused', reason: fetched.problem };
    try {
      const cleaned = await cleanPhoto(fetched.bytes);
      if (!cleaned.ok) return { state: 'refused', reason: cleaned.problem };
      await store.put(cleaned.photo);
      return { state: 'stored', sha256: cleaned.photo.sha256 };
    } catch (error) {
      log.warn({ error }, 'a photo could not be kept');
      return again('photo-not-kept', attempts);
    }
  }

  async function work(row: Claimed, token: string): Promise<void> {
    const outcome = await getPhoto(row);
    await rpc('ws_photo_finish', {
      p_list: row.listId,
      p_key: row.key,
      p_token: token,
      p_state: outcome.state,
      p_sha256: 'sha256' in outcome ? outcome.sha256 : '',
      p_reason: 'reason' in outcome ? outcome.reason : '',
      p_retry_ms: String('retryMs' in outcome ? outcome.retryMs : 0),
    });
  }

  async function round(): Promise<boolean> {
    const token = options.newToken();
    const { photos, unused } = await callJson<{ photos: Claimed[]; unused: string[] }>(
      rpc,
      'ws_photos_round',
      {
        p_limit: String(CLAIM_ROWS),
        p_lease_ms: String(LEASE_MS),
        p_token: token,
      },
    );
    await Promise.all(photos.map((row) => work(row, token)));
    if (unused.length > 0) {
      await store.remove(unused);
      await rpc('ws_photos_removed', { p_hashes: unused });
    }
    return photos.length === CLAIM_ROWS;
  }

  async function drain(): Promise<void> {
    while (isWanted && !isClosed) {
      isWanted = false;
      const isMore = await round();
      isWanted ||= isMore;
    }
  }

  function look(): void {
    cancel = undefined;
    isWanted = true;
    if (isClosed || running !== undefined) return;
    running = drain()
      .catch((error: unknown) => log.debug({ error }, 'photos could not be looked after'))
      .finally(() => {
        running = undefined;
        lookIn(isWanted ? GATHER_MS : POLL_MS);
      });
  }

  function lookIn(ms: number): void {
    cancel?.();
    if (!isClosed) cancel = options.schedule(ms, look);
  }

  function wake(): void {
    if (isWanted) return;
    isWanted = true;
    if (running === undefined) lookIn(GATHER_MS);
  }

  const unsubscribe = events.on('record.changed', wake);
  wake();

  return {
    wake,
    async close() {
      isClosed = true;
      unsubscribe();
      cancel?.();
      await running;
    },
  };
}
