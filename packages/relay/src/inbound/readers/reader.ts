// Reading from a provider: what an event announced, and what happened while nobody told us.
import type { SourceSettings } from '@wedsync/shared';
import type { FetchAnswer, FetchRequest } from '../../net/guarded-fetch.ts';
import { isObject, type Json, readJson } from '../adapters/json.ts';

/** One thing that was read, on its way into the inbox. */
export interface ReadItem {
  /** The same for the same state of the same thing, so that reading twice changes nothing. */
  readonly eventId: string;
  /** What the adapter knows it by. */
  readonly kind: string;
  readonly item: Json;
}

/** What a reader keeps between its runs. Plain JSON. */
export interface ReaderState {
  /** The first import: over when `done`. */
  readonly job?: {
    readonly state: 'running' | 'done';
    readonly read: number;
    readonly after?: string;
    /** UTC ms. */
    readonly endedAt?: number;
  };
  readonly cursor?: string;
  /** Open push channels, newest first. */
  readonly channels?: readonly {
    readonly id: string;
    readonly resourceId?: string;
    readonly expiresAt: number;
  }[];
  /** Ids that the provider had when everything was listed last: what is missing then is gone. */
  readonly known?: readonly string[];
  /** Ids listed so far by the listing that is under way. */
  readonly listed?: readonly string[];
  readonly [more: string]: unknown;
}

export interface ReaderContext {
  readonly settings: SourceSettings;
  readonly credentials: Json;
  /** Newest secret of the source. */
  readonly secret: string;
  /** The source's own webhook address. */
  readonly webhookUrl: string;
  readonly now: () => number;
  readonly newId: () => string;
  /** An answer of 2xx as JSON. Rejects with ProviderProblem for everything else. */
  ask(url: string, request?: FetchRequest): Promise<Json>;
  /** Takes the secret that the provider has just made. */
  setSecret(secret: string): Promise<void>;
}

export interface Page {
  readonly items: readonly ReadItem[];
  readonly state: ReaderState;
  /** Whether there is more to read at once. */
  readonly isMore: boolean;
}

export interface Reader {
  /** What a thin event announced. Empty when it announced nothing. Without it the whole source is synced instead. */
  readonly read?: (context: ReaderContext, id: string) => Promise<readonly ReadItem[]>;
  /** The next page of what is new since `state`; from the beginning for an empty one. */
  readonly next?: (context: ReaderContext, state: ReaderState) => Promise<Page>;
  /** Opens and renews what must not run out. Called before the pages of each run. */
  readonly keep?: (context: ReaderContext, state: ReaderState) => Promise<ReaderState>;
  /** How often to look without being told. */
  readonly everyMs: number;
}

export type ProblemCode = 'provider-away' | 'provider-refused' | 'gone-there' | 'expired';

/** Why a provider did not give what it was asked for. */
export class ProviderProblem extends Error {
  readonly code: ProblemCode;
  readonly retryAfterMs: number | undefined;

  constructor(code: ProblemCode, retryAfterMs?: number) {
    super(code);
    this.name = 'ProviderProblem';
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Longer than this no provider's wish is followed in one go. */
const MAX_WAIT_MS = 15 * 60_000;

function retryAfterOf(answer: FetchAnswer): number | undefined {
  const seconds = Number(answer.headers['retry-after']);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds * 1000, MAX_WAIT_MS) : undefined;
}

/** The JSON of a good answer; a ProviderProblem for the rest. */
export function readAnswer(answer: FetchAnswer): Json {
  const { status } = answer;
  if (status >= 200 && status < 300) {
    if (answer.body.length === 0) return {};
    const json = readJson(answer.body);
    if (!isObject(json)) throw new ProviderProblem('provider-away');
    return json;
  }
  if (status === 401 || status === 403) throw new ProviderProblem('provider-refused');
  if (status === 404) throw new ProviderProblem('gone-there');
  // 422: Airtable's for a page that was asked for too long after the one before.
  if (status === 410 || status === 422) throw new ProviderProblem('expired');
  throw new ProviderProblem('provider-away', retryAfterOf(answer));
}
