// Brings the embedded database up to the migration files, in the form in which the Supabase CLI keeps its history.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { appliedVersions, ensureHistoryTable, splitSqlStatements } from '@supabase/lite';
import type { PgliteConnection } from '@supabase/lite/pglite';
import type { SerialDatabase } from './serial-database.ts';

export type Migration = { readonly version: string; readonly name: string; readonly sql: string };

/** Migration files in order of their version. */
export function readMigrations(supabaseDir: string): Migration[] {
  const dir = join(supabaseDir, 'migrations');
  return readdirSync(dir)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => {
      const [, version = '', name = ''] = /^(\d+)_(.+)\.sql$/.exec(file) ?? [];
      return { version, name, sql: readFileSync(join(dir, file), 'utf8') };
    });
}

/**
 * Applies what is missing; how many that were.
 * @throws Error when the database has migrations that this version does not know: it is newer
 */
export async function migrate(
  connection: PgliteConnection,
  database: SerialDatabase,
  supabaseDir: string,
): Promise<number> {
  await ensureHistoryTable(connection);
  const applied = new Set(await appliedVersions(connection));
  const known = readMigrations(supabaseDir);
  const unknown = [...applied].filter((version) => !known.some((migration) => migration.version === version));
  if (unknown.length > 0) throw new Error('it was written by a newer version of WedSync; start that version');
  const missing = known.filter(({ version }) => !applied.has(version));
  for (const { version, name, sql } of missing) {
    const statements = splitSqlStatements(sql);
    // The history row stands in the migration's own transaction: cut off in between, it is neither.
    await database.transaction(async (transaction) => {
      for (const statement of statements) await transaction.exec(statement);
      await transaction.query(
        'insert into supabase_migrations.schema_migrations (version, name, statements) values ($1, $2, $3)',
        [version, name, statements],
      );
    });
  }
  return missing.length;
}
