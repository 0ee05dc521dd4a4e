// A stranger's first minute: a clean clone, `npm start`, an empty data dir, signing in, stopping with Ctrl-C.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const firstStartMs = 8 * 60_000;

let workDir: string;
let clone: string;
let starter: ChildProcess | undefined;
let output = '';

/** The environment of a stranger's shell: nothing of this test run's npm or Node. */
function cleanEnv(extra: Record<string, string>): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_|VITEST|TEST$)/i.test(name));
  const path = (process.env.PATH ?? '').split(':').filter((dir) => !dir.includes('node_modules'));
  return { ...Object.fromEntries(kept), PATH: path.join(':'), ...extra };
}

function start(): Promise<string> {
  output = '';
  starter = spawn(npm, ['start'], { cwd: clone, env: cleanEnv({ PORT: '0' }), detached: true });
  return new Promise((done, fail) => {
    const onOutput = (chunk: Buffer) => {
      output += String(chunk);
      const url = /ready on (http:\/\/\S+)/.exec(output)?.[1];
      if (url !== undefined) done(url);
    };
    starter?.stdout?.on('data', onOutput);
    starter?.stderr?.on('data', onOutput);
    starter?.once('exit', (code) => fail(new Error(`npm start ended (${code}):\n${output}`)));
  });
}

/** Ctrl-C in a terminal signals the whole foreground process group. */
async function pressCtrlC(): Promise<void> {
  const running = starter;
  starter = undefined;
  if (running?.pid === undefined || running.exitCode !== null) return;
  running.removeAllListeners('exit');
  const ended = new Promise((done) => running.once('exit', done));
  process.kill(-running.pid, 'SIGINT');
  await ended;
}

async function json(url: string, init?: RequestInit): Promise<Record<string, unknown>> {
  const response = await fetch(url, init);
  expect(response.status, `${url}: ${await response.clone().text()}`).toBeLessThan(300);
  return (await response.json()) as Record<string, unknown>;
}

async function signIn(url: string, path: string, email: string, password: string): Promise<string> {
  const { publishableKey } = await json(`${url}/api/config`);
  const session = await json(`${url}/auth/v1/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', apikey: String(publishableKey) },
    body: JSON.stringify({ email, password }),
  });
  return String(session.access_token);
}

beforeAll(async () => {
  workDir = mkdtempSync(join(tmpdir(), 'wedsync-clone-'));
  clone = join(workDir, 'wedsync');
  execFileSync('git', ['clone', '-q', root, clone]);
  // The working tree may be ahead of the last commit: what is tested is what stands here.
  const changed = execFileSync('git', ['ls-files', '-mo', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  for (const file of changed.split('\n').filter((name) => name !== '' && existsSync(join(root, name)))) {
    cpSync(join(root, file), join(clone, file));
  }
});

afterAll(async () => {
  await pressCtrlC();
  rmSync(workDir, { recursive: true, force: true });
});

describe('npm start on a clean clone', () => {
  it('installs, builds, prints one ready line, and lets a person sign up and the demo sign in', {
    timeout: firstStartMs,
  }, async () => {
    const url = await start();
    expect(output.match(/ready on/g)).toHaveLength(1);

    const page = await (await fetch(url)).text();
    expect(page).toContain('<div id="root"');

    const token = await signIn(url, 'signup', 'anna@example.com', 'a long pass phrase 42');
    const authorization = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const list = await json(`${url}/api/lists`, {
      method: 'POST',
      headers: authorization,
      body: JSON.stringify({ name: 'My couples' }),
    });
    expect(list).toMatchObject({ name: 'My couples', role: 'owner' });

    const { demo } = (await json(`${url}/api/config`)) as { demo: { email: string; password: string } };
    const demoToken = await signIn(url, 'token?grant_type=password', demo.email, demo.password);
    const { lists } = (await json(`${url}/api/lists`, {
      headers: { authorization: `Bearer ${demoToken}` },
    })) as { lists: { records: number }[] };
    expect(lists[0]?.records).toBeGreaterThanOrEqual(55);
  });

  it('keeps everything over Ctrl-C and a second start, and the commands answer as documented', {
    timeout: firstStartMs,
  }, async () => {
    await pressCtrlC();
    await start();
    const command = (...args: string[]) =>
      execFileSync(npm, ['run', '-s', ...args], { cwd: clone, env: cleanEnv({}), encoding: 'utf8' });

    const lists = JSON.parse(command('lists', '--', '--json')) as {
      id: string;
      name: string;
      records: number;
    }[];
    expect(lists.map((list) => list.name)).toContain('My couples');
    const listId = lists.find((list) => list.name === 'My couples')?.id ?? '';
    expect(listId).toMatch(/^l_[A-Za-z0-9_-]{22}$/);

    expect(command('token', '--', '--role', 'service_role')).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    expect(command('token', '--', '--email', 'anna@example.com')).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    const source = JSON.parse(
      command('sources', '--', 'create', '--list', listId, '--provider', 'standard', '--json'),
    ) as Record<string, string>;
    expect(Object.keys(source).sort()).toEqual(['id', 'secret', 'url']);
    expect(source.secret).toMatch(/^whsec_/);

    const settings = JSON.parse(readFileSync(join(clone, '.wedsync/relay.json'), 'utf8')) as { url: string };
    await pressCtrlC();
    await expect(fetch(settings.url)).rejects.toThrow();
    expect(() => command('lists', '--', '--json')).toThrow();
  });
});
