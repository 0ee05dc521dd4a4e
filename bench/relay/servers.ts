// The two servers under load, each a process of its own: the relay as it ships (embedded storage on), and the yardstick.
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Server } from './load.ts';

const main = resolve(import.meta.dirname, '../../packages/relay/src/main.ts');
const startWithinMs = 120_000;

export type RunningServer = Server & { stop(): Promise<void> };
export type RunningRelay = RunningServer & { admin<T>(path: string, body: unknown): Promise<T> };

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const end = new Promise((done) => child.once('exit', done));
  child.kill(signal);
  await end;
}

export async function startRaw(): Promise<RunningServer> {
  const child = fork(join(import.meta.dirname, 'raw-server.ts'));
  const port = await new Promise<number>((done, fail) => {
    child.once('message', (message: { port: number }) => done(message.port));
    child.once('exit', () => fail(new Error('the raw server did not start')));
  });
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    token: '',
    stop: () => ended(child, 'SIGKILL'),
  };
}

/** The relay on a free port with an empty data folder and limits that a bench does not reach. */
export async function startRelay(): Promise<RunningRelay> {
  const dataDir = mkdtempSync(join(tmpdir(), 'wedsync-bench-'));
  const env = { ...process.env, PORT: '0', DATA_DIR: dataDir, DEMO: 'off', LOG_LEVEL: 'error' };
  const child = spawn(process.execPath, [main], { env, stdio: 'ignore' });
  const file = join(dataDir, 'relay.json');
  const deadline = performance.now() + startWithinMs;
  while (!existsSync(file)) {
    if (child.exitCode !== null || performance.now() > deadline) throw new Error('the relay did not start');
    await new Promise((done) => setTimeout(done, 50));
  }
  const { url, adminToken } = JSON.parse(readFileSync(file, 'utf8')) as { url: string; adminToken: string };
  async function admin<T>(path: string, body: unknown): Promise<T> {
    const headers = { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' };
    const response = await fetch(`${url}/api/admin/${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path} answered ${response.status}`);
    return (await response.json()) as T;
  }
  const { token } = await admin<{ token: string }>('token', { role: 'service_role' });
  return {
    url,
    pid: child.pid ?? 0,
    token,
    admin,
    async stop() {
      await ended(child, 'SIGTERM');
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
