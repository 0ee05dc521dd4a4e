// The data folder of the embedded default: one process, first creation whole or not at all, nothing acknowledged lost,
// and plain words where it cannot be used.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { createDocumentStore } from '../../src/store/document-store.ts';
import { createRpc } from '../../src/store/rpc.ts';
import { createSupabase, type Supabase } from '../../src/supabase/client.ts';
import { startEmbedded } from '../../src/supabase/embedded/embedded.ts';

const quiet = { onProgress: () => undefined, onCrash: () => undefined };
const root = mkdtempSync(join(tmpdir(), 'wedsync-data-'));
const children = new Set<ChildProcess>();
const opened: Supabase[] = [];
let number = 0;
/** A whole folder, made once; tests copy it. */
let made: string;

function folder(from?: string): string {
  const path = join(root, `data-${++number}`);
  if (from !== undefined) cpSync(from, path, { recursive: true });
  return path;
}

async function open(dataDir: string, crashes: string[] = []): Promise<Supabase> {
  const events = { onProgress: () => undefined, onCrash: (error: Error) => crashes.push(error.message) };
  const supabase = await createSupabase(readConfig({ DATA_DIR: dataDir }), events);
  opened.push(supabase);
  return supabase;
}

interface Child {
  readonly process: ChildProcess;
  readonly lines: string[];
  output(): string;
  /** Waits for a line; fails when the process ends without it. */
  line(pattern: RegExp): Promise<string>;
  end(signal: NodeJS.Signals): Promise<void>;
}

function run(dataDir: string, task: string, limits = ''): Child {
  const script = join(import.meta.dirname, '../helpers/embedded-child.ts');
  // A write beyond the limit of file sizes then fails like one on a full disk, in place of ending the process.
  const command = `trap '' XFSZ; ${limits} exec "$0" "$@"`;
  const child = spawn('/bin/sh', ['-c', command, process.execPath, script, dataDir, task], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  let output = '';
  const take = (text: string) => {
    output += text;
  };
  child.stdout.setEncoding('utf8').on('data', take);
  child.stderr.setEncoding('utf8').on('data', take);
  const exited = once(child, 'close');
  const lines = () => output.split('\n').slice(0, -1);
  return {
    process: child,
    get lines() {
      return lines();
    },
    output: () => output,
    async line(pattern) {
      for (;;) {
        const found = lines().find((line) => pattern.test(line));
        if (found !== undefined) return found;
        if (child.exitCode !== null || child.signalCode !== null)
          throw new Error(`ended without it:\n${output}`);
        await Promise.race([delay(10), exited]);
      }
    },
    async end(signal) {
      child.kill(signal);
      await exited;
    },
  };
}

/** The project's own, with one more migration. */
function supabaseDirWith(sql: string): string {
  const path = folder(join(import.meta.dirname, '../../../../supabase'));
  writeFileSync(join(path, 'migrations/20991231000000_later.sql'), sql);
  return path;
}

beforeAll(async () => {
  made = folder();
  await (await open(made)).close();
});

afterEach(async () => {
  for (const supabase of opened.splice(0)) await supabase.close();
  for (const child of children) child.kill('SIGKILL');
  children.clear();
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('one process', () => {
  it('refuses a second one and names the first; takes over from a killed one', async () => {
    const dataDir = folder(made);
    const first = run(dataDir, 'hold');
    await first.line(/^open$/);
    const refused = {
      code: 'already-running',
      message: expect.stringContaining(`process ${first.process.pid}`),
    };
    await expect(open(dataDir)).rejects.toMatchObject(refused);
    await first.end('SIGKILL');
    const supabase = await open(dataDir);
    await expect(open(dataDir)).rejects.toMatchObject({ code: 'already-running' });
    await supabase.close();
    expect(existsSync(join(dataDir, 'lock'))).toBe(false);
  });

  it('lets one of several that start at once have it, also over the lock of a killed one', async () => {
    const dataDir = folder(made);
    writeFileSync(join(dataDir, 'lock'), '999999999 1');
    const starts = [1, 2, 3].map(() => run(dataDir, 'hold'));
    const said = await Promise.all(starts.map((child) => child.line(/^(?:open|refused already-running)/)));
    expect(said.filter((line) => line === 'open')).toHaveLength(1);
  });
});

describe('first creation', () => {
  it('starts again after it was killed in the middle, wherever that was', async () => {
    for (const files of [1, 300, 700]) {
      const dataDir = folder();
      const child = run(dataDir, 'hold');
      // In its draft, or where it would be without one.
      const count = () =>
        Math.max(
          ...['database.new', 'database']
            .map((name) => join(dataDir, name))
            .map((path) => (existsSync(path) ? readdirSync(path, { recursive: true }).length : 0)),
        );
      while (count() < files && child.process.exitCode === null) await delay(1);
      await child.end('SIGKILL');
      const supabase = await open(dataDir);
      expect(await createRpc(supabase.client)('ws_lists', { p_user: '' })).toBe('[]');
      await supabase.close();
    }
  });

  it('starts again after the disk was full', async () => {
    const dataDir = folder();
    const child = run(dataDir, 'hold', 'ulimit -f 4000;');
    const line = await child.line(/^refused/);
    expect(line).toMatch(/bad-config: The database in .* could not be opened.*100 MB free/);
    expect(existsSync(join(dataDir, 'database'))).toBe(false);
    await open(dataDir);
  });
});

describe('RELAY-1: what was acknowledged', () => {
  it('is there after kill -9, again and again', async () => {
    const dataDir = folder(made);
    let acked = 0;
    for (let round = 1; round <= 3; round++) {
      const child = run(dataDir, 'append');
      await child.line(new RegExp(`^acked ${acked + round * 25}$`));
      await child.end('SIGKILL');
      const sequences = child.lines
        .filter((line) => line.startsWith('acked'))
        .map((line) => Number(line.slice(6)));
      acked = Math.max(...sequences);
    }
    const store = createDocumentStore(createRpc((await open(dataDir)).client));
    const rows = (await store.load('kill'))?.rows ?? [];
    expect(rows.length).toBeGreaterThanOrEqual(acked);
    expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, n) => n + 1));
  });

  it('RELAY-2: is there after the engine gave up on a full disk, and its thread is started anew', async () => {
    const dataDir = folder(made);
    const child = run(dataDir, 'append');
    await child.line(/^acked 10$/);
    // From now on no file grows beyond 1 MB: the next write to the database's own journal ends it.
    const limit = (size: string) =>
      execFileSync('prlimit', ['--pid', String(child.process.pid), `--fsize=${size}:`]);
    limit('1000000');
    await child.line(/^crash/);
    await child.line(/^not acked storage-unavailable/);
    limit('unlimited');
    const acked = () =>
      child.lines.filter((line) => line.startsWith('acked')).map((line) => Number(line.slice(6)));
    const before = Math.max(...acked());
    await child.line(new RegExp(`^acked ${before + 20}$`));
    await child.end('SIGKILL');
    const store = createDocumentStore(createRpc((await open(dataDir)).client));
    const rows = (await store.load('kill'))?.rows ?? [];
    expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, n) => n + 1));
    expect(rows.length).toBeGreaterThanOrEqual(Math.max(...acked()));
  });
});

