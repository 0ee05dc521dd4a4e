import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registerErrors } from './errors.ts';
import { registerStaticApp } from './static-app.ts';

const directory = mkdtempSync(join(tmpdir(), 'wedsync-app-'));
beforeAll(() => {
  mkdirSync(join(directory, 'assets'));
  for (const [name, text] of Object.entries({
    'index.html': '<!doctype html><title>App</title>',
    'sw.js': 'self;',
    'manifest.webmanifest': '{}',
    'assets/index-BqT3x9Zk.js': 'let a;',
    'assets/plain.js': 'let b;',
  }))
    writeFileSync(join(directory, name), text);
});
afterAll(() => rmSync(directory, { recursive: true }));

async function create(path: string) {
  const app = Fastify();
  const { servePage } = registerStaticApp(app, path);
  registerErrors(app, servePage);
  await app.ready();
  return (url: string, headers: Record<string, string> = { accept: 'text/html' }) =>
    app.inject({ url, headers });
}

describe('the built app', () => {
  it('hashed files are kept for ever, all others are asked for each time', async () => {
    const get = await create(directory);
    expect((await get('/assets/index-BqT3x9Zk.js')).headers['cache-control']).toBe(
      'public, max-age=31536000, immutable',
    );
    for (const url of [
      '/assets/plain.js',
      '/sw.js',
      '/manifest.webmanifest',
      '/index.html',
      '/',
      '/list/l_x/couple/7',
    ])
      expect([url, (await get(url)).headers['cache-control']]).toEqual([url, 'no-cache']);
  });

  it('any address that a person may reload is the app; missing files and API addresses are not', async () => {
    const get = await create(directory);
    for (const url of ['/', '/list/l_x', '/sign-in?next=%2F']) {
      const page = await get(url);
      expect([url, page.statusCode, page.body]).toEqual([url, 200, '<!doctype html><title>App</title>']);
    }
    const missing = await get('/assets/gone-AAAAAAAA.js', { accept: '*/*' });
    expect([missing.statusCode, missing.json().error.code]).toEqual([404, 'not-found']);
    for (const url of ['/api/nothing', '/assets', '/assets/'])
      expect((await get(url, { accept: 'application/json' })).statusCode).toBe(404);
    for (const url of ['/../package.json', '/%2e%2e/package.json', '/assets/..%2f..%2fpackage.json'])
      expect((await get(url, { accept: '*/*' })).body).not.toContain('"workspaces"');
  });

  it('without a build it says what to do', async () => {
    const get = await create(join(directory, 'nowhere'));
    const page = await get('/');
    expect(page.statusCode).toBe(503);
    expect(page.body).toContain('npm start');
  });
});
