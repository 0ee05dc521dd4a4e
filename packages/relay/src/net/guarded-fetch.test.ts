import { createServer } from 'node:http';
import { afterAll, expect, it } from 'vitest';
import { createGuardedFetch, isPublicAddress } from './guarded-fetch.ts';

const guarded = createGuardedFetch();
afterAll(() => guarded.close());

it('SEC-1 knows private, loopback, link-local and mapped addresses', () => {
  const priv =
    '127.0.0.1 10.0.0.1 192.168.1.1 172.16.0.1 169.254.169.254 0.0.0.0 ::1 fe80::1 fc00::1 ::ffff:10.0.0.1 100.64.0.1 x';
  for (const address of priv.split(' ')) expect(isPublicAddress(address), address).toBe(false);
  for (const address of ['8.8.8.8', '2606:4700::1111']) expect(isPublicAddress(address)).toBe(true);
});

it('SEC-1 refuses private addresses by number and by name, and anything but https', async () => {
  for (const url of [
    'https://127.0.0.1/',
    'https://[::1]/',
    'https://localhost/',
    'http://example.com/',
    'file:///etc/passwd',
  ])
    await expect(guarded(url), url).rejects.toThrow();
});

it('sends tests to one server, and follows no redirect', async () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(302, { location: 'https://elsewhere.example/' }).end('{}');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', () => done()));
  const { port } = server.address() as { port: number };
  const test = createGuardedFetch(`http://127.0.0.1:${port}`);
  expect((await test('https://api.example.com/a?b=c')).status).toBe(302);
  expect(asked).toEqual(['/api.example.com/a?b=c']);
  await test.close();
  server.close();
});
