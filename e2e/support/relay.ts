// A real relay on a port of its own with an empty data folder, for one test file. It can be stopped, killed and
// started again on the same address, as a machine would be.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const main = resolve(import.meta.dirname, '../../packages/relay/src/main.ts');
const startWithinMs = 60_000;

export type TestRelay = {
  readonly url: string;
  start(): Promise<void>;
  /** SIGTERM and its end. */
  stop(): Promise<void>;
  kill9(): Promise<void>;
  /** Stops it and removes its data. */
  dispose(): Promise<void>;
  /** Calls the admin API, as the command line does. */
  admin<T>(path: string, init?: { method: string; body?: unknown }): Promise<T>;
};

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => done(port));
    });
  });
}

/** @param settings besides those that every test's relay has */
export async function createRelay(settings: Readonly<Record<string, string>> = {}): Promise<TestRelay> {
  const dataDir = mkdtempSync(join(tmpdir(), 'wedsync-e2e-'));
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const relayFile = join(dataDir, 'relay.json');
  let child: ChildProcess | undefined;

  async function start(): Promise<void> {
    let output = '';
    const { COVERAGE_DIR } = process.env;
    const env = {
      ...process.env,
      ...(COVERAGE_DIR === undefined ? {} : { NODE_V8_COVERAGE: COVERAGE_DIR }),
      PORT: String(port),
      DATA_DIR: dataDir,
      LOG_LEVEL: 'error',
      ...settings,
    };
    const started = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    child = started;
    for (const stream of [started.stdout, started.stderr])
      stream.on('data', (chunk) => (output += String(chunk)));
    const deadline = Date.now() + startWithinMs;
    for (;;) {
      if (started.exitCode !== null) throw new Error(`the relay ended at once:\n${output}`);
      if (Date.now() > deadline) throw new Error(`the relay is not ready:\n${output}`);
      const isReady = await fetch(`${url}/health/ready`).then(
        (response) => response.ok,
        () => false,
      );
      if (isReady && existsSync(relayFile)) return;
      await new Promise((done) => setTimeout(done, 100));
    }
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    const running = child;
    child = undefined;
    if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
    const ended = new Promise((done) => running.once('exit', done));
    running.kill(signal);
    await ended;
  }

  return {
    url,
    start,
    stop: () => end('SIGTERM'),
    kill9: () => end('SIGKILL'),
    async dispose() {
      await end('SIGTERM');
      rmSync(dataDir, { recursive: true, force: true });
    },
    async admin<T>(path: string, init?: { method: string; body?: unknown }): Promise<T> {
      const { adminToken } = JSON.parse(readFileSync(relayFile, 'utf8')) as { adminToken: string };
      const response = await fetch(`${url}/api/admin/${path}`, {
        method: init?.method ?? 'GET',
        headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
        ...(init?.body === undefined ? {} : { body: JSON.stringify(init.body) }),
      });
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
      return (await response.json()) as T;
    },
  };
}
