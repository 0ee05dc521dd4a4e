// The relay's HTTP API as typed calls. Expected failures are results with a code of the error registry.
import {
  type ActivityKind,
  type ActivityPage,
  activityResponseSchema,
  type ConfigResponse,
  type CreateSourceRequest,
  configResponseSchema,
  type Delivery,
  deliveriesResponseSchema,
  ERROR_CODES,
  type ErrorCode,
  errorBodySchema,
  type HealthRange,
  type HistoryEntry,
  historyResponseSchema,
  isErrorCode,
  type ListHealth,
  type ListSummary,
  listHealthSchema,
  listSummarySchema,
  listsResponseSchema,
  type RefusedUpdate,
  type RestoreCounts,
  type RestoreResponse,
  refusedResponseSchema,
  restoreCountsSchema,
  restoreResponseSchema,
  type Source,
  type SourceWithSecret,
  sampleResponseSchema,
  sourcesResponseSchema,
  sourceWithSecretSchema,
  type Version,
  versionSchema,
  versionsResponseSchema,
} from '@wedsync/shared';
import type { Account } from './account.ts';

export type ApiResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly code: ErrorCode; readonly message: string; readonly retryable: boolean };

/** A hung request must not hang a screen. */
const TIMEOUT_MS = 15_000;

/** Anything with zod's `safeParse`. */
export type Schema<T> = {
  safeParse(value: unknown): { success: true; data: T } | { success: false };
};
type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

export type Sample = { readonly command: string; readonly event: string; readonly expiresAt: number };

/** `before` is the `next` of the page before. */
export type ActivityQuery = {
  readonly kind: ActivityKind;
  readonly before?: string;
  readonly limit: number;
};

export type Api = {
  /** Any other call, with its answer's schema: for screens that are loaded when they are opened. */
  call<T>(method: Method, url: string, schema: Schema<T>, body?: unknown): Promise<ApiResult<T>>;
  lists(): Promise<ApiResult<readonly ListSummary[]>>;
  createList(name: string): Promise<ApiResult<ListSummary>>;
  sources(listId: string): Promise<ApiResult<readonly Source[]>>;
  createSource(listId: string, source: CreateSourceRequest): Promise<ApiResult<SourceWithSecret>>;
  rotateSource(sourceId: string): Promise<ApiResult<SourceWithSecret>>;
  pauseSource(sourceId: string): Promise<ApiResult<void>>;
  resumeSource(sourceId: string): Promise<ApiResult<void>>;
  deleteSource(sourceId: string): Promise<ApiResult<void>>;
  deliveries(sourceId: string): Promise<ApiResult<readonly Delivery[]>>;
  replayDelivery(deliveryId: string): Promise<ApiResult<void>>;
  sample(sourceId: string): Promise<ApiResult<Sample>>;
  /** Any other call, by its path and the schema of its answer. */
  ask<T>(method: Method, url: string, schema: Schema<T>, body?: unknown): Promise<ApiResult<T>>;
  activity(listId: string, query: ActivityQuery): Promise<ApiResult<ActivityPage>>;
  health(listId: string, range: HealthRange): Promise<ApiResult<ListHealth>>;
  history(listId: string, recordId: string): Promise<ApiResult<readonly HistoryEntry[]>>;
  versions(listId: string): Promise<ApiResult<readonly Version[]>>;
  refused(listId: string): Promise<ApiResult<readonly RefusedUpdate[]>>;
  keepVersion(listId: string, name: string): Promise<ApiResult<Version>>;
  versionDifference(listId: string, versionId: string): Promise<ApiResult<RestoreCounts>>;
  restoreVersion(listId: string, versionId: string): Promise<ApiResult<RestoreResponse>>;
  removeVersion(listId: string, versionId: string): Promise<ApiResult<void>>;
};

const nothing: Schema<void> = { safeParse: () => ({ success: true, data: undefined }) };
const path = (strings: TemplateStringsArray, ...ids: string[]): string =>
  String.raw({ raw: strings }, ...ids.map(encodeURIComponent));

