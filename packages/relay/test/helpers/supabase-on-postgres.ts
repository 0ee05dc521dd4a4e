// Supabase's lightweight implementation on a real Postgres 15, in processes of their own, for what must hold on a
// hosted project too: the relay reaches it by SUPABASE_URL like any other.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LiteServerOptions } from './lite-server.ts';
import { freePort, type PostgresCluster, startPostgres } from './postgres.ts';

export interface SupabaseOnPostgres {
  readonly postgres: PostgresCluster;
  /** Settings with which a relay finds it, as environment variables. */
  readonly env: Readonly<Record<string, string>>;
  readonly jwtSecret: string;
  /** Ends the API in front of the database alone; `startApi` brings it back. */
  stopApi(): Promise<void>;
  startApi(): Promise<void>;
  close(): Promise<void>;
}

const RESTART_MS = 500;

/** The prelude and all migrations, in order. */
export function migrationTexts(): string[] {
  const dir = join(import.meta.dirname, '../../../../supabase');
  const files = readdirSync(join(dir, 'migrations')).sort();
  return [join(dir, 'prelude.sql'), ...files.map((file) => join(dir, 'migrations', file))].map((file) =>
    readFileSync(file, 'utf8'),
  );
}

export async function startSupabaseOnPostgres(): Promise<SupabaseOnPostgres> {
  const postgres = await startPostgres();
  const port = await freePort();
  const options: LiteServerOptions = {
    databaseUrl: postgres.url,
    port,
    jwtSecret: randomBytes(48).toString('base64url'),
    publishableKey: `sb_publishable_${randomBytes(18).toString('base64url')}`,
    secretKey: `sb_secret_${randomBytes(30).toString('base64url')}`,
  };
  let api: ChildProcess | undefined;
  let isWanted = true;

  /** Resolves when it listens; rejects with what it printed when it ends before. */
  async function launch(): Promise<ChildProcess> {
    const script = join(import.meta.dirname, 'lite-server.ts');
    const child = spawn(process.execPath, [script, JSON.stringify(options)], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let output = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-4_000);
    });
    const ended = once(child, 'exit').then((): never => {
      throw new Error(`the API did not start:\n${output}`);
    });
    const said = (async () => {
      for await (const text of child.stdout.setEncoding('utf8')) if (String(text).includes('ready')) return;
      await ended;
    })();
    await Promise.race([said, ended]);
    ended.catch(() => undefined);
    child.stdout.resume();
    return child;
  }

  /**
   * Its Postgres driver may write to a connection that was just closed under it, and then the whole process ends: a
   * real project has somebody who starts such a process again, and so has this one.
   */
  async function keepRunning(): Promise<void> {
    const child = await launch();
    api = child;
    if (!isWanted) child.kill('SIGKILL');
    child.once('exit', () => void restart());
  }

  /** As often as it takes: while Postgres is away it cannot start. */
  async function restart(): Promise<void> {
    while (isWanted) {
      try {
        return await keepRunning();
      } catch {
        await new Promise((done) => setTimeout(done, RESTART_MS));
      }
    }
  }

  async function startApi(): Promise<void> {
    isWanted = true;
    await keepRunning();
  }

  async function stopApi(): Promise<void> {
    isWanted = false;
    if (api === undefined || api.exitCode !== null || api.signalCode !== null) return;
    const ended = once(api, 'exit');
    api.kill('SIGKILL');
    await ended;
  }

  await startApi();
  return {
    postgres,
    env: {
      SUPABASE_URL: `http://127.0.0.1:${port}`,
      SUPABASE_SECRET_KEY: options.secretKey,
      SUPABASE_PUBLISHABLE_KEY: options.publishableKey,
      SUPABASE_JWT_SECRET: options.jwtSecret,
      RELAY_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    },
    jwtSecret: options.jwtSecret,
    startApi,
    stopApi,
    async close() {
      await stopApi();
      await postgres.close();
    },
  };
}
