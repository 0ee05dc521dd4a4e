// What is behind a source: its mapping with a preview, its account at the provider, and its deliveries one by one.
import {
  AppError,
  auditResponseSchema,
  connectRequestSchema,
  DELIVERY_STATES,
  deliveriesResponseSchema,
  deliveryBodyResponseSchema,
  previewRequestSchema,
  previewResponseSchema,
  replayedResponseSchema,
  replayRangeRequestSchema,
  type SourceSettings,
  sourceSchema,
  sourceSettingsSchema,
} from '@wedsync/shared';
import * as z from 'zod';
import type { StoredBody } from '../inbound/deliveries.ts';
import type { ExpressionRunner } from '../inbound/mapping/expression.ts';
import { leavesOf, parsePath } from '../inbound/mapping/path.ts';
import { readerOf } from '../inbound/readers/registry.ts';
import { reasonSentence, toReason } from '../inbound/reasons.ts';
import { redactBody } from '../inbound/redact.ts';
import type { StoredSource } from '../inbound/source-store.ts';
import { understand } from '../inbound/understand.ts';
import { callJson, type Rpc } from '../store/rpc.ts';
import type { Api } from './api.ts';
import { createSourceAccess } from './source-access.ts';
import { type SourceRouteDeps, toSource } from './sources.ts';

export interface SourceToolsDeps extends SourceRouteDeps {
  readonly expressions: ExpressionRunner;
  readonly rpc: Rpc;
}

const PREVIEWED = 5;
const AUDIT_PAGE = 1_000;
const MAX_SAMPLE = 80;
const idParams = z.object({ id: z.string() });

/** Paths that are none and zones that nobody has are found here, not when the next event comes. */
function checkSettings(settings: SourceSettings): void {
  const paths = (settings.mapping ?? []).map(({ from }) => from);
  const all = settings.externalIdPath === undefined ? paths : [...paths, settings.externalIdPath];
  if (all.some((path) => parsePath(path) === undefined)) throw new AppError('invalid-value');
  try {
    new Intl.DateTimeFormat('en', { timeZone: settings.timeZone });
  } catch {
    throw new AppError('invalid-value');
  }
}

