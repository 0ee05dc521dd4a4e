// Child process of supabase-on-postgres.ts: Supabase's lightweight implementation on a real Postgres, over HTTP. The
// nearest thing to a hosted project that runs on one machine.
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { App } from '@supabase/lite';
import { createPostgresConnection } from '@supabase/lite/postgres';
import postgres from 'postgres';

export interface LiteServerOptions {
  readonly databaseUrl: string;
  readonly port: number;
  readonly jwtSecret: string;
  readonly publishableKey: string;
  readonly secretKey: string;
}

const supabaseDir = join(import.meta.dirname, '../../../../supabase');
const options = JSON.parse(process.argv[2] ?? '{}') as LiteServerOptions;

/** Values as Postgres writes them: the library's own parsers would decode what the caller expects as text. */
const asText = (oid: number) => ({
  to: oid,
  from: [oid],
  serialize: (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value)),
  parse: (value: string) => value,
});

/** As the Supabase CLI does it: whole files, in order, each in a transaction. Once per database. */
async function migrate(): Promise<void> {
  const sql = postgres(options.databaseUrl, { max: 1, onnotice: () => undefined });
  await sql.unsafe(readFileSync(join(supabaseDir, 'prelude.sql'), 'utf8'));
  const [state] = await sql`select to_regclass('wedsync.documents') as found`;
  if (state?.found === null) {
    const dir = join(supabaseDir, 'migrations');
    for (const file of readdirSync(dir).sort())
      await sql.begin((transaction) => transaction.unsafe(readFileSync(join(dir, file), 'utf8')));
  }
  await sql.end();
}

const connection = createPostgresConnection({
  url: options.databaseUrl,
  postgresOptions: { max: 10, onnotice: () => undefined, types: { bytea: asText(17) } },
});
const app = new App({
  connection,
  api: { schemas: ['public'] },
  auth: {
    jwt_secret: options.jwtSecret,
    publishable_key: options.publishableKey,
    secret_key: options.secretKey,
  },
  options: { server: { admin: false, disableStudio: true } },
});
await app.init();
await app.ensureSystemSchema();
await migrate();

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers))
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  const hasBody = incoming.method !== 'GET' && incoming.method !== 'HEAD';
  const request = new Request(`http://${incoming.headers.host}${incoming.url}`, {
    method: incoming.method ?? 'GET',
    headers,
    ...(hasBody ? { body: new Uint8Array(await bodyOf(incoming)) } : {}),
  });
  const response = await app.fetch(request);
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  outgoing.end(Buffer.from(await response.arrayBuffer()));
}

const server = createServer((incoming, outgoing) => {
  handle(incoming, outgoing).catch(() => {
    if (!outgoing.headersSent) outgoing.writeHead(502);
    outgoing.end();
  });
});
// As load balancers have it: longer than any client keeps an idle connection, so that none is closed under a request.
server.keepAliveTimeout = 75_000;
server.listen(options.port, '127.0.0.1', () => process.stdout.write('ready\n'));
// Ends with the test that started it, however that ends.
process.stdin.on('close', () => process.exit(0)).resume();
