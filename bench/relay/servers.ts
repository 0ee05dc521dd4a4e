// The servers under load, each a process of its own: the relay as it ships, on the embedded default or on Supabase's
// API before a Postgres 15 (other processes again), and what it is compared with.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { ConfigResponse } from '@wedsync/shared';
import { copyTemplate } from '../../packages/relay/test/helpers/database-template.ts';
import { signToken } from '../../packages/relay/test/helpers/people.ts';
import type { SupabaseOnPostgres } from '../../packages/relay/test/helpers/supabase-on-postgres.ts';
import { RELAY_FLAGS } from '../../scripts/start.ts';
import type { Dialect, Server } from './peer.ts';
import { until } from './wait.ts';

const main = resolve(import.meta.dirname, '../../packages/relay/src/main.ts');

export type RunningServer = Server & {
  readonly name: string;
  /** Address of its inspector, see `memoryOf`. */
  readonly inspector: string;
  stop(): Promise<void>;
};
export type RunningRelay = RunningServer & {
  /** The HTTP API, as somebody who has signed up. */
  api<T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T>;
};

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((done) => child.once('exit', done));
  child.kill(signal);
  await ended;
}

/** A child process with its inspector open, for the figures of its memory. */
async function startChild(
  script: string,
  env: Readonly<Record<string, string>>,
  flags: readonly string[] = [],
) {
  const child = spawn(process.execPath, ['--inspect=127.0.0.1:0', ...flags, script], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  // A bench that is ended early leaves nothing behind.
  process.once('exit', () => child.kill('SIGKILL'));
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-8_000);
  });
  let port = 0;
  child.on('message', (message: { port: number }) => {
    port = message.port;
  });
  const inspector = () => /Debugger listening on (\S+)/.exec(errors)?.[1];
  await until(() => {
    if (child.exitCode !== null) throw new Error(`${script} ended:\n${errors}`);
    return inspector() !== undefined;
  }, 'the start of a server');
  return {
    child,
    pid: child.pid ?? 0,
    port: () => port,
    check: () => {
      if (child.exitCode !== null) throw new Error(`${script} ended:\n${errors}`);
    },
    inspector: inspector() ?? '',
  };
}

async function startPeerServer(dialect: Dialect, script: string): Promise<RunningServer> {
  const { child, pid, port, inspector } = await startChild(join(import.meta.dirname, script), {});
  await until(() => port() > 0, `the start of ${dialect}`);
  return {
    name: dialect,
    dialect,
    url: `http://127.0.0.1:${port()}`,
    pid,
    token: '',
    inspector,
    stop: () => end(child, 'SIGKILL'),
  };
}

export const startRaw = () => startPeerServer('raw', 'raw-server.ts');
export const startHocuspocus = () => startPeerServer('hocuspocus', 'hocuspocus-server.ts');

/** Where a relay stores: Supabase on a Postgres (through `url` when that is another way to it), or in its folder. */
export type Storage = { readonly supabase: SupabaseOnPostgres; readonly url?: string };

/** Somebody signs up as in the app; the token. */
async function signUp(url: string): Promise<string> {
  const { supabaseUrl, publishableKey } = (await (
    await fetch(new URL('/api/config', url))
  ).json()) as ConfigResponse;
  const response = await fetch(new URL('/auth/v1/signup', supabaseUrl), {
    method: 'POST',
    headers: { apikey: publishableKey, 'content-type': 'application/json' },
    body: JSON.stringify({ email: `${randomUUID()}@example.com`, password: randomUUID() }),
  });
  const { access_token: token } = (await response.json()) as { access_token: string };
  return token;
}

/** The relay on a free port with an empty data folder. */
export async function startRelay(name: string, storage?: Storage): Promise<RunningRelay> {
  const dataDir = mkdtempSync(join(tmpdir(), 'wedsync-bench-'));
  if (storage === undefined) copyTemplate(dataDir);
  const env = {
    PORT: '0',
    DATA_DIR: dataDir,
    DEMO: 'off',
    LOG_LEVEL: 'error',
    ...storage?.supabase.env,
    ...(storage?.url === undefined ? {} : { SUPABASE_URL: storage.url }),
  };
  const { child, pid, check, inspector } = await startChild(main, env, RELAY_FLAGS);
  const file = () => {
    check();
    try {
      return JSON.parse(readFileSync(join(dataDir, 'relay.json'), 'utf8')) as {
        url: string;
        adminToken: string;
      };
    } catch {
      // Not written yet, or not whole yet.
      return undefined;
    }
  };
  await until(() => file() !== undefined, 'the start of the relay');
  const { url, adminToken } = file() ?? { url: '', adminToken: '' };
  async function call<T>(bearer: string, method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> {
    const response = await fetch(new URL(path, url), {
      method,
      headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${path} answered ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }
  const person = await signUp(url);
  const token =
    storage === undefined
      ? (await call<{ token: string }>(adminToken, 'POST', '/api/admin/token', { role: 'service_role' }))
          .token
      : await signToken(storage.supabase.jwtSecret, { role: 'service_role' });
  return {
    name,
    dialect: 'relay',
    url,
    pid,
    token,
    api: (method, path, body) => call(person, method, path, body),
    inspector,
    async stop() {
      await end(child, 'SIGTERM');
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
