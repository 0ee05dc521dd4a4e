// Reads sources from their providers: what a thin event announced, and on schedule what happened while nobody told us.
// One relay at a time per source, by a lease. Everything read goes into the inbox first, then the cursor moves: a
// crash in between reads again, and what was stored already is a repeat.
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { GuardedFetch } from '../../net/guarded-fetch.ts';
import { callJson, type Rpc } from '../../store/rpc.ts';
import { isObject, objectOf } from '../adapters/json.ts';
import { toReadItem } from '../adapters/read-item.ts';
import { toRow } from '../gateway.ts';
import type { Inbox } from '../inbox.ts';
import type { SecretBox } from '../secret-box.ts';
import { accountPurpose, type SourceStore, type SourceWithSecrets } from '../source-store.ts';
import { type Asker, createAsker } from './asker.ts';
import {
  type Page,
  ProviderProblem,
  type Reader,
  type ReaderContext,
  type ReaderState,
  type ReadItem,
} from './reader.ts';
import { readerOf } from './registry.ts';

/** What became of a thin event. */
export type ReadOutcome =
  | { readonly outcome: 'read'; readonly items: number }
  | { readonly outcome: 'wait'; readonly reason: 'provider-away' | 'busy'; readonly retryMs: number }
  | { readonly outcome: 'aside'; readonly reason: 'needs-account' | 'provider-refused' };

export interface Accounts {
  /** Reads what an event announced. Never rejects for what the provider does. */
  readAnnounced(sourceId: string, externalId: string): Promise<ReadOutcome>;
  /** Looks which sources are due, now and from then on. */
  start(): void;
  close(): Promise<void>;
}

export interface AccountsOptions {
  readonly rpc: Rpc;
  readonly sources: Pick<SourceStore, 'get' | 'rotate'>;
  readonly inbox: Pick<Inbox, 'put'>;
  readonly box: SecretBox;
  readonly fetch: GuardedFetch;
  readonly log: Logger;
  readonly baseUrl: () => string;
  readonly schedule: (ms: number, callback: () => void) => () => void;
  readonly now: () => number;
}

const LEASE_MS = 60_000;
const LOOK_MS = 5_000;
const AT_ONCE = 4;
/** How often an import that a person has paused is looked at: so soon it goes on. */
const RESTING_MS = 5_000;
const RETRY_MS = 30_000;
const REFUSED_RETRY_MS = 30 * 60_000;
/** The inbox is full: what waits there goes first. */
const FULL_RETRY_MS = 10_000;

interface ClaimedAccount {
  readonly sourceId: string;
  readonly sealed: string;
  readonly state: ReaderState;
}

class InboxFull extends Error {}

