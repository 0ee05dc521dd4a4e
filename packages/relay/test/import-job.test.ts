// The first import of a source through its provider's API, as a job: paused, killed in the middle, gone on, summed up.
import type { Source, SourceWithSecret } from '@wedsync/shared';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ApiRequest, type ProviderApi, startProviderApi } from './helpers/provider-api.ts';
import { startRelay } from './helpers/relay.ts';
import { closeDevices, createStudio, type Studio } from './helpers/studio.ts';
import { until } from './helpers/until.ts';

const PAGE = 100;
let api: ProviderApi;
beforeAll(async () => {
  api = await startProviderApi();
});
afterEach(closeDevices);
afterAll(() => api.close());

const startImporting = (dataDir?: string) =>
  startRelay({
    ...(dataDir === undefined ? {} : { dataDir }),
    env: { DEMO: 'off', OUTBOUND_TEST_ORIGIN: api.origin },
  });

const contactOf = (n: number) => ({
  id: String(n),
  // Every fiftieth has nothing that a couple could be made of.
  properties: n % 50 === 0 ? {} : { firstname: `Ana ${n}`, email: `ana${n}@example.com` },
  updatedAt: '2026-11-01T10:00:00Z',
  archived: false,
});

/** HubSpot with so many contacts, page by page; `onPage` hears of each before it is answered. */
function answerAsHubspot(count: number, onPage: (after: number) => void): void {
  api.answer(({ path, query }: ApiRequest) => {
    if (path.endsWith('/properties/contacts')) return { body: { results: [] } };
    if (path.endsWith('/search') || query.has('archived')) return { body: { results: [] } };
    if (!path.endsWith('/objects/contacts')) return undefined;
    const after = Number(query.get('after') ?? 0);
    onPage(after);
    const results = Array.from({ length: Math.min(PAGE, count - after) }, (_, n) => contactOf(after + n));
    const next = after + PAGE;
    return { body: { results, ...(next < count && { paging: { next: { after: String(next) } } }) } };
  });
}

/** Paging like Airtable's, whose places in a listing are forgotten when told so. */
function answerAsAirtable(count: number) {
  const world = { forgotten: new Set<string>(), asked: [] as string[], isHeld: false };
  api.answer(({ path, query }: ApiRequest) => {
    if (!path.endsWith('/tbl00000000000000')) return undefined;
    const offset = query.get('offset') ?? '';
    world.asked.push(offset);
    if (world.isHeld && offset !== '') return { status: 503, headers: { 'retry-after': '1' } };
    if (world.forgotten.has(offset))
      return { status: 422, body: { error: { type: 'LIST_RECORDS_ITERATOR_NOT_AVAILABLE' } } };
    const from = Number(offset.split('/')[1] ?? 0);
    const records = Array.from({ length: Math.min(PAGE, count - from) }, (_, n) => ({
      id: `rec${from + n}`,
      fields: { Name: `Ana ${from + n}` },
    }));
    const next = from + PAGE;
    return { body: { records, ...(next < count && { offset: `itr${world.asked.length}/${next}` }) } };
  });
  return world;
}

async function connect(studio: Studio, provider: string, settings: object = {}): Promise<SourceWithSecret> {
  const source = (await studio.relay.api(studio.token, 'POST', `/api/lists/${studio.listId}/sources`, {
    name: provider,
    provider,
    settings,
  })) as SourceWithSecret;
  await studio.relay.api(studio.token, 'POST', `/api/sources/${source.id}/account`, {
    credentials: { token: 'pat' },
  });
  return source;
}

async function importOf(studio: Studio, sourceId: string): Promise<Source['import']> {
  const path = `/api/lists/${studio.listId}/sources`;
  const { sources } = (await studio.relay.api(studio.token, 'GET', path)) as { sources: Source[] };
  return sources.find(({ id }) => id === sourceId)?.import;
}

