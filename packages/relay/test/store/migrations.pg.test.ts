// The migration files on a real Postgres 15 as the Supabase CLI applies them, against the schema that a boot makes.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { splitSqlStatements } from '@supabase/lite';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PostgresCluster, startPostgres } from '../helpers/postgres.ts';

const dir = join(import.meta.dirname, '../../../../supabase');
const files = readdirSync(join(dir, 'migrations')).sort();
const pgDump = join(process.env.WEDSYNC_PG_BIN ?? '/usr/lib/postgresql/15/bin', 'pg_dump');
/** What hosted Supabase has before: its auth schema, as far as the migrations name it. */
const AUTH = `create schema auth;
  create table auth.users (id uuid primary key, email text);
  create function auth.uid() returns uuid language sql stable as 'select null::uuid';`;

let cluster: PostgresCluster;
beforeAll(async () => {
  cluster = await startPostgres();
  for (const name of ['cli', 'boot']) {
    await cluster.run('postgres', `create database ${name}`);
    await cluster.run(name, `${AUTH} ${readFileSync(join(dir, 'prelude.sql'), 'utf8')}`);
  }
});
afterAll(() => cluster?.close());

const HISTORY = `create schema if not exists supabase_migrations;
  create table if not exists supabase_migrations.schema_migrations (version text primary key, statements text[], name text)`;

/** One transaction per file, its history row included; what is in the history is left out. How many were applied. */
async function apply(database: string, toStatements: (sql: string) => readonly string[]): Promise<number> {
  const sql = postgres(cluster.url.replace(/postgres$/, database), { max: 1, onnotice: () => undefined });
  try {
    await sql.unsafe(HISTORY);
    const rows = await sql<{ version: string }[]>`select version from supabase_migrations.schema_migrations`;
    const known = new Set(rows.map(({ version }) => version));
    const missing = files.filter((file) => !known.has(file.split('_')[0] ?? ''));
    for (const file of missing) {
      const [, version = '', name = ''] = /^(\d+)_(.+)\.sql$/.exec(file) ?? [];
      const statements = toStatements(readFileSync(join(dir, 'migrations', file), 'utf8'));
      await sql.begin(async (step) => {
        for (const statement of statements) await step.unsafe(statement);
        await step`insert into supabase_migrations.schema_migrations (version, name) values (${version}, ${name})`;
      });
    }
    return missing.length;
  } finally {
    await sql.end();
  }
}

/** The whole schema as SQL, rights included. */
function dump(database: string): string {
  const url = cluster.url.replace(/postgres$/, database);
  const text = execFileSync(pgDump, ['--schema-only', url], { encoding: 'utf8' });
  // Newer versions write a random word around the file.
  return text.replaceAll(/^\\(?:un)?restrict .*$/gm, '');
}

const whole = (sql: string) => [sql];

describe('migrations', () => {
  it('SEC-2 applied whole, as the CLI does, they make the same schema as applied statement by statement at boot', async () => {
    expect(await apply('cli', whole)).toBe(files.length);
    expect(await apply('boot', splitSqlStatements)).toBe(files.length);
    const made = dump('cli');
    expect(made).toContain('CREATE TABLE public.client_list_cache');
    expect(made).toBe(dump('boot'));
  });

  it('a second application, and the prelude once more, change nothing', async () => {
    const before = dump('cli');
    await cluster.run('cli', readFileSync(join(dir, 'prelude.sql'), 'utf8'));
    expect(await apply('cli', whole)).toBe(0);
    expect(dump('cli')).toBe(before);
  });

  it('every file has a version of its own, in the order in which it was written', () => {
    const versions = files.map((file) => file.split('_')[0] ?? '');
    expect(new Set(versions).size).toBe(files.length);
    expect(versions.every((version) => /^\d{14}$/.test(version))).toBe(true);
  });
});
