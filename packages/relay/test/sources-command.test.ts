// `npm run sources` as somebody at the terminal, or a script, uses it.
import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { SourceWithSecret } from '@wedsync/shared';
import { afterEach, describe, expect, it } from 'vitest';
import { makeDataDir, startRelay } from './helpers/relay.ts';
import { closeDevices, createStudio } from './helpers/studio.ts';

const run = promisify(execFile);
const script = join(resolve(import.meta.dirname, '../../..'), 'packages/relay/src/cli/sources.ts');

afterEach(closeDevices);

async function sources(dataDir: string, ...args: string[]): Promise<{ code: number; out: string }> {
  try {
    const { stdout } = await run(process.execPath, [script, ...args], {
      env: { ...process.env, DATA_DIR: dataDir },
    });
    return { code: 0, out: stdout.trim() };
  } catch (error) {
    const { code, stderr } = error as { code: number; stderr: string };
    return { code, out: stderr.trim() };
  }
}

describe('npm run sources', () => {
  it('makes a source that works, lists, shows deliveries, pauses, rotates, deletes', async () => {
    const relay = await startRelay({ env: { DEMO: 'off' } });
    const studio = await createStudio(relay);
    const command = async (...args: string[]) => {
      const { code, out } = await sources(relay.dataDir, ...args, '--json');
      expect(code, out).toBe(0);
      return JSON.parse(out) as unknown;
    };
    const made = (await command(
      'create',
      '--list',
      studio.listId,
      '--provider',
      'standard',
    )) as SourceWithSecret;
    expect(Object.keys(made)).toEqual(['id', 'url', 'secret']);
    expect(made.url).toBe(`${relay.url}/webhooks/${made.id}`);
    expect(made.secret).toMatch(/^whsec_[A-Za-z0-9+/]{32}$/);

    const own = studio.with(made);
    expect((await own.sendBody('{"type":"invoice.paid"}')).status).toBe(202);
    expect(await command('deliveries', '--id', made.id)).toMatchObject([{ state: 'quarantined' }]);
    const listed = (await command('list', '--list', studio.listId)) as { id: string }[];
    expect(listed.map(({ id }) => id).toSorted()).toEqual([made.id, studio.source.id].toSorted());
    expect(await command('pause', '--id', made.id)).toEqual({ id: made.id, state: 'paused' });
    expect(await command('resume', '--id', made.id)).toEqual({ id: made.id, state: 'active' });
    const rotated = (await command('rotate', '--id', made.id)) as SourceWithSecret;
    expect(rotated.secret).not.toBe(made.secret);
    expect((await own.with(rotated).sendBody('{}')).status).toBe(202);
    expect(await command('delete', '--id', made.id)).toMatchObject({ state: 'deleted' });
    expect((await own.sendBody('{}')).status).toBe(401);
  });

  it('says in plain words what is wrong', async () => {
    const relay = await startRelay({ env: { DEMO: 'off' } });
    expect(await sources(relay.dataDir, 'create', '--list', 'l_nothing')).toMatchObject({
      code: 1,
      out: 'This does not exist, or not any more.',
    });
    expect((await sources(relay.dataDir, 'nonsense')).out).toContain('Use:');
    expect((await sources(makeDataDir(), 'list')).out).toContain('No relay is running');
  });
});
