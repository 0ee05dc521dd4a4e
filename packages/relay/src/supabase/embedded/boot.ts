// Boots Supabase's own lightweight implementation on PGlite, with the guards without which it is unsafe: serialised
// access, atomic first creation, keys of its own, nothing but auth and REST reachable. Runs in the worker thread.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from '@supabase/lite';
import { createPgliteConnection, type PgliteConnection } from '@supabase/lite/pglite';
import { createDatabaseOnce, type EmbeddedSecrets } from './data-dir.ts';
import { createFastRpc } from './fast-rpc.ts';
import { startHousekeeping } from './housekeeping.ts';
import { migrate } from './migrate.ts';
import { createSerialKysely, SerialDatabase } from './serial-database.ts';

export type BootOptions = {
  dataDir: string;
  secrets: EmbeddedSecrets;
  /** Folder with prelude.sql and migrations/. */
  supabaseDir: string;
  /** One line per step, for the person who waits. */
  onProgress: (line: string) => void;
  /** The database can do nothing more; what is under way may never be answered. */
  onFatal: (error: unknown) => void;
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

async function openDatabase(path: string): Promise<PgliteConnection> {
  const connection = await createPgliteConnection({ url: path, pgliteOptions });
  await connection.driver.waitReady;
  return connection;
}

/** Starts the database and its API. Rejects without having changed anything when the files cannot be opened. */
export async function bootEmbedded(options: BootOptions): Promise<Embedded> {
  const { secrets, supabaseDir, onProgress } = options;
  const path = await createDatabaseOnce(options.dataDir, async (draft) => {
    onProgress('Creating the database (first start only)');
    await (await openDatabase(draft)).close();
  });
  onProgress('Opening the database');
  const connection = await openDatabase(path);
  const database = new SerialDatabase(connection.driver, options.onFatal);
  Object.assign(connection, { kysely: createSerialKysely(database) });

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
  await database.exec(readFileSync(join(supabaseDir, 'prelude.sql'), 'utf8'));
  await app.ensureSystemSchema();
  await database.exec('grant usage on schema auth to anon, authenticated, service_role');
  const count = await migrate(connection, database, supabaseDir);
  if (count > 0) onProgress(`Prepared the tables (${count} steps)`);

  const fastRpc = createFastRpc({ database, secretKey: secrets.secretKey });
  async function handle(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    const fast = await fastRpc(request, pathname);
    if (fast !== undefined) return fast;
    if (!/^\/(?:auth|rest)\/v1\//.test(pathname))
      return new Response('{"message":"not found"}', { status: 404 });
    return await app.fetch(request);
  }

  // The first request reads the whole catalogue (0.3 s): not at the expense of the first person.
  const first = 'http://embedded.invalid/rest/v1/lists?select=id&limit=1';
  await handle(new Request(first, { headers: { apikey: secrets.publishableKey } }));
  const housekeeping = startHousekeeping(database);
  return {
    handle,
    close() {
      housekeeping.stop();
      return database.close();
    },
  };
}