/** `fetch` is a parameter for tests. */
export function createApi(
  account: Pick<Account, 'getToken'>,
  fetcher: typeof fetch = fetch.bind(globalThis),
): Api {
  async function call<T>(
    method: Method,
    url: string,
    schema: Schema<T>,
    body?: unknown,
  ): Promise<ApiResult<T>> {
    const result = await account.getToken();
    if ('missing' in result) return failure(result.missing === 'signed-out' ? 'unauthorized' : 'unreachable');
    return await request(fetcher, { method, url, schema, body, token: result.token });
  }
  const list = async <T, K extends string>(url: string, schema: Schema<Record<K, T[]>>, key: K) => {
    const result = await call('GET', url, schema);
    return result.ok ? { ok: true as const, value: result.value[key] as readonly T[] } : result;
  };

  return {
    call,
    lists: () => list('/api/lists', listsResponseSchema, 'lists'),
    createList: (name) => call('POST', '/api/lists', listSummarySchema, { name }),
    sources: (listId) => list(path`/api/lists/${listId}/sources`, sourcesResponseSchema, 'sources'),
    createSource: (listId, source) =>
      call('POST', path`/api/lists/${listId}/sources`, sourceWithSecretSchema, source),
    rotateSource: (id) => call('POST', path`/api/sources/${id}/rotate`, sourceWithSecretSchema),
    pauseSource: (id) => call('POST', path`/api/sources/${id}/pause`, nothing),
    resumeSource: (id) => call('POST', path`/api/sources/${id}/resume`, nothing),
    deleteSource: (id) => call('DELETE', path`/api/sources/${id}`, nothing),
    deliveries: (id) => list(path`/api/sources/${id}/deliveries`, deliveriesResponseSchema, 'deliveries'),
    replayDelivery: (id) => call('POST', path`/api/deliveries/${id}/replay`, nothing),
    sample: (id) => call('GET', path`/api/sources/${id}/sample`, sampleResponseSchema),
    ask: call,
    activity(listId, { kind, before, limit }) {
      const query = new URLSearchParams({
        kind,
        limit: String(limit),
        ...(before === undefined ? {} : { before }),
      });
      return call('GET', `${path`/api/lists/${listId}/activity`}?${query}`, activityResponseSchema);
    },
    health: (listId, range) =>
      call('GET', `${path`/api/lists/${listId}/health`}?range=${range}`, listHealthSchema),
    history: (listId, recordId) =>
      list(path`/api/lists/${listId}/history/${recordId}`, historyResponseSchema, 'history'),
    refused: (listId) => list(path`/api/lists/${listId}/refused`, refusedResponseSchema, 'refused'),
    versions: (listId) => list(path`/api/lists/${listId}/versions`, versionsResponseSchema, 'versions'),
    keepVersion: (listId, name) => call('POST', path`/api/lists/${listId}/versions`, versionSchema, { name }),
    versionDifference: (listId, id) =>
      call('GET', path`/api/lists/${listId}/versions/${id}/difference`, restoreCountsSchema),
    restoreVersion: (listId, id) =>
      call('POST', path`/api/lists/${listId}/versions/${id}/restore`, restoreResponseSchema),
    removeVersion: (listId, id) => call('DELETE', path`/api/lists/${listId}/versions/${id}`, nothing),
  };
}

/** `GET /api/config`: public. Rejects when the server does not answer as expected. */
export async function loadConfig(fetcher: typeof fetch = fetch): Promise<ConfigResponse> {
  const result = await request(fetcher, { method: 'GET', url: '/api/config', schema: configResponseSchema });
  if (!result.ok) throw new Error(`config: ${result.code}`);
  return result.value;
}

/** A call that needs no sign-in. */
export function callPublic<T>(url: string, schema: Schema<T>, body: unknown): Promise<ApiResult<T>> {
  return request(fetch.bind(globalThis), { method: 'POST', url, schema, body });
}

type Call<T> = {
  readonly method: Method;
  readonly url: string;
  readonly schema: Schema<T>;
  readonly body?: unknown;
  readonly token?: string;
};

async function request<T>(fetcher: typeof fetch, call: Call<T>): Promise<ApiResult<T>> {
  let response: Response;
  try {
    response = await fetcher(call.url, {
      method: call.method,
      headers: {
        accept: 'application/json',
        ...(call.token !== undefined && { authorization: `Bearer ${call.token}` }),
        ...(call.body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch {
    return failure(globalThis.navigator?.onLine === false ? 'offline' : 'unreachable');
  }
  const content: unknown = await response.json().catch(() => undefined);
  if (!response.ok) {
    const parsed = errorBodySchema.safeParse(content);
    const code = parsed.success ? parsed.data.error.code : '';
    if (isErrorCode(code)) return failure(code);
    return failure(response.status >= 500 ? 'unreachable' : 'invalid-request');
  }
  const parsed = call.schema.safeParse(content);
  return parsed.success ? { ok: true, value: parsed.data } : failure('upstream-failed');
}

const failure = (code: ErrorCode): ApiResult<never> => {
  const { message, retryable } = ERROR_CODES[code];
  return { ok: false, code, message, retryable };
};