describe('what is written', () => {
  it('SEC-1: keys to the owner of the folder alone', () => {
    expect(statSync(join(made, 'secrets.json')).mode & 0o777).toBe(0o600);
    expect(statSync(made).mode & 0o077).toBe(0);
  });

  it('SEC-1: no value of a refused call to any output', async () => {
    const child = run(folder(made), 'errors');
    await child.line(/^done$/);
    expect(child.output()).not.toMatch(/0815/);
  });
});

describe('a folder that cannot be used', () => {
  const secretsOf = (dataDir: string) => readFileSync(join(dataDir, 'secrets.json'), 'utf8');
  const listing = (dataDir: string) => readdirSync(dataDir).sort();

  it.each<[string, (dataDir: string) => void, RegExp]>([
    ['is from a newer version', (dir) => writeFileSync(join(dir, 'version'), '99\n'), /newer version/],
    ['has no keys', (dir) => rmSync(join(dir, 'secrets.json')), /key file .* is missing/],
    [
      'has damaged keys',
      (dir) => writeFileSync(join(dir, 'secrets.json'), '{"jwt'),
      /key file .* cannot be read/,
    ],
    ['lost a file', (dir) => rmSync(join(dir, 'database/global/pg_control')), /could not be opened/],
  ])('says so when it %s, and changes nothing', async (_, damage, words) => {
    const dataDir = folder(made);
    damage(dataDir);
    const before = listing(dataDir);
    await expect(open(dataDir)).rejects.toMatchObject({
      code: 'bad-config',
      message: expect.stringMatching(words),
    });
    expect(listing(dataDir)).toEqual(before);
    if (before.includes('secrets.json') && !String(words).includes('key file'))
      expect(secretsOf(dataDir)).toBe(secretsOf(made));
  });

  it('says so when it cannot be written, or is a file', async () => {
    const file = join(root, 'file');
    writeFileSync(file, '');
    for (const dataDir of ['/proc/nowhere', file, join(file, 'below')])
      await expect(open(dataDir)).rejects.toThrow(/cannot be read and written/);
  });

  it('says so when its tables are newer, and leaves them alone', async () => {
    const newer = supabaseDirWith('create table wedsync.later (id int);');
    const dataDir = folder(made);
    await (await startEmbedded({ dataDir, supabaseDir: newer, ...quiet })).close();
    await expect(open(dataDir)).rejects.toThrow(/newer version of WedSync/);
  });
});

describe('the short way of the relay’s calls', () => {
  it('SEC-2: checks that the service may execute the function', async () => {
    const supabaseDir = supabaseDirWith(`
      create function public.ws_closed() returns text language sql security definer set search_path = '' as $$ select 'in' $$;
      revoke all on function public.ws_closed() from public, anon, authenticated, service_role;
      create function public.ws_role_now() returns text language sql set search_path = '' as $$ select current_user::text $$;`);
    const embedded = await startEmbedded({ dataDir: folder(made), supabaseDir, ...quiet });
    const call = async (name: string) => {
      const headers = { apikey: embedded.secrets.secretKey, 'content-type': 'application/json' };
      const url = `http://embedded.invalid/rest/v1/rpc/${name}`;
      const response = await embedded.fetch(new Request(url, { method: 'POST', headers, body: '{}' }));
      return [response.status, await response.text()];
    };
    expect((await call('ws_closed'))[0]).toBe(403);
    expect(await call('ws_role_now')).toEqual([200, '"service_role"']);
    await embedded.close();
  });
});
