// The disk of DATA_DIR is full while people work on the embedded default: nothing is promised that is not kept, health
// says what to do, and when there is room again everything goes on by itself.
import { execFileSync } from 'node:child_process';
import { afterEach, expect, it } from 'vitest';
import { createDevice, join } from './helpers/device.ts';
import { type RunningRelay, startRelay } from './helpers/relay.ts';
import { closeDevices, createStudio } from './helpers/studio.ts';
import { until } from './helpers/until.ts';

const MINUTE_MS = 60_000;
afterEach(closeDevices);

interface Shown {
  readonly state: string;
  readonly cause?: string;
  readonly fix?: string;
}

/** From now on no file of the relay grows beyond so many bytes: as on a full disk, and any user may set it. */
const limitFiles = ({ pid }: RunningRelay, bytes: string) =>
  execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:`]);

async function database(relay: RunningRelay): Promise<Shown | undefined> {
  const headers = { authorization: `Bearer ${relay.adminToken}` };
  const report = (await (await fetch(`${relay.url}/health`, { headers })).json()) as Record<string, Shown>;
  return report.database;
}

it('HEALTH-1 RELAY-1 the disk is full: no receipt, red with cause and fix within a minute; with room again stored, green and whole', async () => {
  const env = { DEMO: 'off', HEALTH_INTERVAL: '5' };
  let relay = await startRelay({ env, outlivesFileLimit: true });
  const { dataDir } = relay;
  const studio = await createStudio(relay);
  const { token, listId } = studio;
  const device = createDevice();
  const { socket } = await join(relay.syncUrl, token, listId, device);
  let sent = 0;
  const send = (value: string): number => {
    const update = device.add(value);
    sent += 1;
    socket.send({ type: 'send', n: sent, step: 'update', update });
    return sent;
  };
  const isStored = (n: number) =>
    socket.messages.some((message) => message.type === 'stored' && message.n >= n);

  const before = send('before');
  await until(() => isStored(before));
  await until(async () => (await database(relay))?.state === 'ok');

  limitFiles(relay, '1000000');
  const during = send('while the disk is full');
  await until(async () => (await database(relay))?.state === 'failing', MINUTE_MS);
  expect(await database(relay)).toMatchObject({
    cause: expect.stringContaining('does not take writes'),
    fix: expect.stringContaining('DATA_DIR'),
  });
  expect((await fetch(`${relay.url}/health/ready`)).status).toBe(503);
  expect((await studio.send({ type: 'client.created', changes: { names: ['A B'] } })).status).toBe(503);
  expect(isStored(during)).toBe(false);
  expect(socket.messages.filter(({ type }) => type === 'refused')).toEqual([]);

  limitFiles(relay, 'unlimited');
  await until(() => isStored(during), MINUTE_MS);
  await until(async () => (await database(relay))?.state === 'ok', MINUTE_MS);
  await until(async () => (await fetch(`${relay.url}/health/ready`)).status === 200);
  await until(async () => (await studio.send({ type: 'client.created' })).status === 202);

  await relay.kill9();
  relay = await startRelay({ dataDir, env });
  const fresh = await join(relay.syncUrl, token, listId);
  expect(fresh.values()).toEqual(expect.arrayContaining(['before', 'while the disk is full']));
  await relay.stop();
}, 300_000);
