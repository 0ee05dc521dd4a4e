// Boots Supabase's own lightweight implementation on PGlite, with the guards without which it is unsafe: serialised
// access, atomic first creation, keys of its own, nothing but auth and REST reachable. Runs in the worker thread.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, appliedVersions, ensureHistoryTable, splitSqlStatements } from '@supabase/lite';
import { createPgliteConnection, type PgliteConnection } from '@supabase/lite/pglite';
import { createDatabaseOnce, type EmbeddedSecrets } from './data-dir.ts';
import { createFastRpc } from './fast-rpc.ts';
import { createSerialKysely, Mutex } from './serial-kysely.ts';

export type BootOptions = {
  dataDir: string;
  secrets: EmbeddedSecrets;
  /** Folder with prelude.sql and migrations/. */
  supabaseDir: string;
  /** One line per step, for the person who waits. */
  onProgress: (line: string) => void;
};

export type Embedded = {
  /** Answers /auth/v1/* and /rest/v1/*; everything else is 404, the library's own admin routes included. */
  handle(request: Request): Promise<Response>;
  close(): Promise<void>;
};

/** bytea stays in Postgres's own text form, as a real server sends it. */
const byteaOid = 17;
const pgliteOptions = {
  parsers: { [byteaOid]: (value: string) => value },
  serializers: { [byteaOid]: (value: unknown) => String(value) },
};

async function createDatabase(path: string): Promise<void> {
  const connection = await createPgliteConnection({ url: path, pgliteOptions });
  await connection.driver.waitReady;
  await connection.close();
}

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

async function migrate(connection: PgliteConnection, mutex: Mutex, supabaseDir: string): Promise<number> {
  await ensureHistoryTable(connection);
  const applied = new Set(await appliedVersions(connection));
  const missing = readMigrations(supabaseDir).filter(({ version }) => !applied.has(version));
  for (const { version, name, sql } of missing) {
    const statements = splitSqlStatements(sql);
    // The history row stands in the migration's own transaction: cut off in between, it is neither.
    await mutex.run(() =>
      connection.driver.transaction(async (transaction) => {
        for (const statement of statements) await transaction.exec(statement);
        await transaction.query(
          'insert into supabase_migrations.schema_migrations (version, name, statements) values ($1, $2, $3)',
          [version, name, statements],
        );
      }),
    );
  }
  return missing.length;
}

/** Starts the database and its API. Rejects without having changed anything when the files cannot be opened. */
export async function bootEmbedded(options: BootOptions): Promise<Embedded> {
  const { secrets, supabaseDir, onProgress } = options;
  const path = await createDatabaseOnce(options.dataDir, (draft) => {
    onProgress('Creating the database (first start only)');
    return createDatabase(draft);
  });
  onProgress('Opening the database');
  const connection = await createPgliteConnection({ url: path, pgliteOptions });
  await connection.driver.waitReady;
  const mutex = new Mutex();
  Object.assign(connection, { kysely: createSerialKysely(connection.driver, mutex) });

  const app = new App({
    connection,
    api: { schemas: ['public'] },
    auth: {
      jwt_secret: secrets.jwtSecret,
      publishable_key: secrets.publishableKey,
      secret_key: secrets.secretKey,
      minimum_password_length: 8,
    },
    options: { server: { admin: false, disableStudio: true } },
  });
  await app.init();
  const prelude = readFileSync(join(supabaseDir, 'prelude.sql'), 'utf8');
  await mutex.run(() => connection.driver.exec(prelude));
  await app.ensureSystemSchema();
  await mutex.run(() =>
    connection.driver.exec('grant usage on schema auth to anon, authenticated, service_role'),
  );
  const count = await migrate(connection, mutex, supabaseDir);
  if (count > 0) onProgress(`Prepared the tables (${count} steps)`);

  const fastRpc = createFastRpc({ database: connection.driver, mutex, secretKey: secrets.secretKey });
  return {
    async handle(request) {
      const { pathname } = new URL(request.url);
      const fast = await fastRpc(request, pathname);
      if (fast !== undefined) return fast;
      if (!/^\/(?:auth|rest)\/v1\//.test(pathname))
        return new Response('{"message":"not found"}', { status: 404 });
      return await app.fetch(request);
    },
    async close() {
      await mutex.run(() => connection.close());
    },
  };
}
