// Photos of couples on a real relay: from an event of a source to the picture that members of the list get.
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ApiAnswer, type ProviderApi, startProviderApi } from './helpers/provider-api.ts';
import { type RunningRelay, startRelay } from './helpers/relay.ts';
import { closeDevices, createStudio, type Studio } from './helpers/studio.ts';
import { until } from './helpers/until.ts';

let relay: RunningRelay;
let host: ProviderApi;
let jpeg: Buffer;
const pictures = new Map<string, () => ApiAnswer>();

beforeAll(async () => {
  jpeg = await sharp({ create: { width: 640, height: 480, channels: 3, background: '#7a5c44' } })
    .withExif({ IFD0: { Artist: 'SECRET-ARTIST' } })
    .jpeg()
    .toBuffer();
  host = await startProviderApi();
  host.answer(({ path }) => pictures.get(path)?.());
  relay = await startRelay({ env: { DEMO: 'off', OUTBOUND_TEST_ORIGIN: host.origin } });
});
afterEach(closeDevices);
afterAll(() => host.close());

/** Puts bytes behind a new address. */
function publish(body: Uint8Array, name: string = randomUUID()): string {
  pictures.set(`photos.example.com/${name}`, () => ({ headers: { 'content-type': 'image/jpeg' }, body }));
  return `https://photos.example.com/${name}`;
}

const keyOf = (url: string) => createHash('sha256').update(url).digest('hex');

function ask(studio: Studio, url: string, { size = 'full', token = studio.token } = {}): Promise<Response> {
  return fetch(`${relay.url}/api/lists/${studio.listId}/photos/${keyOf(url)}?size=${size}`, {
    headers: { authorization: `Bearer ${token}` },
  });
}
const isThere = (studio: Studio, url: string) => until(async () => (await ask(studio, url)).ok);
const isGone = (studio: Studio, url: string) => until(async () => (await ask(studio, url)).status === 404);

function filesKept(): string[] {
  const folder = join(relay.dataDir, 'images');
  return existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.webp'))
    : [];
}

async function reasonOf(studio: Studio, sentence: RegExp): Promise<void> {
  await until(async () => (await studio.deliveries()).some(({ reason }) => sentence.test(reason ?? '')));
}

describe('a photo that a source names', () => {
  it('SEC-1 is fetched, written anew and given to members of the list alone, never to be asked for twice', async () => {
    const studio = await createStudio(relay);
    const url = publish(jpeg);
    await studio.send({ type: 'client.created', changes: { firstName: 'Mara', photo: url } });
    await isThere(studio, url);
    const full = await ask(studio, url);
    expect(Object.fromEntries(full.headers)).toMatchObject({
      'content-type': 'image/webp',
      'cache-control': 'private, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
    });
    const bytes = Buffer.from(await full.arrayBuffer());
    expect(await sharp(bytes).metadata()).toMatchObject({ format: 'webp', width: 640, height: 480 });
    expect(bytes.includes('SECRET-ARTIST')).toBe(false);
    const thumb = await ask(studio, url, { size: 'thumb' });
    expect(await sharp(Buffer.from(await thumb.arrayBuffer())).metadata()).toMatchObject({ width: 256 });

    const stranger = await relay.token({ email: `${randomUUID()}@example.com` });
    expect((await ask(studio, url, { token: stranger })).status).toBe(404);
    expect((await ask(studio, url, { token: '' })).status).toBe(401);
    const other = await createStudio(relay);
    expect((await ask(other, url)).status).toBe(404);
    expect(host.requests.filter(({ path }) => url.endsWith(path)).length).toBe(1);
  });

  it('never blocks its event: what it is no picture of is told in the delivery log', async () => {
    const studio = await createStudio(relay);
    const device = await studio.open();
    const url = publish(Buffer.from('<svg onload="alert(1)"/>'));
    await studio.send({ type: 'client.created', changes: { firstName: 'Ines', photo: url } });
    await until(() => device.couple()?.values.firstName === 'Ines');
    await reasonOf(studio, /no JPEG, PNG or WebP/);
    expect((await studio.deliveries())[0]).toMatchObject({ state: 'applied' });
    expect((await ask(studio, url)).status).toBe(404);
  });

  it('SEC-1 is not fetched from a private address', async () => {
    const studio = await createStudio(relay);
    for (const url of ['https://127.0.0.1/a.jpg', 'https://[::1]/a.jpg', 'https://169.254.169.254/latest']) {
      await studio.send({ type: 'client.updated', changes: { firstName: 'Ada', photo: url } });
      await studio.applied();
      await reasonOf(studio, /not a public https address/);
    }
    expect(host.requests.some(({ path }) => /127\.0|::1|169\.254/.test(path))).toBe(false);
  });

  it('is tried again while its host is away, and the log says so until it is there', async () => {
    const studio = await createStudio(relay);
    const url = 'https://photos.example.com/late';
    pictures.set('photos.example.com/late', () => ({ status: 503 }));
    await studio.send({ type: 'client.created', changes: { firstName: 'Lia', photo: url } });
    await reasonOf(studio, /could not be fetched yet; it is tried again/);
    publish(jpeg, 'late');
    await isThere(studio, url);
    await until(async () => (await studio.deliveries())[0]?.reason === undefined);
  });

  it('is fetched again when its file is lost, and found again after a restart', async () => {
    const studio = await createStudio(relay);
    const url = publish(jpeg);
    await studio.send({ type: 'client.created', changes: { firstName: 'Noa', photo: url } });
    await isThere(studio, url);
    rmSync(join(relay.dataDir, 'images'), { recursive: true });
    expect((await ask(studio, url)).status).toBe(404);
    await isThere(studio, url);
    const { dataDir } = relay;
    await relay.stop();
    relay = await startRelay({ dataDir, env: { DEMO: 'off', OUTBOUND_TEST_ORIGIN: host.origin } });
    await isThere(studio, url);
  });
});

describe('HOOK-7 what is deleted', () => {
  it('HOOK-7 a photo goes with the last couple that has it: replaced, purged, or erased for privacy', async () => {
    const studio = await createStudio(relay);
    const device = await studio.open();
    const shared = await sharp({ create: { width: 99, height: 99, channels: 3, background: '#123456' } })
      .png()
      .toBuffer();
    const urls = [publish(shared), publish(shared), publish(jpeg)] as const;
    const before = new Set(filesKept());
    const added = () => filesKept().filter((name) => !before.has(name)).length;
    await studio.send({ type: 'client.created', clientId: 'a', changes: { firstName: 'A', photo: urls[0] } });
    await studio.send({ type: 'client.created', clientId: 'b', changes: { firstName: 'B', photo: urls[1] } });
    for (const url of urls.slice(0, 2)) await isThere(studio, url);
    // Two addresses, one picture: one copy with its thumbnail.
    expect(added()).toBe(2);

    await studio.send({ type: 'client.updated', clientId: 'a', changes: { photo: urls[2] } });
    await isGone(studio, urls[0]);
    await isThere(studio, urls[1]);
    expect(filesKept().filter((name) => !before.has(name)).length).toBeGreaterThanOrEqual(2);

    device.writer.purge([studio.recordId('b')]);
    await isGone(studio, urls[1]);
    await until(() => added() === 0);
    device.writer.erase([studio.recordId('a')]);
    await isGone(studio, urls[2]);
  });
});
