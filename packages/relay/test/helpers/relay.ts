// A real relay process on a port of its own with data of its own, for integration tests. It tears itself down:
// whatever a test file started is killed and its data removed when the file is done.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll } from 'vitest';
import { copyTemplate, keepTemplate } from './database-template.ts';

const root = resolve(import.meta.dirname, '../../../..');
const main = join(root, 'packages/relay/src/main.ts');
/** The embedded Supabase takes about 4 s for its first start on a quiet machine; twenty times that is a hang. */
const START_LIMIT_MS = 100_000;
const coverageDir = process.env.COVERAGE_DIR;

export interface StartOptions {
  /** Where the relay keeps its data; a new directory, removed afterwards, when not given. */
  readonly dataDir?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** A write beyond the limit of file sizes then fails like one on a full disk, in place of ending the process. */
  readonly outlivesFileLimit?: boolean;
}

export interface RunningRelay {
  readonly url: string;
  /** `ws://host:port/sync`, as y-websocket wants it. */
  readonly syncUrl: string;
  readonly dataDir: string;
  readonly adminToken: string;
  readonly pid: number;
  /** Everything it has printed so far. */
  output(): string;
  /** A token: of the service role, or of a person who is signed up on the way when unknown. */
  token(who: { readonly role: 'service_role' } | { readonly email: string }): Promise<string>;
  /** Calls the HTTP API with a bearer token; the parsed JSON of a 2xx answer, else an Error that shows it. */
  api(token: string, method: string, path: string, body?: unknown): Promise<unknown>;
  /** SIGTERM, then waits for the end; the exit code, null when it was killed. */
  stop(): Promise<number | null>;
  kill9(): Promise<void>;
}

interface RelayFile {
  readonly url: string;
  readonly pid: number;
  readonly adminToken: string;
}

const running = new Set<ChildProcess>();
const directories = new Set<string>();

afterAll(async () => {
  await Promise.all(
    [...running].map((child) => end(child, coverageDir === undefined ? 'SIGKILL' : 'SIGTERM')),
  );
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});

/** A new directory that is removed when the test file is done. */
export function makeDataDir(): string {
  const directory = mkdtempSync(join(tmpdir(), 'wedsync-'));
  directories.add(directory);
  return directory;
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }
  running.delete(child);
  return child.exitCode;
}

/** Waits until the process has written its address; fails with what it printed when it ends before. */
async function readRelayFile(child: ChildProcess, path: string, output: () => string): Promise<RelayFile> {
  const until = Date.now() + START_LIMIT_MS;
  while (Date.now() < until) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`the relay ended while starting (${child.exitCode ?? child.signalCode}):\n${output()}`);
    if (existsSync(path) && output().includes('is ready')) {
      const file = JSON.parse(readFileSync(path, 'utf8')) as RelayFile;
      if (file.pid === child.pid) return file;
    }
    await delay(20);
  }
  throw new Error(`the relay did not start within ${START_LIMIT_MS} ms:\n${output()}`);
}

/** A new data folder with an empty database in it, made by a relay of its own when there is no template yet. */
async function makeDataDirWithDatabase(): Promise<string> {
  const dataDir = makeDataDir();
  if (copyTemplate(dataDir)) return dataDir;
  const first = await spawnRelay({ dataDir, env: { DEMO: 'off' } });
  await first.stop();
  keepTemplate(dataDir);
  return dataDir;
}

/** Starts `packages/relay/src/main.ts` and resolves when it is ready. */
export async function startRelay(options: StartOptions = {}): Promise<RunningRelay> {
  const dataDir = options.dataDir ?? (await makeDataDirWithDatabase());
  return await spawnRelay({ ...options, dataDir, env: options.env ?? {} });
}

async function spawnRelay(options: {
  dataDir: string;
  env: Readonly<Record<string, string>>;
  outlivesFileLimit?: boolean;
}): Promise<RunningRelay> {
  const { dataDir } = options;
  const [file, args]: [string, string[]] =
    options.outlivesFileLimit === true
      ? ['/bin/sh', ['-c', `trap '' XFSZ; exec "$0" "$@"`, process.execPath, main]]
      : [process.execPath, [main]];
  const child = spawn(file, args, {
    cwd: root,
    env: {
      ...process.env,
      // Written when it ends by itself or by a signal that it hears.
      ...(coverageDir === undefined ? {} : { NODE_V8_COVERAGE: coverageDir }),
      PORT: '0',
      DATA_DIR: dataDir,
      LOG_LEVEL: 'warn',
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      printed += chunk.toString('utf8');
    });
  const { url, pid, adminToken } = await readRelayFile(child, join(dataDir, 'relay.json'), () => printed);

  async function api(token: string, method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(new URL(path, url), {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} → ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  return {
    url,
    syncUrl: `${url.replace(/^http/, 'ws')}/sync`,
    dataDir,
    adminToken,
    pid,
    output: () => printed,
    async token(who) {
      const { token } = (await api(adminToken, 'POST', '/api/admin/token', who)) as { token: string };
      return token;
    },
    api,
    stop: () => end(child, 'SIGTERM'),
    kill9: async () => {
      await end(child, 'SIGKILL');
    },
  };
}
