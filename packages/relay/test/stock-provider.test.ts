// The real y-websocket provider against a real relay process, unchanged and without any of our messages.
import { describe, expect, it } from 'vitest';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { type RunningRelay, startRelay } from './helpers/relay.ts';
import { until } from './helpers/until.ts';

const providers: WebsocketProvider[] = [];

/** A stock provider with a document of its own, as an application would make it. */
function connect(relay: RunningRelay, documentId: string, token: string, doc = new Y.Doc()) {
  const provider = new WebsocketProvider(relay.syncUrl, documentId, doc, {
    params: { token },
    disableBc: true,
  });
  providers.push(provider);
  return { doc, provider, synced: () => until(() => provider.synced), list: doc.getArray<unknown>('s1') };
}

describe('SYNC-2 stock y-websocket provider', () => {
  it('syncs documents and presence with others, live and after both have been away', async () => {
    const relay = await startRelay();
    const token = await relay.token({ role: 'service_role' });
    const [a, b] = [connect(relay, 'free-1', token), connect(relay, 'free-1', token)];
    await Promise.all([a.synced(), b.synced()]);
    a.list.push(['from a']);
    await until(() => b.list.length === 1);
    b.doc.getText('t').insert(0, 'Grüße 🎉');
    await until(() => a.doc.getText('t').length > 0);
    a.provider.awareness.setLocalState({ user: { name: 'A' } });
    await until(() => b.provider.awareness.getStates().has(a.doc.clientID));
    a.provider.disconnect();
    await until(() => !b.provider.awareness.getStates().has(a.doc.clientID));
    a.list.push(['offline a']);
    b.list.push(['meanwhile b']);
    a.provider.connect();
    await until(() => a.list.length === 3 && b.list.length === 3);
    expect(a.list.toJSON()).toEqual(b.list.toJSON());
    for (const { provider } of [a, b]) provider.destroy();

    // Stock clients get no receipts, so that a kill may come before the database has the last edits.
    expect(await relay.stop()).toBe(0);
    const again = await startRelay({ dataDir: relay.dataDir });
    const c = connect(again, 'free-1', await again.token({ role: 'service_role' }));
    await c.synced();
    await until(() => c.list.length === 3);
    expect(c.list.toJSON()).toEqual(a.list.toJSON());
    expect(c.doc.getText('t').toString()).toBe('Grüße 🎉');
    c.provider.destroy();
  });

  it('a person opens their own list with it, and is told who they are', async () => {
    const relay = await startRelay();
    const token = await relay.token({ email: 'ana@example.com' });
    const { id } = (await relay.api(token, 'POST', '/api/lists', { name: 'Ours' })) as { id: string };
    const [a, b] = [connect(relay, id, token), connect(relay, id, token)];
    await Promise.all([a.synced(), b.synced()]);
    a.provider.awareness.setLocalState({ user: { name: 'The Boss', color: '#112233' } });
    await until(() => b.provider.awareness.getStates().has(a.doc.clientID));
    expect(b.provider.awareness.getStates().get(a.doc.clientID)).toMatchObject({
      user: { name: 'ana', color: '#112233' },
    });
    a.list.push([['r1', 'venue', 'Hall', 1, 1]]);
    await until(() => b.list.length === 1);
    const notes = connect(relay, `${id}.notes.3`, token);
    await notes.synced();
    for (const { provider } of [a, b, notes]) provider.destroy();
    const stranger = connect(relay, id, await relay.token({ email: 'mallory@example.com' }));
    let code = 0;
    stranger.provider.on('connection-close', (event: { code?: number } | null) => {
      code = event?.code ?? code;
    });
    await until(() => code !== 0);
    expect(code).toBe(4404);
    expect(stranger.list.length).toBe(0);
    stranger.provider.destroy();
  });
});
