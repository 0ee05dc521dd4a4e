import { createServer } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createGuardedFetch } from '../net/guarded-fetch.ts';
import { fetchPhoto } from './fetch-photo.ts';

const asked: string[] = [];
const server = createServer((request, response) => {
  asked.push(request.url ?? '');
  const to = (location: string) => response.writeHead(302, { location }).end();
  const [, , what] = (request.url ?? '').split('/');
  if (what === 'moved') to('https://cdn.example.com/photo.jpg');
  else if (what === 'relative') to('/photo.jpg');
  else if (what === 'inside') to('https://169.254.169.254/latest/meta-data');
  else if (what === 'plain') to('http://cdn.example.com/photo.jpg');
  else if (what === 'loop') to('/loop');
  else if (what === 'large') response.end(Buffer.alloc(2_000));
  else if (what === 'photo.jpg') response.end('picture');
  else response.writeHead(what === 'broken' ? 500 : 404).end();
});
let guarded: ReturnType<typeof createGuardedFetch>;
beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', () => done()));
  const { port } = server.address() as { port: number };
  guarded = createGuardedFetch(`http://127.0.0.1:${port}`);
});
afterAll(async () => {
  await guarded.close();
  server.close();
});

const get = (what: string) => fetchPhoto(guarded, `https://studio.example.com/${what}`, 1_000);

it('follows a photo that moved, each step checked like the first', async () => {
  const picture = { ok: true, bytes: Buffer.from('picture') };
  expect(await get('photo.jpg')).toEqual(picture);
  expect(await get('moved')).toEqual(picture);
  expect(await get('relative')).toEqual(picture);
  expect(await get('loop')).toEqual({ ok: false, problem: 'photo-away' });
});

it('SEC-1 is not led to private addresses or out of https', async () => {
  const forbidden = { ok: false, problem: 'photo-forbidden' };
  asked.length = 0;
  expect(await get('inside')).toEqual(forbidden);
  expect(await get('plain')).toEqual(forbidden);
  expect(asked).toEqual(['/studio.example.com/inside', '/studio.example.com/plain']);
  expect(await fetchPhoto(guarded, 'https://127.0.0.1/a.jpg', 1_000)).toEqual(forbidden);
  const real = createGuardedFetch();
  expect(await fetchPhoto(real, 'https://localhost/a.jpg', 1_000)).toEqual(forbidden);
  await real.close();
});

it('tells what may come later from what will not', async () => {
  expect(await get('large')).toEqual({ ok: false, problem: 'photo-too-large' });
  expect(await get('broken')).toEqual({ ok: false, problem: 'photo-away' });
  expect(await get('nothing')).toEqual({ ok: false, problem: 'photo-away' });
});
