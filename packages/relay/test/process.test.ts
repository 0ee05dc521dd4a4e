// The relay as the person at the terminal and its neighbours see it: a real process with real data.
import { once } from 'node:events';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { command } from './helpers/command.ts';
import { makeDataDir, type RunningRelay, startRelay } from './helpers/relay.ts';

let relay: RunningRelay;
beforeAll(async () => {
  relay = await startRelay();
});

const get = (path: string, headers: Record<string, string> = {}) => fetch(`${relay.url}${path}`, { headers });
const errorOf = async (response: Response) => {
  const { error } = (await response.json()) as {
    error: { code: string; message: string; retryable: boolean };
  };
  return { status: response.status, ...error };
};

describe('start', () => {
  it('says each step in a line and ends with one ready line', () => {
    const lines = relay.output().trim().split('\n');
    expect(lines.slice(0, -1).every((line) => /^(• | {2})\S/.test(line))).toBe(true);
    expect(lines.at(-1)).toBe(
      `WedSync is ready on ${relay.url} · open it and press “Try the demo”, or sign up`,
    );
  });

  it('SEC-3 the file with the admin token is readable by its owner alone', () => {
    expect(statSync(join(relay.dataDir, 'relay.json')).mode & 0o777).toBe(0o600);
    expect(statSync(join(relay.dataDir, 'demo.json')).mode & 0o777).toBe(0o600);
  });

  it('a port in use, a data folder in use and wrong settings are said in plain words', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const failing = (options: Parameters<typeof startRelay>[0]) =>
      startRelay(options).then(
        () => 'started',
        (error: Error) => error.message,
      );
    expect(await failing({ env: { PORT: String(port), HOST: '127.0.0.1', DEMO: 'off' } })).toContain(
      `Port ${port} is in use by another program`,
    );
    other.close();
    expect(await failing({ dataDir: relay.dataDir })).toContain(
      `is in use by another WedSync (process ${relay.pid})`,
    );
    const wrong = await failing({ env: { PORT: 'x', LOG_LEVEL: 'loud' } });
    expect(wrong).toContain('PORT (is "x")');
    expect(wrong).toContain('LOG_LEVEL (is "loud")');
  });
});

describe('HTTP', () => {
  it('the demo account signs in with what the app is told, and has a list of about sixty couples', async () => {
    const config = (await (await get('/api/config')).json()) as {
      demo: { email: string; password: string };
      publishableKey: string;
      embedded: boolean;
    };
    expect(config).toMatchObject({ embedded: true, supabaseUrl: relay.url });
    const signIn = await fetch(`${relay.url}/auth/v1/token?grant_type=password`, {
      method: 'POST',
      headers: { apikey: config.publishableKey, 'content-type': 'application/json' },
      body: JSON.stringify(config.demo),
    });
    const { access_token } = (await signIn.json()) as { access_token: string };
    const { lists } = (await relay.api(access_token, 'GET', '/api/lists')) as {
      lists: { name: string; role: string }[];
    };
    expect(lists).toMatchObject([{ name: 'Demo couples', role: 'owner' }]);
  });

  it('lists are made and seen by their owner alone', async () => {
    const [ana, ben] = [
      await relay.token({ email: 'ana@example.com' }),
      await relay.token({ email: 'ben@example.com' }),
    ];
    const list = (await relay.api(ana, 'POST', '/api/lists', { name: ' Ours ' })) as { id: string };
    expect(list).toMatchObject({ name: 'Ours', role: 'owner', records: 0 });
    expect(list.id).toMatch(/^l_[A-Za-z0-9_-]{22}$/);
    expect(await relay.api(ana, 'GET', '/api/lists')).toMatchObject({ lists: [{ id: list.id }] });
    expect(await relay.api(ben, 'GET', '/api/lists')).toEqual({ lists: [] });
    for (const body of [{}, { name: '' }, { name: '   ' }, { name: 'x'.repeat(201) }, { name: 7 }])
      await expect(relay.api(ana, 'POST', '/api/lists', body)).rejects.toThrow('400');
  });

  it('AUTH-1 who may not is told so in the same neutral way', async () => {
    const service = await relay.token({ role: 'service_role' });
    const refused = { status: 401, code: 'unauthorized', message: 'Please sign in.', retryable: false };
    for (const authorization of ['', 'Bearer', 'Bearer x', `Basic ${service}`, `Bearer ${relay.adminToken}`])
      expect(await errorOf(await get('/api/lists', { authorization }))).toEqual(refused);
    expect(await errorOf(await get('/api/lists', { authorization: `Bearer ${service}` }))).toMatchObject({
      status: 403,
    });
    expect(await errorOf(await get('/api/admin/lists', { authorization: `Bearer ${service}` }))).toEqual(
      refused,
    );
    expect(await errorOf(await get('/api/admin/lists'))).toEqual(refused);
  });

  it('SEC-1 errors have one form and never show internals', async () => {
    const token = await relay.token({ email: 'ana@example.com' });
    const post = (body: string, type = 'application/json') =>
      fetch(`${relay.url}/api/lists`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': type },
        body,
      });
    expect(await errorOf(await get('/api/nothing'))).toMatchObject({ status: 404, code: 'not-found' });
    expect(await errorOf(await get('/_system/tables'))).toMatchObject({ status: 404, code: 'not-found' });
    expect(await errorOf(await post('{"name":'))).toMatchObject({ status: 400, code: 'invalid-request' });
    expect(await errorOf(await post('x', 'text/x-nothing'))).toMatchObject({
      status: 415,
      code: 'unsupported-type',
    });
    expect(await errorOf(await post(JSON.stringify({ name: 'x'.repeat(300_000) })))).toMatchObject({
      status: 413,
      code: 'too-large',
    });
  });

  it('every answer has the headers that keep scripts and frames out', async () => {
    for (const path of ['/', '/api/config', '/api/nothing', '/health']) {
      const { headers } = await get(path, { accept: 'text/html' });
      expect(headers.get('content-security-policy')).toContain("script-src 'self';");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    }
  });

  it('health is public and says no more than a word', async () => {
    for (const path of ['/health', '/health/live', '/health/ready'])
      expect(await (await get(path)).json()).toEqual({ status: 'ok' });
  });

  it('the OpenAPI document names every route with its body and answer', async () => {
    const document = (await (await get('/api/openapi.json')).json()) as {
      openapi: string;
      paths: Record<string, Record<string, object>>;
    };
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining(['/api/config', '/api/lists', '/api/admin/token', '/api/admin/lists']),
    );
    expect(document.paths['/api/lists']?.post).toMatchObject({
      security: [{ person: [] }],
      requestBody: { content: { 'application/json': { schema: { required: ['name'] } } } },
      responses: { 201: { content: { 'application/json': { schema: { type: 'object' } } } } },
    });
  });

  it('the embedded Supabase answers browsers under its two prefixes, by its own rights', async () => {
    const { publishableKey } = (await (await get('/api/config')).json()) as { publishableKey: string };
    const ana = await relay.token({ email: 'ana@example.com' });
    const rest = (token: string) =>
      get('/rest/v1/lists?select=name', { apikey: publishableKey, authorization: `Bearer ${token}` });
    expect(await (await rest(ana)).json()).toEqual([{ name: 'Ours' }]);
    expect((await get('/rest/v1/lists?select=name')).status).toBe(401);
    const rpc = await fetch(`${relay.url}/rest/v1/rpc/ws_lists`, {
      method: 'POST',
      headers: { apikey: publishableKey, authorization: `Bearer ${ana}`, 'content-type': 'application/json' },
      body: '{"p_user":""}',
    });
    expect(rpc.ok).toBe(false);
  });
});

