// Webhook sources of a list: made, watched and ended by its owner and editors.
import {
  AppError,
  createSourceRequestSchema,
  deliveriesResponseSchema,
  type Role,
  rotateSourceRequestSchema,
  type Source,
  type SourceWithSecret,
  sampleResponseSchema,
  sourceSchema,
  sourcesResponseSchema,
  sourceWithSecretSchema,
} from '@wedsync/shared';
import * as z from 'zod';
import type { EventBus } from '../events.ts';
import { providerOf } from '../inbound/adapters/registry.ts';
import type { Deliveries } from '../inbound/deliveries.ts';
import { readerOf } from '../inbound/readers/registry.ts';
import { reasonSentence } from '../inbound/reasons.ts';
import { createSample, SAMPLE_EVENTS } from '../inbound/sample.ts';
import type { SourceStore, StoredSource } from '../inbound/source-store.ts';
import type { Api } from './api.ts';
import { createSourceAccess } from './source-access.ts';

export interface SourceRouteDeps {
  readonly sources: SourceStore;
  readonly deliveries: Deliveries;
  readonly roleOf: (listId: string, userId: string) => Promise<Role | ''>;
  readonly events: EventBus;
  /** Address under which other systems reach this relay, without a slash at the end. */
  readonly baseUrl: () => string;
  readonly now: () => number;
}

const HOUR_MS = 3_600_000;
/** DOCUMENT rule 9 (d): "ask me when it overwrites something changed in the last 24 hours". */
const DEFAULT_SETTLE_HOURS = 24;

const idParams = z.object({ id: z.string() });
const doneSchema = z.object({ ok: z.boolean() });

/** Nothing for a source that has never been read, or is not connected any more before all was read. */
function importOf(stored: StoredSource): Pick<Source, 'import'> {
  const { account, provider, settings } = stored;
  if (account === null) return {};
  const { connected, problem, job, imported } = account;
  if (job?.state === 'done') return { import: { ...job, ...(imported !== null && { outcomes: imported }) } };
  // Just connected: what the first look finds is not known for some seconds.
  const isBeginning = job === null && problem === null && readerOf(provider)?.next !== undefined;
  if (!connected || (job === null && !isBeginning)) return {};
  return { import: { state: settings.isImportPaused === true ? 'paused' : 'running', read: job?.read ?? 0 } };
}

/** A source as the API shows it. */
export function toSource(stored: StoredSource, baseUrl: string): Source {
  const { id, name, provider, state, createdAt, lastEventAt, settleMs, account } = stored;
  return {
    id,
    name,
    provider,
    state,
    url: `${baseUrl}/webhooks/${id}`,
    settleHours: settleMs / HOUR_MS,
    createdAt,
    ...(lastEventAt === null ? {} : { lastEventAt }),
    settings: stored.settings,
    bodySignature: stored.bodySignature,
    canConnect: readerOf(provider) !== undefined,
    isConnected: account?.connected ?? false,
    ...(account?.problem && { problem: reasonSentence(account.problem) }),
    ...importOf(stored),
    vanished: [...stored.vanished],
  };
}

/** Makes a source; its secret is shown this once. Throws `not-found` for an unknown list. */
export async function createSource(
  deps: Pick<SourceRouteDeps, 'sources' | 'baseUrl'>,
  listId: string,
  request: z.output<typeof createSourceRequestSchema>,
  by: string,
): Promise<SourceWithSecret> {
  if (providerOf(request.provider) === undefined) throw new AppError('invalid-value');
  const { source, secret } = await deps.sources.create({
    listId,
    name: request.name.trim(),
    provider: request.provider,
    settleMs: Math.round((request.settleHours ?? DEFAULT_SETTLE_HOURS) * HOUR_MS),
    bodySignature: request.bodySignature ?? false,
    ...(request.settings && { settings: request.settings }),
    ...(request.secret && { secret: request.secret }),
    by,
  });
  return { ...toSource(source, deps.baseUrl()), secret };
}

