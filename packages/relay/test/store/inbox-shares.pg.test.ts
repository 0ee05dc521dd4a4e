// How sources share what is applied: claims of the inbox on a Postgres 15, beside no relay that would take them first.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { createListStore } from '../../src/store/list-store.ts';
import { callJson, createRpc, type Rpc } from '../../src/store/rpc.ts';
import { createSupabase } from '../../src/supabase/client.ts';
import { type SupabaseOnPostgres, startSupabaseOnPostgres } from '../helpers/supabase-on-postgres.ts';

const listId = 'l_AAAAAAAAAAAAAAAAAAAAAA';
const [flood, calendar, form] = ['A', 'B', 'C'].map((letter) => `src_${letter.repeat(22)}`) as [
  string,
  string,
  string,
];
let server: SupabaseOnPostgres;
let rpc: Rpc;

const sql = (text: string) => server.postgres.run('postgres', text);
/** So many events of a source, each about another couple. */
const arrive = (source: string, count: number) =>
  sql(`insert into wedsync.inbox (source_id, list_id, event_id, event_key, body, order_key, state)
    select '${source}', '${listId}', gen_random_uuid()::text, n::text, '{}', n::text, 'waiting'
      from generate_series(1, ${count}) n`);

interface Claimed {
  readonly id: number;
  readonly sourceId: string;
}
const claim = (limit: number, leaseMs = 60_000) =>
  callJson<Claimed[]>(rpc, 'ws_inbox_claim', {
    p_limit: String(limit),
    p_lease_ms: String(leaseMs),
    p_token: randomUUID(),
  });
const shares = (rows: readonly Claimed[]) =>
  [flood, calendar, form].map((source) => rows.filter(({ sourceId }) => sourceId === source).length);

beforeAll(async () => {
  server = await startSupabaseOnPostgres();
  const events = { onProgress: () => undefined, onCrash: () => undefined };
  rpc = createRpc((await createSupabase(readConfig(server.env), events)).client);
  await createListStore(rpc).create({ id: listId, name: 'Couples', owner: randomUUID() });
});
afterAll(() => server?.close());
beforeEach(async () => {
  await sql('delete from wedsync.sources');
  for (const source of [flood, calendar, form])
    await sql(`insert into wedsync.sources (id, list_id, name, provider, settle_ms, created_by)
      values ('${source}', '${listId}', 'CRM', 'standard', 0, 'service')`);
});

it('a source alone gets all places, oldest first', async () => {
  await arrive(flood, 30);
  const first = await claim(20);
  const rest = await claim(20);
  expect([first.length, rest.length]).toEqual([20, 10]);
  const ids = [...first, ...rest].map(({ id }) => id);
  expect(ids).toEqual(ids.toSorted((a, b) => a - b));
});

it('events behind a flood from another source are in the next claim', async () => {
  await arrive(flood, 500);
  await arrive(calendar, 3);
  await arrive(form, 40);
  expect(shares(await claim(20))).toEqual([9, 3, 8]);
  expect(shares(await claim(20))).toEqual([10, 0, 10]);
});

it('a source that is paused, or whose events are tried again later, takes no place from others', async () => {
  await arrive(flood, 50);
  await arrive(calendar, 50);
  await arrive(form, 5);
  await sql(`update wedsync.sources set state = 'paused' where id = '${flood}'`);
  await sql(`update wedsync.inbox set next_at = now() + interval '1 hour' where source_id = '${calendar}'`);
  expect(shares(await claim(20))).toEqual([0, 0, 5]);
});

it('events about one couple stay in order: a later one waits while an earlier one is being applied', async () => {
  await arrive(flood, 1);
  await arrive(flood, 2);
  const [first] = await claim(1);
  const rest = await claim(20);
  expect(rest.map(({ id }) => id)).toEqual([Number(first?.id) + 2]);
});
