// What was refused is kept for the owner of the list, on a real relay.
import { randomUUID } from 'node:crypto';
import type { RefusedUpdate } from '@wedsync/shared';
import { afterAll, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { command } from './helpers/command.ts';
import { joinList } from './helpers/join-list.ts';
import { startRelay } from './helpers/relay.ts';
import { closeDevices, createStudio } from './helpers/studio.ts';
import { until } from './helpers/until.ts';
import { openWire } from './helpers/wire-socket.ts';

afterAll(closeDevices);

describe('SEC-6 RELAY-5 AUTH-1 what was refused', () => {
  it('is told to the owner with who sent it and why, to npm run doctor, to nobody else, and is in no document', async () => {
    const relay = await startRelay({ env: { DEMO: 'off' } });
    const { token, listId, open } = await createStudio(relay);
    const path = `/api/lists/${listId}/refused`;
    const read = async () => ((await relay.api(token, 'GET', path)) as { refused: RefusedUpdate[] }).refused;
    expect(await read()).toEqual([]);

    const doc = new Y.Doc();
    doc.getMap('elsewhere').set('k', 1);
    const socket = openWire(`${relay.syncUrl}/${listId}`, token);
    await socket.next('sync-step1');
    socket.send({ type: 'send', n: 1, step: 'update', update: Y.encodeStateAsUpdate(doc) });
    await socket.next('refused');
    await until(async () => (await read()).length === 1);
    const [refused] = await read();
    expect(refused).toMatchObject({ code: 'structure', bytes: Y.encodeStateAsUpdate(doc).length });
    expect(refused?.detail).not.toBe('');
    expect(refused?.by).toMatch(/@example\.com$/);
    expect([...(await open()).index.doc.share.keys()]).not.toContain('elsewhere');

    const { stdout } = await command('doctor.ts', ['--json'], relay.dataDir);
    const found = (JSON.parse(stdout) as { check: string; state: string; text: string }[]).find(
      ({ check }) => check === 'refused updates',
    );
    expect(found?.state).toBe('warning');
    expect(found?.text).toContain(`${listId}: 1 × structure`);
    expect(found?.text).toContain(refused?.by);

    const stranger = await relay.token({ email: `${randomUUID()}@example.com` });
    await expect(relay.api(stranger, 'GET', path)).rejects.toThrow('→ 404');
    for (const role of ['editor', 'viewer'] as const) {
      const member = await joinList(relay, { token, listId }, role);
      await expect(relay.api(member, 'GET', path)).rejects.toThrow(/→ 403 .*"forbidden"/);
    }
    expect(await read()).toHaveLength(1);
    await relay.stop();
  });
});
