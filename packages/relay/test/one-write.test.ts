// What the relay's TCP sockets are asked to write: one write for all of an event-loop turn. And whole sessions where the
// short ways beside `ws` are not taken.
import type { Socket } from 'node:net';
import { CLOSE, encodeMessage } from '@wedsync/shared';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { createDevice, join } from './helpers/device.ts';
import { createMemoryStore } from './helpers/memory-store.ts';
import { personToken, startSync } from './helpers/sync-server.ts';
import { until } from './helpers/until.ts';
import type { WireSocket } from './helpers/wire-socket.ts';

const LIST = `l_${'a'.repeat(22)}`;
const EDITS = 5;

afterEach(() => vi.restoreAllMocks());

async function withList() {
  const store = createMemoryStore();
  store.createList(LIST, { ana: 'owner', ben: 'editor' });
  const relay = await startSync({}, store);
  /** The relay's ends, in order of their opening. */
  const ends: Socket[] = [];
  relay.server.on('connection', (socket) => void ends.push(socket));
  return { ...relay, ends, ana: await personToken('ana'), ben: await personToken('ben') };
}

/** Counts what the operating system is asked for: `_write` for one buffer, `_writev` for several at once. */
function countWrites(socket: Socket) {
  let writes = 0;
  const { _write, _writev } = socket;
  socket._write = (...call) => {
    writes += 1;
    _write.apply(socket, call);
  };
  socket._writev = (...call) => {
    writes += 1;
    _writev?.apply(socket, call);
  };
  return () => writes;
}

/** What `send` sends reaches the relay in one piece, and so in one turn. */
function atOnce({ ws }: WireSocket, send: () => void): void {
  const { _socket: socket } = ws as WebSocket & { _socket: Socket };
  socket.cork();
  send();
  socket.uncork();
}

describe('PERF-1 one write for each socket and turn', () => {
  it('answers and the edits of somebody else that are made in one turn leave together', async () => {
    const { syncUrl, ana, ben, ends } = await withList();
    const author = await join(syncUrl, ana, LIST);
    const peer = await join(syncUrl, ben, LIST);
    const [toAuthor, toPeer] = ends.map(countWrites);
    atOnce(author.socket, () => {
      for (let t = 1; t <= EDITS; t += 1) author.socket.send({ type: 'ping', t });
      for (let n = 1; n <= EDITS; n += 1)
        author.socket.send({ type: 'send', n, step: 'update', update: author.add(`Hall ${n}`) });
    });
    for (let count = 1; count <= EDITS; count += 1) await author.socket.next('pong');
    for (let count = 1; count <= EDITS; count += 1) await peer.socket.next('sync-update');
    await author.socket.next('stored', ({ n }) => n === EDITS);
    // The pongs; the receipt, which waits for the commit.
    expect(toAuthor?.()).toBeLessThanOrEqual(2);
    expect(toPeer?.()).toBe(1);
  });
});

/** What a device does in its life, over sockets of which the test says how they are read and written. */
async function liveThrough({ syncUrl, ana, ben, stop, store }: Awaited<ReturnType<typeof withList>>) {
  const [author, peer] = [await join(syncUrl, ana, LIST), await join(syncUrl, ben, LIST)];
  const long = 'x'.repeat(70_000);
  const values = ['Hall', long, 'Barn'];
  atOnce(author.socket, () => {
    for (const [index, value] of values.entries())
      author.socket.send({ type: 'send', n: index + 1, step: 'update', update: author.add(value) });
    author.socket.ws.ping();
  });
  await Promise.all([
    new Promise((done) => author.socket.ws.once('pong', done)),
    author.socket.next('stored', ({ n }) => n === values.length),
  ]);
  for (const _ of values) await peer.socket.next('sync-update');
  expect((await join(syncUrl, ben, LIST)).values()).toEqual(values);
  expect(store.logs.get(LIST)?.head).toBe(values.length);
  // Both ends may close, with what was sent before still arriving.
  peer.socket.ws.close(1000);
  expect(await peer.socket.closed).toBe(1000);
  author.socket.send({ type: 'send', n: 4, step: 'update', update: author.add('Lake') });
  author.socket.send({ type: 'ping', t: 1 });
  await author.socket.next('pong');
  expect(await stop()).toBe(0);
  expect((await author.socket.next('stored', ({ n }) => n === 4)).n).toBe(4);
  expect(await author.socket.closed).toBe(CLOSE.draining);
}

describe('PERF-2 a session where ws is used in its usual way', () => {
  it('goes through its life when the relay cannot read beside it', async () => {
    const relay = await withList();
    // Somebody else listens, too: the reader stands aside.
    relay.server.prependListener('upgrade', ({ socket }) => void socket.on('data', () => undefined));
    const ofWs: string[] = [];
    relay.server.on('upgrade', ({ socket }) =>
      ofWs.push(...socket.listeners('data').map((listener) => listener.name)),
    );
    await liveThrough(relay);
    expect(ofWs.length).toBeGreaterThan(0);
    expect(ofWs).not.toContain('onData');
  });

  it('also when it cannot write beside it, since messages may be compressed', async () => {
    const relay = await withList();
    vi.spyOn(WebSocket.prototype, 'extensions', 'get').mockReturnValue('permessage-deflate');
    const send = vi.spyOn(WebSocket.prototype, 'send');
    await liveThrough(relay);
    const isServers = (ws: unknown) => (ws as { _isServer: boolean })._isServer;
    expect(send.mock.contexts.filter(isServers).length).toBeGreaterThan(10);
  });

  it('refuses and ends in the same way', async () => {
    const relay = await withList();
    relay.server.prependListener('upgrade', ({ socket }) => void socket.on('data', () => undefined));
    vi.spyOn(WebSocket.prototype, 'extensions', 'get').mockReturnValue('permessage-deflate');
    const { socket } = await join(relay.syncUrl, relay.ana, LIST);
    const damaged = encodeMessage({ type: 'send', n: 1, step: 'update', update: createDevice().add('Hall') });
    damaged[damaged.length - 1] = (damaged.at(-1) as number) ^ 1;
    socket.sendBytes(damaged);
    expect((await socket.next('refused')).n).toBe(1);
    socket.sendBytes(Uint8Array.of(250));
    expect(await socket.closed).toBe(CLOSE['protocol-error']);
    await until(() => relay.sync.sockets.counts().live === 0);
  });
});
