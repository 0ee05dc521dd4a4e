// `npm run sources` as somebody at the terminal, or a script, uses it.
import type { SourceWithSecret } from '@wedsync/shared';
import { afterEach, describe, expect, it } from 'vitest';
import { command } from './helpers/command.ts';
import { makeDataDir, startRelay } from './helpers/relay.ts';
import { closeDevices, createStudio } from './helpers/studio.ts';

afterEach(closeDevices);

/** The exit code and what is said, in the place where it belongs. */
async function sources(dataDir: string, ...args: string[]): Promise<{ code: number; out: string }> {
  const { code, stdout, stderr } = await command('sources.ts', args, dataDir);
  return { code, out: (code === 0 ? stdout : stderr).trim() };
}

describe('npm run sources', () => {
  it('makes a source that works, lists, shows deliveries, pauses, rotates, deletes', async () => {
    const relay = await startRelay({ env: { DEMO: 'off' } });
    const studio = await createStudio(relay);
    const asJson = async (...args: string[]) => {
      const { code, out } = await sources(relay.dataDir, ...args, '--json');
      expect(code, out).toBe(0);
      return JSON.parse(out) as unknown;
    };
    const made = (await asJson(
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
    expect(await asJson('deliveries', '--id', made.id)).toMatchObject([{ state: 'quarantined' }]);
    const listed = (await asJson('list', '--list', studio.listId)) as { id: string }[];
    expect(listed.map(({ id }) => id).toSorted()).toEqual([made.id, studio.source.id].toSorted());
    expect(await asJson('pause', '--id', made.id)).toEqual({ id: made.id, state: 'paused' });
    expect(await asJson('resume', '--id', made.id)).toEqual({ id: made.id, state: 'active' });
    const rotated = (await asJson('rotate', '--id', made.id)) as SourceWithSecret;
    expect(rotated.secret).not.toBe(made.secret);
    expect((await own.with(rotated).sendBody('{}')).status).toBe(202);
    expect(await asJson('delete', '--id', made.id)).toMatchObject({ state: 'deleted' });
    expect((await own.sendBody('{}')).status).toBe(401);
  });

  it('answers people in lines, and programs in JSON', async () => {
    const relay = await startRelay({ env: { DEMO: 'off' } });
    const say = async (...args: string[]) => {
      const { code, out } = await sources(relay.dataDir, ...args);
      expect(code, out).toBe(0);
      return out;
    };
    expect(await say('list')).toBe('There are no sources yet.');
    const studio = await createStudio(relay);
    const made = await say(
      ...['create', '--list', studio.listId, '--name', 'Forms', '--settle-hours', '2', '--body-signature'],
    );
    expect(made).toContain('The secret is shown only this once.');
    const [, id = ''] = /\/webhooks\/(\S+)/.exec(made) ?? [];
    expect(await say('list')).toMatch(new RegExp(`${id}  active  ${studio.listId}  Forms`));
    expect(JSON.parse(await say('list', '--list', studio.listId, '--json'))).toContainEqual(
      expect.objectContaining({ id, settleHours: 2, bodySignature: true }),
    );
    expect(await say('deliveries', '--id', id)).toBe('Nothing has arrived yet.');
    expect(await say('pause', '--id', id)).toBe(`${id} is paused.`);
    expect(await say('resume', '--id', id)).toBe(`${id} is active.`);
    expect(await say('rotate', '--id', id)).toContain('Secret:  whsec_');

    await studio.sendBody('{"type":"invoice.paid"}');
    const { id: own } = studio.source;
    const [, delivery = ''] =
      /^(\S+) {2}\S+ {2}quarantined {2}invoice\.paid {2}/m.exec(await say('deliveries', '--id', own)) ?? [];
    expect(await say('replay', '--delivery', delivery)).toBe(`Delivery ${delivery} is tried again.`);
    expect(await say('delete', '--id', id)).toBe(`${id} is deleted.`);
  });

  it('says in plain words what is wrong, and how it is used', async () => {
    const relay = await startRelay({ env: { DEMO: 'off' } });
    const fails = async (...args: string[]) => {
      const { code, out } = await sources(relay.dataDir, ...args);
      expect(code).toBe(1);
      return out;
    };
    const gone = 'This does not exist, or not any more.';
    expect(await fails('create', '--list', 'l_nothing')).toBe(gone);
    expect(await fails('rotate', '--id', 'src_nothing')).toBe(gone);
    expect(await fails('pause', '--id', 'src_nothing')).toBe(gone);
    expect(await fails('replay', '--delivery', '999999999')).toBe(gone);
    for (const args of [['nonsense'], [], ['list', 'too', 'much'], ['create'], ['pause'], ['replay']])
      expect(await fails(...args)).toContain('Use:');
    expect(await fails('list', '--unknown')).toContain('--unknown');
    expect((await sources(makeDataDir(), 'list')).out).toContain('No relay is running');
  });
});
