// Who may see and change what, on a real Postgres 15, and what its catalogue says of tables and functions.
import postgres from 'postgres';
import { afterAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { createSupabase } from '../../src/supabase/client.ts';
import { describeRowSecurity, functions, tables } from '../helpers/rls-matrix.ts';
import {
  migrationTexts,
  type SupabaseOnPostgres,
  startSupabaseOnPostgres,
} from '../helpers/supabase-on-postgres.ts';

let server: SupabaseOnPostgres | undefined;

afterAll(() => server?.close());

/** Direct SQL as superuser; `role` for the length of the work. */
async function ask<T>(work: (sql: postgres.TransactionSql) => Promise<T>, role?: string): Promise<T> {
  const sql = postgres(server?.postgres.url ?? '', { max: 1, onnotice: () => undefined });
  try {
    return (await sql.begin(async (transaction) => {
      if (role !== undefined) await transaction.unsafe(`set local role ${role}`);
      return await work(transaction);
    })) as T;
  } finally {
    await sql.end();
  }
}

describe('row-level security on Postgres 15', () => {
  describeRowSecurity(async () => {
    server = await startSupabaseOnPostgres();
    const events = { onProgress: () => undefined, onCrash: () => undefined };
    return await createSupabase(readConfig(server.env), events);
  });

  it('SEC-2: row-level security is on for every table, and the matrix knows them all', async () => {
    const rows = await ask(
      (sql) => sql<{ name: string; on: boolean }[]>`
        select c.relnamespace::regnamespace || '.' || c.relname as name, c.relrowsecurity as on from pg_class c
         where c.relkind in ('r', 'p') and c.relnamespace in ('public'::regnamespace, 'wedsync'::regnamespace)`,
    );
    expect(rows.filter((row) => !row.on).map(({ name }) => name)).toEqual([]);
    expect(rows.map(({ name }) => name).sort()).toEqual([...tables].sort());
  });

  it('SEC-2: every function has a fixed search path; ours in public run under their owner, for the service alone', async () => {
    const rows = await ask(
      (sql) => sql<
        {
          schema: string;
          name: string;
          definer: boolean;
          config: string[] | null;
          anyone: boolean;
          service: boolean;
          args: string;
          result: string;
        }[]
      >`
        select p.pronamespace::regnamespace::text as schema, p.proname as name, p.prosecdef as definer,
               p.proconfig as config, has_function_privilege('service_role', p.oid, 'execute') as service,
               has_function_privilege('anon', p.oid, 'execute')
                 or has_function_privilege('authenticated', p.oid, 'execute') as anyone,
               pg_get_function_identity_arguments(p.oid) as args, p.prorettype::regtype::text as result
          from pg_proc p where p.pronamespace in ('public'::regnamespace, 'wedsync'::regnamespace)`,
    );
    const ours = rows.filter(({ schema }) => schema === 'public');
    expect(ours.map(({ name }) => name).sort()).toEqual([...functions.keys()].sort());
    expect(rows.filter(({ config }) => !config?.includes('search_path=""'))).toEqual([]);
    expect(ours.filter(({ definer, service, result }) => !(definer && service && result === 'text'))).toEqual(
      [],
    );
    expect(ours.filter(({ anyone }) => anyone).map(({ name }) => name)).toEqual(['ws_my_role']);
    // Arguments that every way to the database carries unharmed (binary as base64).
    expect(ours.filter(({ args }) => !/^(?:\w+ text(?:\[\])?(?:, )?)*$/.test(args))).toEqual([]);
  });

  it('SEC-2: migrations alone give the roles of the API no way into the internal schema, not by SQL either', async () => {
    // A database that the library, which grants on its own account, has never opened.
    await server?.postgres.run('postgres', 'create database hosted');
    const auth = `create schema auth; create table auth.users (id uuid, email text);
      create function auth.uid() returns uuid language sql stable as 'select null::uuid';`;
    for (const text of [auth, ...migrationTexts()]) await server?.postgres.run('hosted', text);
    for (const role of ['anon', 'authenticated', 'service_role']) {
      for (const table of tables.filter((name) => name.startsWith('wedsync.'))) {
        const select = server?.postgres.run('hosted', `set role ${role}; select * from ${table}`);
        await expect(select).rejects.toThrow(/permission denied/);
      }
    }
    for (const table of tables.filter((name) => name.startsWith('public.'))) {
      for (const verb of [`update ${table} set list_id = null`, `delete from ${table}`, `truncate ${table}`])
        await expect(
          server?.postgres.run(
            'hosted',
            `set role authenticated; ${verb.replace('lists set list_id', 'lists set id')}`,
          ),
        ).rejects.toThrow(/permission denied/);
    }
  });

  it('READ-2: the read model tells whole old rows to the publication', async () => {
    const [identity] = await ask(
      (sql) =>
        sql`select relreplident as kind from pg_class where oid = 'public.client_list_cache'::regclass`,
    );
    const published = await ask(
      (sql) =>
        sql`select tablename from pg_publication_tables where pubname = 'supabase_realtime' order by 1`,
    );
    expect([identity?.kind, published.map(({ tablename }) => tablename)]).toEqual([
      'f',
      ['client_changes', 'client_list_cache'],
    ]);
  });
});
