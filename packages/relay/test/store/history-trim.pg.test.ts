// How long old values of a field stay: on a Postgres 15, whose clock needs no waiting when rows are dated back.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { createListStore } from '../../src/store/list-store.ts';
import { createRpc, type Rpc } from '../../src/store/rpc.ts';
import { createSupabase } from '../../src/supabase/client.ts';
import { type SupabaseOnPostgres, startSupabaseOnPostgres } from '../helpers/supabase-on-postgres.ts';

const listId = 'l_AAAAAAAAAAAAAAAAAAAAAA';
let server: SupabaseOnPostgres;
let rpc: Rpc;

beforeAll(async () => {
  server = await startSupabaseOnPostgres();
  const events = { onProgress: () => undefined, onCrash: () => undefined };
  rpc = createRpc((await createSupabase(readConfig(server.env), events)).client);
  await createListStore(rpc).create({ id: listId, name: 'Couples', owner: randomUUID() });
});
afterAll(() => server?.close());

/** [record, field, value, days since it was stored, days since it was replaced (none: it stands)] */
async function put(...rows: readonly [string, string, string, number, number | null][]): Promise<void> {
  const values = rows.map(
    ([record, field, value, storedDays, replacedDays], n) =>
      `('${listId}', '${record}', '${field}', ${n}, 1, '"${value}"', 'service', now() - interval '${storedDays} days', ` +
      `${replacedDays === null ? 'null' : `now() - interval '${replacedDays} days'`})`,
  );
  await server.postgres.run('postgres', `insert into wedsync.field_history values ${values.join(', ')}`);
}
const left = async () =>
  (await server.postgres.run('postgres', 'select value from wedsync.field_history order by hlc')).map(
    ({ value }) => JSON.parse(String(value)) as string,
  );
const trim = (days: number, limit = 1_000) =>
  rpc('ws_history_trim', { p_days: String(days), p_limit: String(limit) });

it('values that were replaced long ago go; what stands, however old, and when a couple was made and deleted stay', async () => {
  await put(
    ['r1', '*', 'made', 900, 800],
    ['r1', 'venue', 'long replaced', 900, 731],
    ['r1', 'venue', 'just inside', 731, 729],
    ['r1', 'venue', 'stands since long', 729, null],
    ['r1', '#deleted', 'deleted', 800, 780],
    ['r2', 'status', 'replaced too', 2_000, 1_000],
  );
  expect(await trim(730, 1)).toBe('1');
  expect(await trim(730, 1)).toBe('1');
  expect(await trim(730, 1)).toBe('0');
  expect(await left()).toEqual(['made', 'just inside', 'stands since long', 'deleted']);
  expect(await trim(30)).toBe('1');
  expect(await left()).toEqual(['made', 'stands since long', 'deleted']);
  expect(await rpc('ws_history', { p_list: listId, p_records: ['r1'] })).toContain('stands since long');
});
