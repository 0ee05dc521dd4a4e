// The disk of DATA_DIR is full while people work on the embedded default: nothing is promised that is not kept, health
// says what to do, and when there is room again everything goes on by itself.
import { execFileSync } from 'node:child_process';
import { statfsSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { createDevice, join } from './helpers/device.ts';
import { makeDataDir, type RunningRelay, startRelay } from './helpers/relay.ts';
import { closeDevices, createStudio } from './helpers/studio.ts';
import { until } from './helpers/until.ts';

const MINUTE_MS = 60_000;
const MEBIBYTE = 1024 * 1024;
afterEach(closeDevices);

interface Shown {
  readonly state: string;
  readonly cause?: string;
  readonly fix?: string;
}

/** From now on no file of the relay grows beyond so many bytes: as on a full disk, and any user may set it. */
const limitFiles = ({ pid }: RunningRelay, bytes: string) =>
  execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:`]);

async function shown(relay: RunningRelay, key: string): Promise<Shown | undefined> {
  const headers = { authorization: `Bearer ${relay.adminToken}` };
  const report = (await (await fetch(`${relay.url}/health`, { headers })).json()) as Record<string, Shown>;
  return report[key];
}
const database = (relay: RunningRelay) => shown(relay, 'database');

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

/** A file system of its own in memory, whose size can be changed; undefined where this user may not mount one. */
function mountOwn(folder: string, mebibytes: number) {
  const mount = (...args: string[]) => execFileSync('mount', args, { stdio: 'ignore' });
  try {
    mount('-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', folder);
  } catch {
    return undefined;
  }
  return {
    resize: (size: string) => mount('-o', `remount,size=${size}`, folder),
    usedBytes() {
      const { blocks, bfree, bsize } = statfsSync(folder);
      return (blocks - bfree) * bsize;
    },
    unmount: () => execFileSync('umount', ['--lazy', folder]),
  };
}

it('HEALTH-1 little room on the disk: the check is red with the fix within a minute, while the database goes on, and green after', async ({
  skip,
}) => {
  const folder = makeDataDir();
  const disk = mountOwn(folder, 2_048);
  if (disk === undefined) return skip('mounting is not permitted here');
  try {
    const relay = await startRelay({
      dataDir: path.join(folder, 'data'),
      env: { DEMO: 'off', HEALTH_INTERVAL: '5' },
    });
    await until(async () => (await shown(relay, 'disk'))?.state === 'ok', MINUTE_MS);
    disk.resize(`${disk.usedBytes() + 32 * MEBIBYTE}`);
    await until(async () => (await shown(relay, 'disk'))?.state === 'failing', MINUTE_MS);
    expect(await shown(relay, 'disk')).toMatchObject({
      cause: expect.stringContaining('nearly full'),
      fix: expect.stringContaining('Make room'),
    });
    expect((await database(relay))?.state).toBe('ok');
    disk.resize('2048m');
    await until(async () => (await shown(relay, 'disk'))?.state === 'ok', MINUTE_MS);
    await relay.stop();
  } finally {
    disk.unmount();
  }
}, 300_000);
