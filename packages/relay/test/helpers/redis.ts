// A Redis of its own for a test file, on a free port, that can be stopped and started again.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { freePort } from './postgres.ts';

export interface RedisServer {
  readonly url: string;
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** @throws Error with the command that installs Redis where it is missing */
export async function startRedis(): Promise<RedisServer> {
  const port = await freePort();
  let child: ChildProcess | undefined;

  async function start(): Promise<void> {
    const started = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', ''], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    child = started;
    await new Promise<void>((done, fail) => {
      started.on('error', () =>
        fail(new Error('Redis is not installed. Install it: apt-get install -y redis-server')),
      );
      started.stdout.on('data', (text: Buffer) => {
        if (text.includes('Ready to accept connections')) done();
      });
      started.on('exit', () => fail(new Error('Redis ended while starting')));
    });
  }

  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    start,
    async stop() {
      if (child === undefined || child.exitCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
      child = undefined;
    },
  };
}
