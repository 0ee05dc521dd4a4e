// SEC-2, generated: every table of the migrations × everybody who can ask × select, insert, update, delete, and every
// function × everybody. Tables and functions are read from the migration files, so that a new one is in it at once.
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SupabaseClient } from '@supabase/supabase-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createListStore } from '../../src/store/list-store.ts';
import { createRpc, type Rpc } from '../../src/store/rpc.ts';
import type { Supabase } from '../../src/supabase/client.ts';
import { apiClient, signToken } from './people.ts';

const dir = join(import.meta.dirname, '../../../../supabase/migrations');
const sql = readdirSync(dir)
  .sort()
  .map((file) => readFileSync(join(dir, file), 'utf8'))
  .join('\n');

/** `schema.table` of all migrations. */
export const tables = [...sql.matchAll(/create table (\w+\.\w+)/g)].map(([, name = '']) => name);

/** Functions of `public` with the names of their arguments; the last definition counts. */
export const functions = new Map(
  [...sql.matchAll(/create (?:or replace )?function public\.(\w+)\(([^)]*)\)/g)].map(
    ([, name = '', args = '']) => [
      name,
      [...args.matchAll(/(\w+) text(\[\])?/g)].map(([, arg = '', isArray]) => ({
        arg,
        isArray: isArray !== undefined,
      })),
    ],
  ),
);

type Who = 'anon' | 'stranger' | 'viewer' | 'editor' | 'owner' | 'service';
const everybody: readonly Who[] = ['anon', 'stranger', 'viewer', 'editor', 'owner', 'service'];
const members: readonly Who[] = ['viewer', 'editor', 'owner'];

/** Who may do what; the service may do all, as on every Supabase: its key never leaves the relay. */
type Rule = { select: readonly Who[]; insert: readonly Who[]; row: (list: Ids) => Record<string, unknown> };
type Ids = { readonly listId: string; readonly userId: string };

const change = ({ listId, userId }: Ids) => ({
  id: randomUUID(),
  list_id: listId,
  event: 'client.updated',
  created_by: userId,
});

/** One line per table that the API shows. A new table without a line fails the test. */
const rules: Record<string, Rule> = {
  'public.lists': {
    select: members,
    insert: [],
    row: ({ userId }) => ({
      id: `l_${randomUUID().replaceAll('-', '').slice(0, 22)}`,
      name: 'New',
      owner: userId,
    }),
  },
  'public.list_members': {
    select: members,
    insert: [],
    row: ({ listId }) => ({ list_id: listId, user_id: randomUUID(), role: 'owner' }),
  },
  'public.client_list_cache': {
    select: members,
    insert: [],
    row: ({ listId, userId }) => ({
      list_id: listId,
      record_id: randomUUID(),
      supplier_id: userId,
      version: 1,
    }),
  },
  // The way in for other programs: an editor's own rows. The one that stands there is the service's.
  'public.client_changes': { select: [], insert: ['editor', 'owner'], row: change },
};

const sorted = (who: readonly Who[]) => [...who].sort();

