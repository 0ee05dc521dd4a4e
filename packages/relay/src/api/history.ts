// The history of a couple, field by field: what stood there, who or what wrote it, and when it was replaced.
import {
  AppError,
  type FieldValue,
  type HistoryEntry,
  historyResponseSchema,
  hlcToMs,
  isRecordId,
  type Role,
} from '@wedsync/shared';
import * as z from 'zod';
import type { SourceStore } from '../inbound/source-store.ts';
import { callJson, type Rpc } from '../store/rpc.ts';
import { CREATED_FIELD } from '../writer/history-row.ts';
import type { Api } from './api.ts';

export interface HistoryRouteDeps {
  readonly rpc: Rpc;
  readonly sources: Pick<SourceStore, 'list'>;
  readonly roleOf: (listId: string, userId: string) => Promise<Role | ''>;
}

type HistoryRow = {
  readonly field: string;
  readonly hlc: number;
  readonly actor: number;
  /** JSON; null when it was scrubbed. */
  readonly value: string | null;
  readonly sender: string;
  readonly email: string | null;
  readonly storedAt: number;
  readonly replacedAt: number | null;
};

const SOURCE_SENDER = 'source:';

function authorOf(row: HistoryRow, sourceNames: ReadonlyMap<string, string>): HistoryEntry['by'] {
  if (row.sender === 'service') return { kind: 'service', id: 'service' };
  if (!row.sender.startsWith(SOURCE_SENDER))
    return { kind: 'person', id: row.sender, ...(row.email === null ? {} : { name: row.email }) };
  const id = row.sender.slice(SOURCE_SENDER.length);
  const name = sourceNames.get(id);
  return { kind: 'source', id, ...(name === undefined ? {} : { name }) };
}

/** A creation stands as one row with all its values; those that were replaced since have rows of their own. */
function expand(rows: readonly HistoryRow[]): { row: HistoryRow; field: string; value: FieldValue }[] {
  const keyOf = (row: HistoryRow, field: string) => `${row.hlc}:${row.actor} ${field}`;
  const own = new Set(rows.map((row) => keyOf(row, row.field)));
  return rows.flatMap((row) => {
    const value = row.value === null ? null : (JSON.parse(row.value) as unknown);
    if (row.field !== CREATED_FIELD) return [{ row, field: row.field, value: value as FieldValue }];
    return Object.entries((value ?? {}) as Record<string, FieldValue>)
      .filter(([field]) => !own.has(keyOf(row, field)))
      .map(([field, created]) => ({ row, field, value: created }));
  });
}

/** Entries of one record, newest first. */
export function toHistory(
  rows: readonly HistoryRow[],
  sourceNames: ReadonlyMap<string, string>,
): HistoryEntry[] {
  return expand(rows)
    .map(({ row, field, value }) => ({
      field,
      value,
      at: hlcToMs(row.hlc),
      by: authorOf(row, sourceNames),
      storedAt: row.storedAt,
      ...(row.replacedAt === null ? {} : { replacedAt: row.replacedAt }),
    }))
    .sort((a, b) => b.storedAt - a.storedAt || b.at - a.at);
}

export function registerHistoryRoute(api: Api, { rpc, sources, roleOf }: HistoryRouteDeps): void {
  api.route({
    method: 'GET',
    path: '/api/lists/:id/history/:recordId',
    auth: 'person',
    summary: 'Every value that the fields of a couple had, with who wrote it and when',
    params: z.object({ id: z.string(), recordId: z.string() }),
    result: historyResponseSchema,
    handler: async ({ params, person }) => {
      if ((await roleOf(params.id, person.userId)) === '' || !isRecordId(params.recordId))
        throw new AppError('not-found');
      const [rows, known] = await Promise.all([
        callJson<HistoryRow[]>(rpc, 'ws_history', { p_list: params.id, p_records: [params.recordId] }),
        sources.list(params.id),
      ]);
      return { history: toHistory(rows, new Map(known.map(({ id, name }) => [id, name]))) };
    },
  });
}