export function registerSourceRoutes(api: Api, deps: SourceRouteDeps): void {
  const { sources, deliveries, events } = deps;

  const { requireEditor, ownSource } = createSourceAccess(deps);

  async function sourceNow(id: string): Promise<Source> {
    const found = await sources.get(id);
    if (found === undefined) throw new AppError('not-found');
    return toSource(found.source, deps.baseUrl());
  }

  api.route({
    method: 'GET',
    path: '/api/lists/:id/sources',
    auth: 'person',
    summary: 'The webhook sources of a list',
    params: idParams,
    result: sourcesResponseSchema,
    handler: async ({ params, person }) => {
      await requireEditor(params.id, person);
      return { sources: (await sources.list(params.id)).map((stored) => toSource(stored, deps.baseUrl())) };
    },
  });
  api.route({
    method: 'POST',
    path: '/api/lists/:id/sources',
    auth: 'person',
    summary: 'Make a webhook source; the only time that its secret is shown',
    params: idParams,
    body: createSourceRequestSchema,
    result: sourceWithSecretSchema,
    status: 201,
    handler: async ({ params, person, body }) => {
      await requireEditor(params.id, person);
      return await createSource(deps, params.id, body, person.userId);
    },
  });
  api.route({
    method: 'POST',
    path: '/api/sources/:id/rotate',
    auth: 'person',
    summary: 'A new secret; the one before works for seven days more',
    params: idParams,
    body: rotateSourceRequestSchema,
    result: sourceWithSecretSchema,
    handler: async ({ params, person, body }) => {
      await ownSource(params.id, person);
      const secret = await sources.rotate(params.id, person.userId, body?.secret);
      return { ...(await sourceNow(params.id)), secret };
    },
  });
  for (const [verb, state] of [
    ['pause', 'paused'],
    ['resume', 'active'],
  ] as const) {
    api.route({
      method: 'POST',
      path: `/api/sources/:id/${verb}`,
      auth: 'person',
      summary:
        verb === 'pause' ? 'Keep what arrives without applying it' : 'Apply what arrives, and what was kept',
      params: idParams,
      result: sourceSchema,
      handler: async ({ params, person }) => {
        await ownSource(params.id, person);
        await sources.setState(params.id, state, person.userId);
        events.emit('inbox.stored', { sourceId: params.id });
        return await sourceNow(params.id);
      },
    });
  }
  api.route({
    method: 'DELETE',
    path: '/api/sources/:id',
    auth: 'person',
    summary: 'End a source; what it wrote stays',
    params: idParams,
    result: doneSchema,
    handler: async ({ params, person }) => {
      await ownSource(params.id, person);
      await sources.setState(params.id, 'deleted', person.userId);
      return { ok: true };
    },
  });
  api.route({
    method: 'GET',
    path: '/api/sources/:id/deliveries',
    auth: 'person',
    summary: 'The newest events of a source and what became of them',
    params: idParams,
    result: deliveriesResponseSchema,
    handler: async ({ params, person }) => {
      await ownSource(params.id, person);
      return { deliveries: await deliveries.list(params.id) };
    },
  });
  api.route({
    method: 'POST',
    path: '/api/deliveries/:id/replay',
    auth: 'person',
    summary: 'Apply an event again that was not applied',
    params: idParams,
    result: doneSchema,
    handler: async ({ params, person }) => {
      const sourceId = await deliveries.sourceOf(params.id);
      if (sourceId === undefined) throw new AppError('not-found');
      await ownSource(sourceId, person);
      await deliveries.replay(params.id, person.userId);
      events.emit('inbox.stored', { sourceId });
      return { ok: true };
    },
  });
  api.route({
    method: 'GET',
    path: '/api/sources/:id/sample',
    auth: 'person',
    summary: 'A signed request to paste into a terminal, good for five minutes',
    params: idParams,
    query: z.object({ event: z.enum(SAMPLE_EVENTS).optional() }),
    result: sampleResponseSchema,
    handler: async ({ params, person, query }) => {
      const { source, secrets } = await ownSource(params.id, person);
      const secret = secrets[0]?.secret;
      if (secret === undefined) throw new AppError('not-found');
      const { url } = toSource(source, deps.baseUrl());
      return createSample({ url, secret }, query.event ?? 'client.created', deps.now());
    },
  });
}