describe('HOOK-8 the first import', () => {
  it('goes on after kill -9 where it was, takes each contact once, and says what became of all', async () => {
    let relay = await startImporting();
    let studio = await createStudio(relay);
    let killed: Promise<void> | undefined;
    const asked: number[] = [];
    answerAsHubspot(520, (after) => {
      asked.push(after);
      // In the middle: the page before is stored, this one is on its way.
      if (after === 300) killed ??= relay.kill9();
    });
    const source = await connect(studio, 'hubspot');
    await until(() => killed !== undefined);
    await killed;
    asked.length = 0;
    relay = await startImporting(relay.dataDir);
    studio = studio.on(relay);
    const device = await studio.open();
    await until(async () => (await importOf(studio, source.id))?.state === 'done', 60_000);
    // Not from the beginning.
    expect(asked[0]).toBeGreaterThanOrEqual(200);
    await until(async () => ((await importOf(studio, source.id))?.outcomes?.waiting ?? 0) === 0, 60_000);
    const summary = await importOf(studio, source.id);
    expect(summary).toMatchObject({ state: 'done', read: 520 });
    expect(summary?.endedAt).toBeLessThanOrEqual(Date.now());
    const { applied = 0, ignored = 0, quarantined = 0 } = summary?.outcomes ?? {};
    expect(applied).toBe(509);
    expect(applied + ignored + quarantined).toBe(520);
    await until(() => [...device.index.ids()].length === 509);
    const mails = [...device.index.ids()].map((id) => device.index.get(id)?.values.email);
    expect(new Set(mails).size).toBe(509);
    await relay.stop();
  });

  it('rests when a person says so, over a restart too, and goes on when they say so', async () => {
    let relay = await startImporting();
    let studio = await createStudio(relay);
    const asked: number[] = [];
    let pausing: Promise<unknown> | undefined;
    let source: SourceWithSecret | undefined;
    const setPaused = (isImportPaused: boolean) =>
      studio.relay.api(studio.token, 'POST', `/api/sources/${source?.id}/settings`, { isImportPaused });
    answerAsHubspot(1_000, (after) => {
      asked.push(after);
      if (after === 200 && source !== undefined) pausing ??= setPaused(true);
    });
    source = await connect(studio, 'hubspot');
    // From the first moment on.
    expect(['running', 'paused']).toContain((await importOf(studio, source.id))?.state);
    await until(() => pausing !== undefined);
    await pausing;
    await until(async () => (await importOf(studio, source?.id ?? ''))?.state === 'paused');
    expect(await relay.stop()).toBe(0);
    relay = await startImporting(relay.dataDir);
    studio = studio.on(relay);
    const rested = asked.length;
    expect(rested).toBeLessThan(10);
    // A source that rests is looked at like the others; nothing is asked of its provider.
    await studio.applied();
    expect(await importOf(studio, source.id)).toMatchObject({ state: 'paused' });
    expect(asked).toHaveLength(rested);
    await setPaused(false);
    await until(async () => (await importOf(studio, source?.id ?? ''))?.state === 'done', 60_000);
    expect(await importOf(studio, source.id)).toMatchObject({ read: 1_000 });
    expect(asked).toHaveLength(new Set(asked).size);
    await relay.stop();
  });

  it('begins its listing again when the provider has forgotten where it was', async () => {
    const relay = await startImporting();
    const studio = await createStudio(relay);
    const world = answerAsAirtable(250);
    world.isHeld = true;
    const source = await connect(studio, 'airtable', {
      baseId: 'app00000000000000',
      tableId: 'tbl00000000000000',
    });
    await until(() => world.asked.some((offset) => offset !== ''));
    for (const offset of world.asked) if (offset !== '') world.forgotten.add(offset);
    world.isHeld = false;
    const device = await studio.open();
    await until(async () => (await importOf(studio, source.id))?.state === 'done', 90_000);
    expect(await importOf(studio, source.id)).toMatchObject({ read: 250 });
    await until(() => [...device.index.ids()].length === 250);
    await relay.stop();
  });
});
