// OpenTelemetry traces of a real relay at a real collector: names, parents, and nothing that is anybody's business.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type CollectedSpan, type Collector, startCollector } from './helpers/collector.ts';
import { createDevice, join } from './helpers/device.ts';
import { type RunningRelay, startRelay } from './helpers/relay.ts';
import { closeDevices, createStudio } from './helpers/studio.ts';
import { until } from './helpers/until.ts';

/** Prints each module of OpenTelemetry's exporter, and ours, when it is loaded. */
const SPY = `import { registerHooks } from 'node:module';
registerHooks({ load(url, context, next) {
  if (/exporter-trace-otlp-http|tracing\\/open-telemetry/.test(url)) process.stderr.write('LOADED ' + url + '\\n');
  return next(url, context);
} });`;
const spied = { DEMO: 'off', NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(SPY)}` };

let collector: Collector;
let relay: RunningRelay;
beforeAll(async () => {
  collector = await startCollector();
  relay = await startRelay({
    env: {
      ...spied,
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-key=collector%20key',
      OTEL_SERVICE_NAME: 'studio',
      OTEL_BSP_SCHEDULE_DELAY: '100',
    },
  });
});
afterAll(() => collector?.close());
afterEach(closeDevices);

const attributeOf = ({ attributes }: Pick<CollectedSpan, 'attributes'>, name: string) =>
  Object.values(attributes.find(({ key }) => key === name)?.value ?? {})[0];
/** The spans of one trace as `parent > name`, sorted: spans of the same millisecond have no order of their own. */
function shapeOf(traceId: string | undefined): string[] {
  const own = collector.spans.filter((span) => span.traceId === traceId);
  const nameOf = (id: string | undefined) => own.find(({ spanId }) => spanId === id)?.name ?? '';
  return own.map(({ name, parentSpanId }) => `${nameOf(parentSpanId)} > ${name}`).sort();
}
const rootsOf = (name: string) => collector.spans.filter((span) => span.name === name && !span.parentSpanId);

describe('traces, where a collector is set', () => {
  it('an edit: from its arrival over the commit to the receipt', async () => {
    const studio = await createStudio(relay);
    const device = createDevice();
    const { socket } = await join(relay.syncUrl, studio.token, studio.listId, device);
    socket.send({ type: 'send', n: 1, step: 'update', update: device.add('Maximiliane') });
    await socket.next('stored', ({ n }) => n === 1);
    await until(() => rootsOf('edit').length === 1);
    const [edit] = rootsOf('edit');
    expect(shapeOf(edit?.traceId)).toEqual([' > edit', 'edit > edit commit', 'edit > edit receipt']);
    expect(attributeOf(edit as CollectedSpan, 'wedsync.document.kind')).toBe('list');
    expect(collector.requests[0]).toMatchObject({
      path: '/v1/traces',
      headers: { 'content-type': 'application/json', 'x-key': 'collector key' },
    });
    expect(collector.bodies[0]).toContain('"studio"');
  });

  it('an edit that is refused says so', async () => {
    const studio = await createStudio(relay);
    const { socket } = await join(relay.syncUrl, studio.token, studio.listId);
    socket.send({ type: 'send', n: 1, step: 'update', update: Uint8Array.of(255, 255, 255) });
    await socket.next('refused');
    await until(() => rootsOf('edit').some(({ status }) => status.message === 'bad-update'));
  });

  it('a webhook: into the inbox, applied, into the document; one that is refused ends there', async () => {
    const studio = await createStudio(relay);
    expect(
      (await studio.send({ type: 'client.created', changes: { names: ['Maximiliane Quux'] } })).status,
    ).toBe(202);
    await studio.applied();
    await until(() => collector.spans.some(({ name }) => name === 'inbox apply'));
    const [webhook] = rootsOf('webhook');
    expect(shapeOf(webhook?.traceId)).toEqual([
      ' > webhook',
      'inbox apply > document write',
      'webhook > inbox apply',
      'webhook > inbox put',
    ]);
    expect(attributeOf(webhook as CollectedSpan, 'wedsync.outcome')).toBe('stored');
    const apply = collector.spans.find(({ name }) => name === 'inbox apply');
    expect(attributeOf(apply as CollectedSpan, 'wedsync.outcome')).toBe('applied');

    const forged = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
    expect((await studio.send({ type: 'client.created' }, forged)).status).toBe(401);
    await until(() => rootsOf('webhook').length === 2);
    const refused = rootsOf('webhook')[1];
    expect(attributeOf(refused as CollectedSpan, 'wedsync.outcome')).toBe('bad-signature');
    expect(shapeOf(refused?.traceId)).toEqual([' > webhook']);
  });

  it('SEC-1 no name, address, id of a list, a person or a source, and no secret is in them', async () => {
    const email = 'maximiliane@studio.com';
    const studio = await createStudio(relay, { token: await relay.token({ email }) });
    const before = rootsOf('webhook').length;
    await studio.send({ type: 'client.created', changes: { names: ['Maximiliane Quux'], email } });
    await until(() => rootsOf('webhook').length > before);
    const all = collector.bodies.join('\n');
    const { listId, source, token } = studio;
    for (const secret of [
      'Maximiliane',
      'Quux',
      email,
      listId,
      source.id,
      source.secret,
      token,
      relay.dataDir,
    ])
      expect(all).not.toContain(secret);
  });

  it('what is not exported yet is handed over when it stops, and the collector may be gone', async () => {
    expect(relay.output()).toContain('LOADED');
    const studio = await createStudio(relay);
    await collector.close();
    expect((await studio.send({ type: 'client.created', changes: { names: ['A B'] } })).status).toBe(202);
    await studio.applied();
    expect(await relay.stop()).toBe(0);
  });
});

it('without a collector nothing of OpenTelemetry is loaded', async () => {
  const plain = await startRelay({ env: spied });
  const studio = await createStudio(plain);
  await studio.send({ type: 'client.created', changes: { names: ['A B'] } });
  await studio.applied();
  expect(plain.output()).not.toContain('LOADED');
  await plain.stop();
});