/** @param connect gives a Supabase that others close; called once */
export function describeRowSecurity(connect: () => Promise<Supabase>): void {
  const listId = `l_${'r'.repeat(22)}`;
  const ids = new Map(everybody.map((who) => [who, randomUUID() as string]));
  const clients = new Map<Who, SupabaseClient>();
  let rpc: Rpc;

  const idsOf = (who: Who): Ids => ({ listId, userId: ids.get(who) ?? '' });
  const client = (who: Who): SupabaseClient => {
    const found = clients.get(who);
    if (found === undefined) throw new Error(who);
    return found;
  };
  const bare = (table: string) => table.replace('public.', '');
  /** Everything that stands in a table, as the service sees it. */
  const content = async (table: string) => {
    const { data, error } = await client('service').from(bare(table)).select('*');
    if (error !== null) throw new Error(error.message);
    return data.map((row) => JSON.stringify(row)).sort();
  };

  beforeAll(async () => {
    const supabase = await connect();
    rpc = createRpc(supabase.client);
    const secret = supabase.embedded?.jwtSecret ?? supabase.jwt.secret ?? '';
    for (const who of everybody) {
      const token = await signToken(secret, { sub: ids.get(who), email: `${who}@example.com` });
      const isPerson = who !== 'anon' && who !== 'service';
      clients.set(who, apiClient(supabase, supabase.publishableKey, isPerson ? token : undefined));
    }
    clients.set('service', supabase.client);
    const lists = createListStore(rpc);
    await lists.create({ id: listId, name: 'Couples', owner: ids.get('owner') ?? '' });
    for (const role of ['viewer', 'editor'] as const)
      await lists.setMember({ listId, userId: ids.get(role) ?? '', role });
    for (const table of ['public.client_list_cache', 'public.client_changes']) {
      const { error } = await client('service')
        .from(bare(table))
        .insert(rules[table]?.row(idsOf('service')) ?? {});
      if (error !== null) throw new Error(error.message);
    }
  });

  // A hosted project stays as it was.
  afterAll(async () => {
    for (const userId of ids.values()) await rpc('ws_account_delete', { p_user: userId });
  });

  it('SEC-2: has a rule for every table that the API shows', () => {
    expect(tables.filter((table) => table.startsWith('public.')).sort()).toEqual(Object.keys(rules).sort());
    expect(tables.length).toBeGreaterThan(10);
  });

  describe.each(Object.entries(rules))('SEC-2: %s', (table, rule) => {
    const name = bare(table);

    it('select: shows its row to those who may see it, and nothing to the others', async () => {
      const seen: Who[] = [];
      for (const who of everybody) {
        const { data } = await client(who).from(name).select('*');
        if ((data ?? []).length > 0) seen.push(who);
      }
      expect(sorted(seen)).toEqual(sorted([...rule.select, 'service']));
    });

    it('insert: takes a row from those who may, and from nobody else', async () => {
      const took: Who[] = [];
      for (const who of everybody) {
        const before = await content(table);
        const { error } = await client(who)
          .from(name)
          .insert(rule.row(idsOf(who)));
        const isThere = (await content(table)).length > before.length;
        expect([who, isThere]).toEqual([who, error === null]);
        if (isThere) took.push(who);
      }
      expect(sorted(took)).toEqual(sorted([...rule.insert, 'service']));
    });

    it('insert: nobody writes in another one’s name or list', async () => {
      const before = await content(table);
      for (const who of everybody.filter((one) => one !== 'service')) {
        await client(who)
          .from(name)
          .insert(
            rule.row({
              listId,
              userId: ids.get('owner') === ids.get(who) ? randomUUID() : (ids.get('owner') ?? ''),
            }),
          );
        await client(who)
          .from(name)
          .insert(rule.row({ listId: `l_${'x'.repeat(22)}`, userId: ids.get(who) ?? '' }));
      }
      expect(await content(table)).toEqual(before);
    });

    it('update, upsert and delete: nobody but the service', async () => {
      const before = await content(table);
      for (const who of everybody.filter((one) => one !== 'service')) {
        const column = name === 'lists' ? 'id' : 'list_id';
        await client(who)
          .from(name)
          .update({ [column]: listId })
          .eq(column, listId)
          .select();
        await client(who)
          .from(name)
          .update({ created_at: '2001-01-01', updated_at: '2001-01-01' })
          .eq(column, listId);
        const first = JSON.parse(before[0] ?? '{}') as Record<string, unknown>;
        await client(who)
          .from(name)
          .upsert({ ...first, name: 'Taken', role: 'owner', version: 99 });
        await client(who).from(name).upsert(first);
        await client(who).from(name).delete().eq(column, listId);
        expect([who, await content(table)]).toEqual([who, before]);
      }
    });
  });

  describe.each(tables.filter((table) => !table.startsWith('public.')))('SEC-2: %s', (table) => {
    it('is reached by nobody, not even with the secret key', async () => {
      const [schema = '', name = ''] = table.split('.');
      for (const who of everybody) {
        const inside = client(who).schema(schema).from(name);
        const answers = [
          await inside.select('*'),
          await inside.insert({}),
          await inside.update({ created_at: '2001-01-01' }).neq('created_at', '1999-01-01'),
          await inside.delete().neq('created_at', '1999-01-01'),
          await client(who).from(name).select('*'),
        ];
        expect([who, answers.filter(({ error }) => error === null)]).toEqual([who, []]);
      }
    });
  });

  it.each([
    'auth.users',
    'auth.refresh_tokens',
    'supabase_migrations.schema_migrations',
    'pg_catalog.pg_authid',
  ])('SEC-2: %s is reached by nobody', async (table) => {
    const [schema = '', name = ''] = table.split('.');
    for (const who of everybody)
      expect([who, (await client(who).schema(schema).from(name).select('*')).data]).toEqual([who, null]);
  });

  describe.each([...functions].filter(([name]) => name !== 'ws_my_role'))('SEC-2: %s', (name, args) => {
    it('is executable by the service alone', async () => {
      const given = Object.fromEntries(args.map(({ arg, isArray }) => [arg, isArray ? [] : '']));
      for (const who of everybody.filter((one) => one !== 'service')) {
        const { data, error } = await client(who).rpc(name, given);
        expect([who, name, data]).toEqual([who, name, null]);
        expect(error?.message ?? '').toMatch(/permission|not find|not exist|denied|unauthori/i);
      }
    });
  });

  it('AUTH-1: ws_my_role tells each their own role, and nobody anything else', async () => {
    const told: Record<string, unknown> = {};
    for (const who of everybody) told[who] = (await client(who).rpc('ws_my_role', { p_list: listId })).data;
    expect(told).toEqual({
      anon: null,
      stranger: '',
      viewer: 'viewer',
      editor: 'editor',
      owner: 'owner',
      service: '',
    });
  });
}
