// Generations on a real relay with its embedded database: started by compaction itself, and under kill -9.
import { setTimeout as delay } from 'node:timers/promises';
import { CLOSE } from '@wedsync/shared';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { createDevice, join } from './helpers/device.ts';
import { makeDataDir, type RunningRelay, startRelay } from './helpers/relay.ts';
import { until } from './helpers/until.ts';
import { createWriter, writeUntilClosed } from './helpers/writer.ts';

const KILLS = Number(process.env.WEDSYNC_GENERATION_KILLS ?? 8);

async function createList(relay: RunningRelay): Promise<string> {
  const token = await relay.token({ email: 'ana@example.com' });
  return ((await relay.api(token, 'POST', '/api/lists', { name: 'Ours' })) as { id: string }).id;
}

const rebuild = (relay: RunningRelay, documentId: string) =>
  relay.api(relay.adminToken, 'POST', `/api/admin/generation/${documentId}`);

describe('DOC-R20 generations on the embedded default', () => {
  it('a list with too many writing sessions is rebuilt when its log is compacted; its sockets are told 4409', async () => {
    const relay = await startRelay({ env: { DEMO: 'off', GENERATION_CLIENT_IDS: '20' } });
    const listId = await createList(relay);
    const token = await relay.token({ role: 'service_role' });
    const reader = await join(relay.syncUrl, token, listId);
    const expected: string[] = [];
    const writer = await join(relay.syncUrl, token, listId);
    for (let session = 0; session < 25; session += 1) {
      const device = createDevice();
      for (let n = 0; n < 20; n += 1) {
        expected.push(`${session} ${n}`);
        device.add(`${session} ${n}`);
      }
      // Like the app's, one message an edit; the log's length is what compaction looks at.
      for (const [index, update] of device.updates.entries())
        writer.socket.send({ type: 'send', n: session * 20 + index + 1, step: 'update', update });
    }
    expect(await Promise.all([writer.socket.closed, reader.socket.closed])).toEqual([
      CLOSE['lineage-changed'],
      CLOSE['lineage-changed'],
    ]);
    const after = await join(relay.syncUrl, token, listId);
    expect(after.hello.lineage).not.toBe(reader.hello.lineage);
    expect(after.doc.store.clients.size).toBe(1);
    expect(after.values().sort()).toEqual(expected.sort());
    const update = after.add('goes on');
    after.socket.send({ type: 'send', n: 1, step: 'update', update });
    await after.socket.next('stored');
    await relay.stop();
  });

  it(`RELAY-1 ${KILLS} kills around the swap lose no acknowledged edit and leave one lineage or the other`, async () => {
    const dataDir = makeDataDir();
    let relay = await startRelay({ dataDir, env: { DEMO: 'off' } });
    const listId = await createList(relay);
    const token = await relay.token({ role: 'service_role' });
    const acknowledged = new Set<string>();
    const first = await join(relay.syncUrl, token, listId);
    const lineages = new Set([first.hello.lineage]);
    first.socket.ws.close();
    let tookMs = 0;
    for (let round = 0; round < KILLS; round += 1) {
      // A new session each time, as a device makes it that has rebased.
      const writer = createWriter(`w${round}`, listId);
      const writing = writeUntilClosed(relay, token, writer).catch(() => undefined);
      await until(() => writer.acknowledged.size > 0);
      const startedAt = performance.now();
      const rebuilding = Promise.allSettled([rebuild(relay, listId)]);
      // The first one shows how long it takes; the others are killed before, during and after the swap.
      if (round === 0) {
        expect(await rebuilding).toMatchObject([{ status: 'fulfilled' }]);
        tookMs = performance.now() - startedAt;
      } else await delay((tookMs * round) / (KILLS - 1));
      await relay.kill9();
      await Promise.all([writing, rebuilding]);
      for (const value of writer.acknowledged) acknowledged.add(value);
      relay = await startRelay({ dataDir, env: { DEMO: 'off' } });
      const fresh = await join(relay.syncUrl, token, listId);
      lineages.add(fresh.hello.lineage);
      const there = new Set(fresh.values());
      expect([...acknowledged].filter((value) => !there.has(value))).toEqual([]);
      expect(fresh.doc.store.pendingStructs).toBeNull();
      fresh.socket.ws.close();
    }
    expect(acknowledged.size).toBeGreaterThan(KILLS);
    await rebuild(relay, listId);
    const last = await join(relay.syncUrl, token, listId);
    expect(Y.encodeStateVector(last.doc).length).toBeLessThan(12);
    expect([...acknowledged].filter((value) => !last.values().includes(value))).toEqual([]);
    expect(lineages.size).toBeGreaterThan(1);
    await relay.stop();
  });
});
