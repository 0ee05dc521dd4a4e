// The activity of a list: what people, sources and strangers did, from the field history and the audit log.
import {
  ACTIVITY_KINDS,
  type ActivityEntry,
  AppError,
  activityResponseSchema,
  type Role,
} from '@wedsync/shared';
import * as z from 'zod';
import { reasonSentence } from '../inbound/reasons.ts';
import { callJson, type Rpc } from '../store/rpc.ts';
import type { Api } from './api.ts';

export interface ActivityDeps {
  readonly rpc: Rpc;
  readonly roleOf: (listId: string, userId: string) => Promise<Role | ''>;
}

/** As `ws_activity` answers. */
interface ActivityRow {
  /** Microseconds since 1970. */
  readonly us: number;
  readonly key: string;
  readonly actor: string;
  readonly action: string;
  readonly outcome: string;
  readonly reason: string | null;
  readonly recordId: string | null;
  readonly fields: readonly string[];
  readonly sourceId: string | null;
  readonly sourceName: string | null;
  readonly person: string | null;
  readonly count: number;
}

const MAX_ENTRIES = 200;
const MICROSECONDS = 1_000;
const CURSOR = /^(\d{1,17})~([\w:@.-]{1,200})$/;

/** Refusals before anything was stored; all others are reasons of deliveries. */
const REFUSALS: Readonly<Record<string, string>> = {
  'no-match': 'The signature does not match.',
  'outside-window': 'Its time is too far from ours.',
  'missing-header': 'It was not signed.',
  'no-secret': 'There is no secret to check it with.',
  'inbox-full': 'Too many events were waiting.',
};

/** What was given to, or asked of, a member. */
const ROLES: Readonly<Record<string, string>> = {
  owner: 'Owns the list.',
  editor: 'May see and change its couples.',
  viewer: 'May see its couples.',
};

/** Of what members and versions are about, the rest names rows of tables: nothing for people. */
function reasonOf(action: string, reason: string | null): string | undefined {
  if (reason === null) return undefined;
  if (action === 'webhook' || action.startsWith('source.') || action.startsWith('delivery.'))
    return REFUSALS[reason] ?? reasonSentence(reason);
  return ROLES[reason];
}

function whoOf({ actor, sourceName, person }: ActivityRow): ActivityEntry['who'] {
  if (actor === '') return { kind: 'stranger', id: '' };
  if (actor.startsWith('source:')) {
    const id = actor.slice('source:'.length);
    return { kind: 'source', id, ...(sourceName === null ? {} : { name: sourceName }) };
  }
  if (actor === 'service' || actor === 'admin') return { kind: 'service', id: actor };
  return { kind: 'person', id: actor, ...(person === null ? {} : { name: person }) };
}

export function toActivityEntry(row: ActivityRow): ActivityEntry {
  const { us, key, action, outcome, reason, recordId, fields, sourceName, count } = row;
  const said = reasonOf(action, reason);
  return {
    id: `${us}~${key}`,
    at: Math.floor(us / MICROSECONDS),
    who: whoOf(row),
    action,
    outcome,
    fields: [...fields],
    count,
    ...(said === undefined ? {} : { reason: said }),
    ...(recordId === null ? {} : { recordId }),
    ...(sourceName === null ? {} : { sourceName }),
  };
}

export function registerActivityRoute(api: Api, { rpc, roleOf }: ActivityDeps): void {
  api.route({
    method: 'GET',
    path: '/api/lists/:id/activity',
    auth: 'person',
    summary: 'Who or what changed which couple, when and from where; newest first, by pages',
    params: z.object({ id: z.string() }),
    query: z.object({
      kind: z.enum(ACTIVITY_KINDS).optional(),
      record: z.string().max(64).optional(),
      before: z.string().regex(CURSOR).optional(),
      limit: z.coerce.number().int().min(1).max(MAX_ENTRIES).optional(),
    }),
    result: activityResponseSchema,
    handler: async ({ params, query, person }) => {
      const role = await roleOf(params.id, person.userId);
      if (role === '') throw new AppError('not-found');
      if (role === 'viewer') throw new AppError('forbidden');
      const { kind = 'all', record = '', before = '', limit = 50 } = query;
      const [, us = '', key = ''] = CURSOR.exec(before) ?? [];
      const rows = await callJson<ActivityRow[]>(rpc, 'ws_activity', {
        p_list: params.id,
        p_kind: kind === 'all' ? '' : kind,
        p_record: record,
        p_before_us: us,
        p_before_key: key,
        p_limit: String(limit),
      });
      const entries = rows.map(toActivityEntry);
      const last = entries.at(-1);
      return { entries, ...(entries.length < limit || last === undefined ? {} : { next: last.id }) };
    },
  });
}