export function createAccounts(options: AccountsOptions): Accounts {
  const { rpc, sources, inbox, box, log, now } = options;
  const askers = new Map<string, Asker>();
  const running = new Set<Promise<unknown>>();
  let cancelLook: (() => void) | undefined;
  let isClosing = false;

  function askerOf(sourceId: string): Asker {
    const known = askers.get(sourceId);
    if (known !== undefined) return known;
    const asker = createAsker(options.fetch);
    askers.set(sourceId, asker);
    return asker;
  }

  function contextOf(found: SourceWithSecrets, sealed: string): ReaderContext {
    const { id, settings } = found.source;
    const credentials: unknown = JSON.parse(box.open(sealed, accountPurpose(id)));
    return {
      settings,
      credentials: isObject(credentials) ? credentials : {},
      secret: found.secrets[0]?.secret ?? '',
      webhookUrl: `${options.baseUrl()}/webhooks/${id}`,
      now,
      newId: randomUUID,
      ask: askerOf(id),
      setSecret: async (secret) => {
        await sources.rotate(id, 'service', secret);
      },
    };
  }

  /** Durable before anything else is done. */
  async function store(found: SourceWithSecrets, items: readonly ReadItem[]): Promise<void> {
    const about = { receivedAtMs: now(), secretId: '' };
    const puts = await Promise.all(
      items.map(({ eventId, kind, item }) =>
        inbox.put(toRow(found.source, { eventId, body: toReadItem(kind, about.receivedAtMs, item) }, about)),
      ),
    );
    if (puts.some(({ outcome }) => outcome === 'full')) throw new InboxFull();
  }

  const save = (
    sourceId: string,
    token: string,
    state: ReaderState,
    next: { ms?: number; problem?: string },
  ) =>
    rpc('ws_account_save', {
      p_source: sourceId,
      p_token: token,
      p_state: JSON.stringify(state),
      p_next_ms: next.ms === undefined ? '' : String(Math.round(next.ms)),
      p_problem: next.problem ?? '',
    });

  const isResting = ({ source }: SourceWithSecrets, { job }: ReaderState) =>
    source.settings.isImportPaused === true && job?.state !== 'done';

  /** Page by page; each is stored before its state is saved. */
  async function readPages(
    found: SourceWithSecrets,
    reader: Reader,
    context: ReaderContext,
    from: ReaderState,
    token: string,
  ): Promise<{ state: ReaderState; items: number }> {
    let state = (await reader.keep?.(context, from)) ?? from;
    let items = 0;
    if (reader.next === undefined) return { state, items };
    for (let isMore = true; isMore && !isClosing; ) {
      const current = await sources.get(found.source.id);
      if (current === undefined || isResting(current, state)) break;
      const page: Page = await reader.next(context, state);
      await store(found, page.items);
      ({ state, isMore } = page);
      if (state.job?.state === 'done') state = { ...state, job: { endedAt: now(), ...state.job } };
      items += page.items.length;
      if ((await save(found.source.id, token, state, {})) === 'lost') break;
    }
    return { state, items };
  }

  async function sync(account: ClaimedAccount, token: string): Promise<ReadOutcome> {
    const { sourceId } = account;
    const found = await sources.get(sourceId);
    const reader = found && readerOf(found.source.provider);
    if (found === undefined || reader === undefined) {
      await save(sourceId, token, account.state, { ms: 24 * 3_600_000 });
      return { outcome: 'aside', reason: 'needs-account' };
    }
    if (isResting(found, account.state)) {
      await save(sourceId, token, account.state, { ms: RESTING_MS });
      return { outcome: 'read', items: 0 };
    }
    try {
      const context = contextOf(found, account.sealed);
      const { state, items } = await readPages(found, reader, context, account.state, token);
      // Also one that this relay left in the middle because it is being stopped.
      const isOver = reader.next === undefined || state.job?.state === 'done';
      await save(sourceId, token, state, { ms: isOver ? reader.everyMs : RESTING_MS });
      return { outcome: 'read', items };
    } catch (error) {
      return await afterProblem(sourceId, token, error);
    }
  }

  async function afterProblem(sourceId: string, token: string, error: unknown): Promise<ReadOutcome> {
    // The pages before were saved as they were stored.
    const stored = await rpc('ws_account_get', { p_source: sourceId });
    const state = stored === '' ? {} : (objectOf(JSON.parse(stored)).state as ReaderState);
    if (error instanceof InboxFull) {
      await save(sourceId, token, state, { ms: FULL_RETRY_MS });
      return { outcome: 'wait', reason: 'busy', retryMs: FULL_RETRY_MS };
    }
    if (!(error instanceof ProviderProblem)) log.warn({ error, sourceId }, 'a source could not be read');
    const isRefused = error instanceof ProviderProblem && error.code === 'provider-refused';
    const asked = error instanceof ProviderProblem ? error.retryAfterMs : undefined;
    const retryMs = isRefused ? REFUSED_RETRY_MS : (asked ?? RETRY_MS);
    const problem = isRefused ? 'provider-refused' : 'provider-away';
    await save(sourceId, token, state, { ms: retryMs, problem });
    return isRefused
      ? { outcome: 'aside', reason: 'provider-refused' }
      : { outcome: 'wait', reason: 'provider-away', retryMs };
  }

  const claim = (sourceId: string, limit: number, token: string) =>
    callJson<ClaimedAccount[]>(rpc, 'ws_account_claim', {
      p_source: sourceId,
      p_limit: String(limit),
      p_lease_ms: String(LEASE_MS),
      p_token: token,
    });

  async function look(): Promise<void> {
    try {
      const token = randomUUID();
      const due = await claim('', AT_ONCE, token);
      await Promise.all(due.map((account) => sync(account, token)));
    } catch (error) {
      log.warn({ error }, 'sources that are due could not be looked at');
    }
    if (!isClosing) cancelLook = options.schedule(LOOK_MS, () => void track(look()));
  }

  function track<T>(work: Promise<T>): Promise<T> {
    running.add(work);
    const done = () => void running.delete(work);
    work.then(done, done);
    return work;
  }

  async function readOne(found: SourceWithSecrets, reader: Reader, externalId: string): Promise<ReadOutcome> {
    const { id } = found.source;
    const stored = await rpc('ws_account_get', { p_source: id });
    if (stored === '') return { outcome: 'aside', reason: 'needs-account' };
    if (reader.read === undefined) {
      const token = randomUUID();
      const [account] = await claim(id, 1, token);
      // Somebody is reading it at this moment: what was announced may have come too late for them.
      return account === undefined
        ? { outcome: 'wait', reason: 'busy', retryMs: 1_000 }
        : await sync(account, token);
    }
    try {
      const { sealed } = JSON.parse(stored) as { sealed: string };
      const items = await reader.read(contextOf(found, sealed), externalId);
      await store(found, items);
      return { outcome: 'read', items: items.length };
    } catch (error) {
      if (error instanceof ProviderProblem && error.code === 'provider-refused')
        return { outcome: 'aside', reason: 'provider-refused' };
      if (!(error instanceof ProviderProblem) && !(error instanceof InboxFull))
        log.warn({ error, sourceId: id }, 'an announced thing could not be read');
      const retryMs = (error instanceof ProviderProblem ? error.retryAfterMs : undefined) ?? RETRY_MS;
      return { outcome: 'wait', reason: 'provider-away', retryMs };
    }
  }

  return {
    async readAnnounced(sourceId, externalId) {
      const found = await sources.get(sourceId);
      const reader = found && readerOf(found.source.provider);
      if (found === undefined || reader === undefined) return { outcome: 'aside', reason: 'needs-account' };
      return await track(readOne(found, reader, externalId));
    },
    start() {
      void track(look());
    },
    async close() {
      isClosing = true;
      cancelLook?.();
      await Promise.allSettled(running);
    },
  };
}
