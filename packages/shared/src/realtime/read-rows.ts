// Reads rows of the read model page by page, from the versions that a program has seen.
import type { SupabaseClient } from '@supabase/supabase-js';
import { type ClientRow, parseClientRow } from './client-row.ts';
import type { Versions } from './known-rows.ts';

/** What is watched: one list, or all lists of one supplier (their owner's user id). */
export type WatchFilter = { readonly listId: string } | { readonly supplierId: string };

export const TABLE = 'client_list_cache';
/** Supabase answers at most 1,000 rows at once. */
const PAGE = 1_000;

export function filterOf(filter: WatchFilter): { column: 'list_id' | 'supplier_id'; value: string } {
  return 'listId' in filter
    ? { column: 'list_id', value: filter.listId }
    : { column: 'supplier_id', value: filter.supplierId };
}

/**
 * Rows of each known list from its version on, that version included (an import of thousands of couples is one
 * version, and may have been read in the middle), and all rows of lists not seen before. Throws the client's error.
 */
export async function readRows(
  client: SupabaseClient,
  filter: WatchFilter,
  versions: Versions,
  onInvalid: (value: unknown) => void,
): Promise<ClientRow[]> {
  const { column, value } = filterOf(filter);
  const known = Object.entries(versions);
  const rows: ClientRow[] = [];

  async function readAll(from: { listId: string; version: number } | undefined): Promise<void> {
    for (let offset = 0; ; offset += PAGE) {
      let query = client.from(TABLE).select('*').eq(column, value);
      if (from !== undefined) query = query.eq('list_id', from.listId).gte('version', from.version);
      else if (known.length > 0) query = query.not('list_id', 'in', `(${known.map(([id]) => id).join(',')})`);
      const page = query
        .order('list_id')
        .order('version')
        .order('record_id')
        .range(offset, offset + PAGE - 1);
      const { data, error } = await page;
      if (error !== null) throw error;
      for (const raw of data as unknown[]) {
        const row = parseClientRow(raw);
        if (row === undefined) onInvalid(raw);
        else rows.push(row);
      }
      if (data.length < PAGE) return;
    }
  }

  for (const [listId, version] of known) await readAll({ listId, version });
  if ('supplierId' in filter || known.length === 0) await readAll(undefined);
  return rows;
}
