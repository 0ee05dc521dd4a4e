// A Postgres 15 of its own for a test file: a new cluster in a temporary folder, on a free port, gone afterwards.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import postgres from 'postgres';

const binDir = process.env.WEDSYNC_PG_BIN ?? '/usr/lib/postgresql/15/bin';
/** Starting takes about a second on a quiet machine; much more is a hang. */
const START_LIMIT_MS = 60_000;

export interface PostgresCluster {
  /** As superuser, over TCP on the loopback. */
  readonly url: string;
  /** Runs SQL as superuser in a database; any number of statements, without parameters. */
  run(database: string, sql: string): Promise<readonly Record<string, unknown>[]>;
  /** Ends it the way a power cut would (but for the operating system's cache), and waits until it is gone. */
  kill9(): Promise<void>;
  /** Starts it again on the same data and port, after `kill9`. */
  start(): Promise<void>;
  /** Ends it and removes its data. */
  close(): Promise<void>;
}

/** Postgres refuses to run as root; Debian's package brings a user of its own. */
function postgresUser(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/** A port of the loopback that is free at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function waitUntilUp(url: string, child: ChildProcess, output: () => string): Promise<void> {
  for (const until = Date.now() + START_LIMIT_MS; Date.now() < until; await delay(50)) {
    if (child.exitCode !== null || child.signalCode !== null) break;
    const sql = postgres(url, { max: 1, connect_timeout: 2, onnotice: () => undefined });
    const isUp = await sql`select 1`.then(
      () => true,
      () => false,
    );
    await sql.end();
    if (isUp) return;
  }
  throw new Error(`Postgres did not start:\n${output()}`);
}

/** @throws Error with the command that installs Postgres where it is missing */
export async function startPostgres(): Promise<PostgresCluster> {
  if (!existsSync(join(binDir, 'initdb')))
    throw new Error(`Postgres 15 is not installed (${binDir}). Install it: apt-get install -y postgresql-15`);
  const user = postgresUser();
  const directory = mkdtempSync(join(tmpdir(), 'wedsync-pg-'));
  if (user.uid !== undefined && user.gid !== undefined) chownSync(directory, user.uid, user.gid);
  const data = join(directory, 'data');
  const run = { ...user, cwd: directory, encoding: 'utf8', stdio: 'pipe' } as const;
  execFileSync(
    join(binDir, 'initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'],
    run,
  );
  const port = await freePort();
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  let child: ChildProcess;
  let output = '';

  async function start(): Promise<void> {
    // fsync guards against the machine losing power, which no test here does; without it tests are twice as quick.
    const settings = [
      'fsync=off',
      'wal_level=logical',
      'max_connections=60',
      `unix_socket_directories=${directory}`,
    ];
    const args = [
      '-D',
      data,
      '-p',
      String(port),
      '-h',
      '127.0.0.1',
      ...settings.flatMap((text) => ['-c', text]),
    ];
    child = spawn(join(binDir, 'postgres'), args, {
      ...user,
      cwd: directory,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-4_000);
    });
    await waitUntilUp(url, child, () => output);
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'close');
    child.kill(signal);
    await ended;
  }

  await start();
  return {
    url,
    start,
    async run(database, text) {
      const sql = postgres(url.replace(/postgres$/, database), { max: 1, onnotice: () => undefined });
      try {
        return await sql.unsafe(text);
      } finally {
        await sql.end();
      }
    },
    // `close` of the child comes when the backends have let go of its output too: then a new start is possible.
    kill9: () => end('SIGKILL'),
    async close() {
      await end('SIGINT');
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
