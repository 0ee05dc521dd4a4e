// What `npm run sources` asks the running relay.
import {
  AppError,
  auditRowSchema,
  createSourceRequestSchema,
  deliveriesResponseSchema,
  sourceSchema,
  sourceWithSecretSchema,
} from '@wedsync/shared';
import * as z from 'zod/mini';
import { callJson, type Rpc } from '../store/rpc.ts';
import type { Api } from './api.ts';
import { createSource, type SourceRouteDeps, toSource } from './sources.ts';

const idParams = z.object({ id: z.string() });
const BY = 'admin';

export function registerAdminSourceRoutes(
  api: Api,
  deps: Pick<SourceRouteDeps, 'sources' | 'deliveries' | 'baseUrl' | 'events'> & { readonly rpc: Rpc },
): void {
  const { sources, deliveries, events } = deps;

  api.route({
    method: 'GET',
    path: '/api/admin/sources',
    auth: 'admin',
    summary: 'Webhook sources of a list, or of all lists',
    query: z.object({ list: z.optional(z.string()) }),
    result: z.array(z.extend(sourceSchema, { listId: z.string() })),
    handler: async ({ query }) =>
      (await sources.list(query.list)).map((stored) => ({
        ...toSource(stored, deps.baseUrl()),
        listId: stored.listId,
      })),
  });
  api.route({
    method: 'POST',
    path: '/api/admin/sources',
    auth: 'admin',
    summary: 'Make a webhook source for a list',
    body: z.extend(createSourceRequestSchema, { list: z.string() }),
    result: sourceWithSecretSchema,
    status: 201,
    handler: ({ body: { list, ...request } }) => createSource(deps, list, request, BY),
  });
  api.route({
    method: 'POST',
    path: '/api/admin/sources/:id/rotate',
    auth: 'admin',
    summary: 'A new secret; the one before works for seven days more',
    params: idParams,
    result: z.object({ id: z.string(), url: z.string(), secret: z.string() }),
    handler: async ({ params }) => {
      const secret = await sources.rotate(params.id, BY);
      const found = await sources.get(params.id);
      if (found === undefined) throw new AppError('not-found');
      return { id: params.id, url: toSource(found.source, deps.baseUrl()).url, secret };
    },
  });
  api.route({
    method: 'POST',
    path: '/api/admin/sources/:id/state',
    auth: 'admin',
    summary: 'Pause, resume or delete a source',
    params: idParams,
    body: z.object({ state: z.enum(['active', 'paused', 'deleted']) }),
    result: z.object({ id: z.string(), state: z.string() }),
    handler: async ({ params, body }) => {
      await sources.setState(params.id, body.state, BY);
      events.emit('inbox.stored', { sourceId: params.id });
      return { id: params.id, state: body.state };
    },
  });
  api.route({
    method: 'GET',
    path: '/api/admin/sources/:id/deliveries',
    auth: 'admin',
    summary: 'The newest events of a source and what became of them',
    params: idParams,
    result: deliveriesResponseSchema,
    handler: async ({ params }) => ({ deliveries: await deliveries.list(params.id) }),
  });
  api.route({
    method: 'POST',
    path: '/api/admin/deliveries/:id/replay',
    auth: 'admin',
    summary: 'Apply an event again that was not applied',
    params: idParams,
    result: z.object({ ok: z.boolean() }),
    handler: async ({ params }) => {
      await deliveries.replay(params.id, BY);
      events.emit('inbox.stored', { sourceId: '' });
      return { ok: true };
    },
  });
  api.route({
    method: 'GET',
    path: '/api/admin/audit',
    auth: 'admin',
    summary: 'The newest rows of the audit log, of a list or a source or of all',
    query: z.object({ list: z.optional(z.string()), source: z.optional(z.string()) }),
    result: z.array(auditRowSchema),
    handler: ({ query }) =>
      callJson<z.infer<typeof auditRowSchema>[]>(deps.rpc, 'ws_audit', {
        p_list: query.list ?? '',
        p_source: query.source ?? '',
        p_limit: '1000',
      }),
  });
}