describe('commands', () => {
  it('token prints one JWT and nothing else', async () => {
    const service = await command('token.ts', ['--role', 'service_role'], relay.dataDir);
    expect(service.stdout.trim()).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
    const person = await command('token.ts', ['--email', 'cli@example.com'], relay.dataDir);
    expect(await relay.api(person.stdout.trim(), 'GET', '/api/lists')).toEqual({ lists: [] });
    expect(await command('token.ts', ['--role', 'postgres'], relay.dataDir)).toMatchObject({
      code: 1,
      stdout: '',
    });
  });

  it('lists makes one and prints all as JSON', async () => {
    const made = await command(
      'lists.ts',
      ['create', '--name', 'From here', '--owner', 'cli@example.com', '--json'],
      relay.dataDir,
    );
    const list = JSON.parse(made.stdout) as { id: string };
    expect(list).toMatchObject({ name: 'From here', owner: 'cli@example.com', records: 0 });
    const all = JSON.parse((await command('lists.ts', ['--json'], relay.dataDir)).stdout) as unknown[];
    expect(all).toContainEqual({ id: list.id, name: 'From here', owner: 'cli@example.com', records: 0 });
    expect((await command('lists.ts', [], relay.dataDir)).stdout).toContain('From here');
  });

  it('lists and rebuild-read-model work on one list or on all, in words or JSON', async () => {
    const run = async (script: string, ...args: string[]) => {
      const { code, stdout, stderr } = await command(script, args, relay.dataDir);
      expect(code, stderr).toBe(0);
      return stdout.trim();
    };
    const made = await run('lists.ts', 'create', '--name', 'Of the shell', '--owner', 'cli@example.com');
    expect(made).toMatch(/^Made l_\S+ “Of the shell” for cli@example\.com$/);
    const [id = ''] = /l_\S+/.exec(made) ?? [];
    expect(await run('lists.ts', 'rebuild', id)).toMatch(new RegExp(`^Rebuilt ${id}: \\d writing sessions`));
    expect(JSON.parse(await run('lists.ts', 'rebuild', id, '--json'))).toMatchObject({ clients: 1 });
    expect(await run('rebuild-read-model.ts', '--list', id)).toBe(
      'The read model of 1 lists (0 couples) is built anew.',
    );
    expect(JSON.parse(await run('rebuild-read-model.ts', '--json'))).toContainEqual({ id, records: 0 });
  });

  it('they say what is wrong with what they were given, and how they are used', async () => {
    const fails = async (script: string, ...args: string[]) => {
      const { code, stdout, stderr } = await command(script, args, relay.dataDir);
      expect([code, stdout]).toEqual([1, '']);
      return stderr.trim();
    };
    for (const args of [
      ['create'],
      ['create', '--name', 'N'],
      ['nonsense'],
      ['rebuild'],
      ['rebuild', 'a', 'b'],
    ])
      expect(await fails('lists.ts', ...args)).toContain('Use: npm run -s lists');
    const unknown = `l_${'A'.repeat(22)}`;
    expect(await fails('lists.ts', 'rebuild', unknown)).toBe('This does not exist, or not any more.');
    expect(await fails('lists.ts', 'rebuild', 'l_nothing')).not.toBe('');
    expect(await fails('lists.ts', 'create', '--name', ' ', '--owner', 'nobody')).not.toBe('');
    expect(await fails('rebuild-read-model.ts', 'l_nothing')).toContain('Use: npm run rebuild-read-model');
    expect(await fails('rebuild-read-model.ts', '--list', unknown)).toBe(
      'This does not exist, or not any more.',
    );
    for (const args of [[], ['--role', 'service_role', '--email', 'cli@example.com']])
      expect(await fails('token.ts', ...args)).toContain('Use: npm run -s token');
    expect(await fails('doctor.ts', '--unknown')).toContain('--unknown');
  });

  it('HEALTH-1 doctor opens a list of the running relay as a device does, and says where that ends', async () => {
    await relay.api(await relay.token({ email: 'doctor@example.com' }), 'POST', '/api/lists', {
      name: 'Ours',
    });
    const whole = await command('doctor.ts', [], relay.dataDir);
    expect(whole).toMatchObject({ code: 0, stderr: '' });
    expect(whole.stdout).toContain(
      `ok       opening a list: A device that asks at ${relay.url} gets its list.`,
    );
    expect(whole.stdout).toMatch(/ok {7}audit log: Whole: \d+ entries\./);
    // A proxy that answers, and does not let sockets through.
    const proxy = createServer((_, response) => response.end('hello'));
    await once(proxy.listen(0, '127.0.0.1'), 'listening');
    const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const blocked = await command('doctor.ts', ['--json'], relay.dataDir, { PUBLIC_URL: `${url}/` });
    proxy.close();
    expect(blocked.code).toBe(1);
    expect(JSON.parse(blocked.stdout)).toContainEqual({
      check: 'opening a list',
      state: 'failing',
      text: expect.stringContaining(`${url} does not get its list: the socket was not opened`),
      fix: expect.stringContaining('WebSocket upgrades'),
    });
    const idle = await command('doctor.ts', [], makeDataDir());
    expect(idle).toMatchObject({ code: 0, stdout: expect.stringContaining('None runs on') });
  });

  it('they say so when no relay runs', async () => {
    const dataDir = makeDataDir();
    const nothing = await command('lists.ts', ['--json'], dataDir);
    expect(nothing).toMatchObject({ code: 1, stdout: '' });
    expect(nothing.stderr).toContain(
      `No relay is running on the data folder ${dataDir}. Start one with: npm start`,
    );
    writeFileSync(
      join(dataDir, 'relay.json'),
      JSON.stringify({ url: 'http://localhost:1', pid: 2 ** 22 + 1, adminToken: 'x' }),
    );
    expect((await command('lists.ts', ['--json'], dataDir)).stderr).toContain('No relay is running');
    // A process of that number there is, but nobody listens at its address.
    writeFileSync(
      join(dataDir, 'relay.json'),
      JSON.stringify({ url: 'http://127.0.0.1:9', pid: process.pid, adminToken: 'x' }),
    );
    expect((await command('lists.ts', [], dataDir)).stderr).toContain('does not answer. Is it starting');
    const doctor = await command('doctor.ts', ['--json'], dataDir);
    expect(doctor.code).toBe(1);
    expect(JSON.parse(doctor.stdout)).toContainEqual(
      expect.objectContaining({ check: 'opening a list', state: 'failing' }),
    );
  });
});

describe('RELAY-7 stop', () => {
  it('SIGTERM ends it with code 0, says that everything is stored, and leaves no file that points to it', async () => {
    const own = await startRelay({ env: { DEMO: 'off' } });
    expect(await own.stop()).toBe(0);
    expect(own.output()).toContain('Stopped. Everything is stored.');
    expect(existsSync(join(own.dataDir, 'relay.json'))).toBe(false);
    const again = await startRelay({ dataDir: own.dataDir, env: { DEMO: 'off' } });
    expect(again.pid).not.toBe(own.pid);
  });

  it('secrets and tokens are not in what it prints', async () => {
    const own = await startRelay({ env: { LOG_LEVEL: 'trace' } });
    const token = await own.token({ email: 'ana@example.com' });
    await fetch(`${own.url}/api/lists?token=${token}`);
    await own.stop();
    const { jwtSecret, secretKey } = JSON.parse(
      readFileSync(join(own.dataDir, 'secrets.json'), 'utf8'),
    ) as Record<string, string>;
    for (const secret of [token, own.adminToken, jwtSecret, secretKey, 'ana@example.com'])
      expect(own.output()).not.toContain(secret);
  });
});