export function registerSourceTools(api: Api, deps: SourceToolsDeps): void {
  const { sources, deliveries, events, expressions, rpc, now } = deps;
  const { requireEditor, ownSource } = createSourceAccess(deps);

  async function sourceNow(id: string) {
    const found = await sources.get(id);
    if (found === undefined) throw new AppError('not-found');
    return toSource(found.source, deps.baseUrl());
  }

  async function previewOf(source: StoredSource, stored: StoredBody, settings: SourceSettings) {
    const { id, event, receivedAt, body } = stored;
    const delivery = { body, sourceId: source.id, receivedAtMs: receivedAt, settings };
    const { adapted, payload } = await understand(source.provider, delivery, expressions);
    const values = adapted?.ok ? Object.entries(adapted.fields).filter(([, value]) => value !== null) : [];
    const preview = {
      id,
      event,
      receivedAt,
      values: Object.fromEntries(values) as Record<string, string | number | boolean>,
      problems: [...(adapted?.problems ?? [])],
      ...(adapted?.ok === false && { reason: reasonSentence(toReason(adapted.reason, adapted.problems)) }),
    };
    return { preview, payload };
  }

  api.route({
    method: 'POST',
    path: '/api/sources/:id/preview',
    auth: 'person',
    summary: 'What settings would make of the newest deliveries; nothing is written',
    params: idParams,
    body: previewRequestSchema,
    result: previewResponseSchema,
    handler: async ({ params, person, body }) => {
      const { source } = await ownSource(params.id, person);
      checkSettings(body.settings);
      const bodies = await deliveries.newestBodies(source.id, PREVIEWED);
      const all = [];
      for (const stored of bodies) all.push(await previewOf(source, stored, body.settings));
      const places = new Map<string, string>();
      for (const { payload } of all)
        for (const { path, value } of leavesOf(payload))
          if (!places.has(path)) places.set(path, String(value ?? '').slice(0, MAX_SAMPLE));
      return {
        previews: all.map(({ preview }) => preview),
        places: [...places].map(([path, sample]) => ({ path, sample })),
      };
    },
  });
  api.route({
    method: 'POST',
    path: '/api/sources/:id/settings',
    auth: 'person',
    summary: 'Set how a source is read',
    params: idParams,
    body: sourceSettingsSchema,
    result: sourceSchema,
    handler: async ({ params, person, body }) => {
      await ownSource(params.id, person);
      checkSettings(body);
      await sources.setSettings(params.id, body, person.userId);
      return await sourceNow(params.id);
    },
  });
  api.route({
    method: 'POST',
    path: '/api/sources/:id/account',
    auth: 'person',
    summary: 'Connect the account that the source is read through; kept encrypted, never shown again',
    params: idParams,
    body: connectRequestSchema,
    result: sourceSchema,
    handler: async ({ params, person, body }) => {
      const { source } = await ownSource(params.id, person);
      if (readerOf(source.provider) === undefined) throw new AppError('invalid-value');
      await sources.connect(params.id, JSON.stringify(body.credentials), person.userId);
      return await sourceNow(params.id);
    },
  });
  api.route({
    method: 'DELETE',
    path: '/api/sources/:id/account',
    auth: 'person',
    summary: 'Forget the account of a source',
    params: idParams,
    result: sourceSchema,
    handler: async ({ params, person }) => {
      await ownSource(params.id, person);
      await sources.connect(params.id, undefined, person.userId);
      return await sourceNow(params.id);
    },
  });
  api.route({
    method: 'POST',
    path: '/api/sources/:id/replay',
    auth: 'person',
    summary: 'Apply the deliveries of a time again',
    params: idParams,
    body: replayRangeRequestSchema,
    result: replayedResponseSchema,
    handler: async ({ params, person, body }) => {
      await ownSource(params.id, person);
      const range = { from: body.from, to: body.to ?? now() + 1, isAll: body.isAll ?? false };
      const count = await deliveries.replayRange(params.id, range, person.userId);
      events.emit('inbox.stored', { sourceId: params.id });
      return { count };
    },
  });
  api.route({
    method: 'GET',
    path: '/api/sources/:id/deliveries/search',
    auth: 'person',
    summary: 'Deliveries by words, state and position',
    params: idParams,
    query: z.object({
      text: z.string().max(200).optional(),
      state: z.enum(DELIVERY_STATES).optional(),
      before: z.string().optional(),
    }),
    result: deliveriesResponseSchema,
    handler: async ({ params, person, query }) => {
      await ownSource(params.id, person);
      const { text, state, before } = query;
      const wanted = { ...(text && { text }), ...(state && { state }), ...(before && { before }) };
      return { deliveries: await deliveries.list(params.id, wanted) };
    },
  });
  api.route({
    method: 'GET',
    path: '/api/deliveries/:id/body',
    auth: 'person',
    summary: 'What a delivery said, without what looks like a secret',
    params: idParams,
    result: deliveryBodyResponseSchema,
    handler: async ({ params, person }) => {
      const sourceId = await deliveries.sourceOf(params.id);
      if (sourceId === undefined) throw new AppError('not-found');
      await ownSource(sourceId, person);
      const stored = await deliveries.body(params.id);
      if (stored === undefined) throw new AppError('not-found');
      return { event: stored.event, receivedAt: stored.receivedAt, body: redactBody(stored.body) };
    },
  });
  api.route({
    method: 'GET',
    path: '/api/lists/:id/stuck',
    auth: 'person',
    summary: 'Deliveries of all sources that were not understood or failed',
    params: idParams,
    result: deliveriesResponseSchema,
    handler: async ({ params, person }) => {
      await requireEditor(params.id, person);
      return { deliveries: await deliveries.stuck(params.id) };
    },
  });
  api.route({
    method: 'GET',
    path: '/api/lists/:id/audit',
    auth: 'person',
    summary: 'The audit log of a list, newest first, a thousand rows at a time; `before` goes on',
    params: idParams,
    query: z.object({
      before: z
        .string()
        .regex(/^\d{1,15}$/)
        .optional(),
    }),
    result: auditResponseSchema,
    handler: async ({ params, person, query }) => {
      await requireEditor(params.id, person);
      const args = { p_list: params.id, p_before: query.before ?? '', p_limit: String(AUDIT_PAGE) };
      return {
        rows: await callJson<z.output<typeof auditResponseSchema>['rows']>(rpc, 'ws_audit_page', args),
      };
    },
  });
}
