// The wire as a device sees it: handshake, receipts, refusals, joins. Over a store in memory, so that the tests can
// hold a commit back or break the database at the moment they choose.
import { setTimeout as delay } from 'node:timers/promises';
import { CLOSE, encodeMessage } from '@wedsync/shared';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { applyAll, createDevice, join } from './helpers/device.ts';
import { createMemoryStore } from './helpers/memory-store.ts';
import { LIMITS, personToken, serviceToken, startSync } from './helpers/sync-server.ts';
import { until } from './helpers/until.ts';
import { openStock, openWire, type WireSocket } from './helpers/wire-socket.ts';

const LIST = `l_${'a'.repeat(22)}`;
const EMPTY_VECTOR = Uint8Array.of(0);

/** Opens a v1 socket on the list, asks for everything and applies it. */
const joined = (syncUrl: string, token: string, documentId = LIST) => join(syncUrl, token, documentId);

async function withList(limits: Parameters<typeof startSync>[0] = {}) {
  const store = createMemoryStore();
  store.createList(LIST, { ana: 'owner', ben: 'editor', vera: 'viewer' });
  const relay = await startSync(limits, store);
  return {
    ...relay,
    ana: await personToken('ana'),
    ben: await personToken('ben'),
    vera: await personToken('vera'),
  };
}

describe('handshake and receipts', () => {
  it('SYNC-1 a peer sees an edit before it is stored; the author gets the receipt only after the commit', async () => {
    const { store, syncUrl, ana, ben } = await withList();
    const [author, peer] = [await joined(syncUrl, ana), await joined(syncUrl, ben)];
    expect(author.hello).toMatchObject({
      protocol: 1,
      format: 1,
      access: 'write',
      head: 0,
      lineage: 'memory',
    });
    let openGate: () => void = () => undefined;
    store.gate = new Promise((done) => {
      openGate = done;
    });
    author.socket.send({ type: 'send', n: 1, step: 'update', update: author.add('Hall') });
    await peer.socket.next('sync-update');
    expect(author.socket.messages.some(({ type }) => type === 'stored')).toBe(false);
    openGate();
    expect((await author.socket.next('stored')).n).toBe(1);
    expect(store.logs.get(LIST)?.rows.map(({ sender }) => sender)).toEqual(['ana']);
    expect(author.socket.messages.some(({ type }) => type === 'sync-update')).toBe(false);
  });

  it('one receipt covers what was stored together, and a repeat is receipted without being stored again', async () => {
    const { store, syncUrl, ana } = await withList();
    const author = await joined(syncUrl, ana);
    const updates = ['Hall', 'Barn', 'Lake'].map((value) => author.add(value));
    for (const [index, update] of updates.entries())
      author.socket.send({ type: 'send', n: index + 1, step: 'update', update });
    author.socket.send({ type: 'send', n: 4, step: 'step2', update: Y.encodeStateAsUpdate(author.doc) });
    await author.socket.next('stored', ({ n }) => n === 4);
    expect(store.logs.get(LIST)?.head).toBe(3);
  });

  it('who joins later gets all of it, who was away only what came since', async () => {
    const { syncUrl, ana, ben } = await withList();
    const author = await joined(syncUrl, ana);
    const first = author.add('Hall');
    author.socket.send({ type: 'send', n: 1, step: 'update', update: first });
    author.socket.send({ type: 'send', n: 2, step: 'update', update: author.add('Barn') });
    await author.socket.next('stored', ({ n }) => n === 2);
    expect((await joined(syncUrl, ben)).values()).toEqual(['Hall', 'Barn']);
    const returning = openWire(`${syncUrl}/${LIST}`, ben);
    await returning.next('hello');
    returning.send({ type: 'sync-step1', stateVector: Y.encodeStateVectorFromUpdate(first) });
    await returning.next('sync-step2');
    expect(returning.messages.filter(({ type }) => type === 'sync-update')).toHaveLength(1);
  });

  it('a ping is answered with its own time and the server time', async () => {
    const { syncUrl, ana } = await withList();
    const { socket } = await joined(syncUrl, ana);
    socket.send({ type: 'ping', t: 1234 });
    const pong = await socket.next('pong');
    expect(pong.t).toBe(1234);
    expect(Math.abs(pong.serverTimeMs - Date.now())).toBeLessThan(60_000);
  });

  it("a new token on the same socket moves its end; another person's ends it", async () => {
    const { syncUrl, ana, ben } = await withList();
    const { socket } = await joined(syncUrl, ana);
    socket.send({ type: 'token', token: await personToken('ana', { exp: 4_000_000_000 }) });
    expect((await socket.next('event')).event).toEqual({
      type: 'token-accepted',
      expiresAt: 4_000_000_000_000,
    });
    socket.send({ type: 'token', token: ben });
    expect(await socket.closed).toBe(CLOSE.unauthorized);
  });

  it('AUTH-1 an open socket ends when its token does', async () => {
    const { syncUrl } = await withList();
    const exp = Math.floor(Date.now() / 1_000) + 2;
    const { socket } = await joined(syncUrl, await personToken('ana', { exp }));
    expect(await socket.closed).toBe(CLOSE.unauthorized);
  });
});

describe('AUTH-1 who is let in', () => {
  it('bad tokens look all the same, and so do lists that are not there or not theirs', async () => {
    const { syncUrl, ana, port } = await withList();
    const code = (documentId: string, token: string) => openWire(`${syncUrl}/${documentId}`, token).closed;
    expect(await code(LIST, 'x')).toBe(CLOSE.unauthorized);
    expect(await code(LIST, await personToken('ana', {}, 'another-secret-of-thirty-two-characters'))).toBe(
      CLOSE.unauthorized,
    );
    expect(await code(LIST, await personToken('ana', { exp: 1 }))).toBe(CLOSE.unauthorized);
    expect(await code(LIST, await personToken('mallory'))).toBe(CLOSE['unknown-document']);
    expect(await code(`l_${'b'.repeat(22)}`, ana)).toBe(CLOSE['unknown-document']);
    expect(await code('bench-1', ana)).toBe(CLOSE['unknown-document']);
    expect(await code(`l_${'b'.repeat(22)}`, await serviceToken())).toBe(CLOSE['unknown-document']);
    expect(await openStock(`ws://127.0.0.1:${port}/sync/${LIST}`, 'x').closed).toBe(CLOSE.unauthorized);
  });

  it('SEC-1 another website and another path are refused before anything is asked', async () => {
    const { syncUrl, ana } = await withList();
    const refusedStatus = (socket: WireSocket) =>
      new Promise((done) =>
        socket.ws.on('unexpected-response', (_request, response) => done(response.statusCode)),
      );
    expect(await refusedStatus(openWire(`${syncUrl}/${LIST}`, ana, { origin: 'https://evil.example' }))).toBe(
      403,
    );
    expect(await refusedStatus(openWire(`${syncUrl}/a/b`, ana))).toBe(404);
  });

  it('a viewer reads and cannot write by any message, and keeps the socket', async () => {
    const { store, syncUrl, ana, vera } = await withList();
    const [author, viewer] = [await joined(syncUrl, ana), await joined(syncUrl, vera)];
    expect(viewer.hello.access).toBe('read');
    const update = viewer.add('Mine');
    viewer.socket.send({ type: 'send', n: 1, step: 'update', update });
    expect(await viewer.socket.next('refused')).toMatchObject({
      n: 1,
      code: CLOSE.forbidden,
      retryable: false,
    });
    viewer.socket.send({ type: 'sync-update', update });
    viewer.socket.send({ type: 'sync-step2', update });
    await viewer.socket.next('auth-denied');
    await viewer.socket.next('auth-denied');
    viewer.socket.send({ type: 'send', n: 2, step: 'step2', update: Uint8Array.of(0, 0) });
    expect((await viewer.socket.next('stored')).n).toBe(2);
    author.socket.send({ type: 'send', n: 1, step: 'update', update: author.add('Hall') });
    await viewer.socket.next('sync-update');
    expect(store.logs.get(LIST)?.rows.map(({ sender }) => sender)).toEqual(['ana']);
  });

  it('AUTH-2 a demoted member can only read from then on, a removed one is sent away', async () => {
    const { store, bus, syncUrl, ben } = await withList();
    const { socket, add } = await joined(syncUrl, ben);
    store.roles.set(`${LIST} ben`, 'viewer');
    bus.emit('access.changed', { listId: LIST });
    expect((await socket.next('event')).event).toEqual({ type: 'access-changed', access: 'read' });
    socket.send({ type: 'send', n: 1, step: 'update', update: add('Hall') });
    expect((await socket.next('refused')).code).toBe(CLOSE.forbidden);
    store.roles.delete(`${LIST} ben`);
    bus.emit('access.changed', { listId: LIST });
    expect(await socket.closed).toBe(CLOSE.forbidden);
  });

  it('AUTH-2 a change made elsewhere is noticed by asking', async () => {
    const { store, syncUrl, ben } = await withList();
    const { socket } = await joined(syncUrl, ben);
    store.roles.delete(`${LIST} ben`);
    expect(await socket.closed).toBe(CLOSE.forbidden);
  });
});

describe('RELAY-5 what is refused', () => {
  it('each kind of bad update is answered by its number and code, is kept, and harms nobody', async () => {
    const { store, syncUrl, ana, ben } = await withList();
    const [author, peer] = [await joined(syncUrl, ana), await joined(syncUrl, ben)];
    const foreign = new Y.Doc();
    foreign.getMap('evil').set('a', 1);
    const future = new Y.Doc();
    future.getArray('s1').push([['r', 'venue', 'x', 2 ** 52, 1]]);
    const bad: [Uint8Array, number][] = [
      [Uint8Array.of(9, 9, 9), CLOSE['bad-update']],
      [Y.encodeStateAsUpdate(foreign), CLOSE.structure],
      [Y.encodeStateAsUpdate(future), CLOSE['future-stamp']],
    ];
    for (const [index, [update, code]] of bad.entries()) {
      author.socket.send({ type: 'send', n: index + 1, step: 'update', update });
      expect(await author.socket.next('refused')).toMatchObject({ n: index + 1, code, retryable: false });
    }
    author.socket.send({ type: 'send', n: 4, step: 'update', update: author.add('Hall') });
    await author.socket.next('stored', ({ n }) => n === 4);
    await peer.socket.next('sync-update');
    expect(peer.socket.messages.filter(({ type }) => type === 'sync-update')).toHaveLength(1);
    expect(store.quarantined.map(({ sender, code }) => `${sender} ${code}`)).toEqual([
      'ana bad-update',
      'ana structure',
      'ana future-stamp',
    ]);
    expect(store.logs.get(LIST)?.head).toBe(1);
  });

  it('SEC-6 a deletion without an edit beside it is taken up to the rate and not one entry more', async () => {
    const { store, syncUrl, ana, ben } = await withList({
      bareDeletionBurst: 3,
      bareDeletionsPerSecond: 0.001,
    });
    const [author, peer] = [await joined(syncUrl, ana), await joined(syncUrl, ben)];
    const shard = author.doc.getArray<unknown[]>('s1');
    for (const value of ['Hall', 'Barn', 'Lake', 'Fort', 'Mill']) author.add(value);
    author.socket.send({ type: 'send', n: 1, step: 'step2', update: Y.encodeStateAsUpdate(author.doc) });
    await author.socket.next('stored');
    const sendLast = (n: number) =>
      author.socket.send({ type: 'send', n, step: 'update', update: author.updates.at(-1) as Uint8Array });
    shard.delete(0, 3);
    sendLast(2);
    await author.socket.next('stored', ({ n }) => n === 2);
    // With a register beside it the same deletion is an edit.
    author.doc.transact(() => {
      shard.delete(0, 1);
      shard.push([['r', 'venue', 'Cave', 9, 1]]);
    });
    sendLast(3);
    await author.socket.next('stored', ({ n }) => n === 3);
    shard.delete(0, 1);
    sendLast(4);
    expect(await author.socket.next('refused')).toMatchObject({
      n: 4,
      code: CLOSE.structure,
      retryable: false,
      detail: 'bare-deletion',
    });
    applyAll(peer.doc, peer.socket);
    expect(peer.values()).toEqual(['Mill', 'Cave']);
    expect(store.quarantined.map(({ sender, detail }) => `${sender} ${detail}`)).toEqual([
      'ana bare-deletion',
    ]);
  });

  it('a gap is answered with a resync that closes it; one that stays is refused for good', async () => {
    const { store, syncUrl, ana } = await withList();
    const { socket, add, doc } = await joined(syncUrl, ana);
    add('Hall');
    socket.send({ type: 'send', n: 1, step: 'update', update: add('Barn') });
    expect(await socket.next('refused')).toMatchObject({ n: 1, code: CLOSE.gap, retryable: true });
    const { stateVector } = await socket.next('sync-step1');
    socket.send({ type: 'send', n: 2, step: 'step2', update: Y.encodeStateAsUpdate(doc, stateVector) });
    await socket.next('stored', ({ n }) => n === 2);
    const missing = createDevice();
    missing.add('Never sent');
    const gap = missing.add('Builds on it');
    socket.send({ type: 'send', n: 3, step: 'update', update: gap });
    expect(await socket.next('refused')).toMatchObject({ n: 3, retryable: true });
    socket.send({ type: 'send', n: 4, step: 'step2', update: gap });
    expect(await socket.next('refused')).toMatchObject({ n: 4, code: CLOSE.gap, retryable: false });
    expect(store.quarantined).toHaveLength(1);
    expect(store.logs.get(LIST)?.head).toBe(1);
  });

  it('a damaged send is answered by its number; what is no message at all ends the socket', async () => {
    const { syncUrl, ana } = await withList();
    const { socket, add } = await joined(syncUrl, ana);
    const bytes = encodeMessage({ type: 'send', n: 1, step: 'update', update: add('Hall') });
    bytes[bytes.length - 2] = (bytes.at(-2) ?? 0) ^ 1;
    socket.sendBytes(bytes);
    expect(await socket.next('refused')).toMatchObject({
      n: 1,
      code: CLOSE['bad-update'],
      retryable: true,
      detail: 'bad-checksum',
    });
    for (const garbage of [[], [200, 200], [0], [0, 3], [1, 1, 1, 1, 0x7b], [65, 1], [64, 0]]) {
      const next = await joined(syncUrl, ana);
      next.socket.sendBytes(Uint8Array.from(garbage));
      expect(await next.socket.closed).toBe(CLOSE['protocol-error']);
    }
    socket.ws.send('text');
    expect(await socket.closed).toBe(CLOSE['protocol-error']);
  });

  it('numbers that repeat or jump end the socket', async () => {
    const { syncUrl, ana } = await withList();
    for (const n of [2, 0]) {
      const { socket, add } = await joined(syncUrl, ana);
      socket.send({ type: 'send', n, step: 'update', update: add('Hall') });
      expect(await socket.closed).toBe(CLOSE['protocol-error']);
    }
  });

  it('a stock provider is told by the close code, and a gap by a resync', async () => {
    const { syncUrl, ana } = await withList();
    const socket = openStock(`${syncUrl}/${LIST}`, ana);
    await socket.next('sync-step1');
    const { add, doc } = createDevice();
    add('Hall');
    socket.send({ type: 'sync-update', update: add('Barn') });
    const { stateVector } = await socket.next('sync-step1');
    socket.send({ type: 'sync-step2', update: Y.encodeStateAsUpdate(doc, stateVector) });
    socket.send({ type: 'sync-step1', stateVector: EMPTY_VECTOR });
    await socket.next('sync-step2');
    socket.send({ type: 'sync-update', update: Uint8Array.of(9, 9, 9) });
    expect(await socket.closed).toBe(CLOSE['bad-update']);
    expect(socket.messages.every(({ type }) => type.startsWith('sync'))).toBe(true);
  });
});

describe('RELAY-6 limits', () => {
  const sendOf = (n: number, length: number) => {
    const shape = (size: number) =>
      encodeMessage({ type: 'send', n, step: 'update', update: new Uint8Array(size) });
    let size = length;
    while (shape(size).length > length) size -= 1;
    return shape(size);
  };

  it('a frame at the limit is read, one byte more is answered by its number, and the socket stays', async () => {
    const { store, syncUrl, ana } = await withList({ frameBytes: 4_000 });
    const { socket } = await joined(syncUrl, ana);
    const fitting = sendOf(1, 4_000);
    expect(fitting.length).toBe(4_000);
    socket.sendBytes(fitting);
    expect(await socket.next('refused')).toMatchObject({ n: 1, code: CLOSE['bad-update'] });
    socket.sendBytes(sendOf(2, 4_001));
    expect(await socket.next('refused')).toMatchObject({ n: 2, code: CLOSE['too-large'], retryable: false });
    expect(store.quarantined.at(-1)).toMatchObject({ code: 'too-large', detail: 'frame', sender: 'ana' });
    const stock = openStock(`${syncUrl}/${LIST}`, ana);
    await stock.next('sync-step1');
    stock.sendBytes(new Uint8Array(4_001));
    expect(await stock.closed).toBe(CLOSE['too-large']);
  });

  it('one person holds as many sockets as allowed, and the next after one of them closed', async () => {
    const { syncUrl, ana, ben } = await withList({ socketsPerPerson: 2 });
    const [first] = [await joined(syncUrl, ana), await joined(syncUrl, ana)];
    expect(await openWire(`${syncUrl}/${LIST}`, ana).closed).toBe(CLOSE['rate-limited']);
    await joined(syncUrl, ben);
    first?.socket.ws.close();
    await first?.socket.closed;
    await joined(syncUrl, ana);
  });

  it('a person may send a burst and not one message more; a service is not limited', async () => {
    const { syncUrl, ana } = await withList({ messageBurst: 30, messagesPerSecond: 0.001 });
    const { socket } = await joined(syncUrl, ana);
    for (let count = 0; count < 10; count += 1) socket.send({ type: 'ping', t: count });
    for (let count = 0; count < 10; count += 1) await socket.next('pong');
    socket.send({ type: 'ping', t: 10 });
    expect(await socket.closed).toBe(CLOSE['rate-limited']);
    const service = await joined(syncUrl, await serviceToken(), 'free-1');
    for (let count = 0; count < 100; count += 1) service.socket.send({ type: 'ping', t: count });
    await service.socket.next('pong', ({ t }) => t === 99);
  });

  it('as many sockets as allowed are looked at at once, before anybody is asked who they are', async () => {
    const one = await withList({ maxOpening: 1 });
    await joined(one.syncUrl, one.ana);
    await joined(one.syncUrl, one.ben);
    const none = await withList({ maxOpening: 0 });
    const refused = openWire(`${none.syncUrl}/${LIST}`, 'nobody');
    const status = new Promise((done) =>
      refused.ws.on('unexpected-response', (_request, response) => done(response.statusCode)),
    );
    expect(await status).toBe(503);
    expect(none.sync.registry.counts()).toMatchObject({ loading: 0, live: 0 });
  });

  it('a socket that is not heard of any more is ended, one that answers pings stays', async () => {
    const { syncUrl, ana, sync } = await withList({ pingMs: 50, deadMs: 2_500 });
    const [silent, here] = [await joined(syncUrl, ana), await joined(syncUrl, ana)];
    // It neither reads pings nor answers them, as a phone that left the network.
    silent.socket.ws.pause();
    await until(() => sync.sockets.counts().live === 1);
    here.socket.send({ type: 'ping', t: 1 });
    await here.socket.next('pong');
  });

  it('no more rooms are opened than allowed', async () => {
    const { syncUrl } = await withList({ maxRooms: 1 });
    const token = await serviceToken();
    await joined(syncUrl, token, 'free-1');
    expect(await openWire(`${syncUrl}/free-2`, token).closed).toBe(CLOSE['rate-limited']);
    await joined(syncUrl, token, 'free-1');
  });

  it('a reader that takes nothing is closed while the others go on', async () => {
    const { sync, syncUrl } = await withList({ bufferedBytes: 1024 * 1024 });
    const token = await serviceToken();
    const [author, reader, stalled] = [
      await joined(syncUrl, token, 'free-1'),
      await joined(syncUrl, token, 'free-1'),
      await joined(syncUrl, token, 'free-1'),
    ];
    stalled.socket.ws.pause();
    const blob = () => {
      const doc = new Y.Doc();
      doc.getArray('a').push([new Uint8Array(100_000)]);
      return Y.encodeStateAsUpdate(doc);
    };
    let n = 0;
    while (sync.sockets.counts().live === 3) {
      n += 1;
      author.socket.send({ type: 'send', n, step: 'update', update: blob() });
      await author.socket.next('stored', (message) => message.n === n);
    }
    expect(n).toBeGreaterThan(8);
    author.socket.send({ type: 'send', n: n + 1, step: 'update', update: blob() });
    await author.socket.next('stored', (message) => message.n === n + 1);
    await until(() => reader.socket.messages.filter(({ type }) => type === 'sync-update').length === n + 1);
  });
});

describe('rooms', () => {
  it('SYNC-7 presence carries the name of the token, and ends with the socket', async () => {
    const { syncUrl, ana, ben } = await withList();
    const [author, peer] = [await joined(syncUrl, ana), await joined(syncUrl, ben)];
    const state = JSON.stringify({ user: { name: 'The Boss' }, record: 'r1' });
    author.socket.send({
      type: 'awareness',
      update: Uint8Array.from([1, 7, 1, state.length, ...Buffer.from(state)]),
    });
    const heard = Buffer.from((await peer.socket.next('awareness')).update).toString();
    expect(heard).toContain('"name":"ana"');
    expect(heard).not.toContain('Boss');
    author.socket.ws.close();
    expect(Buffer.from((await peer.socket.next('awareness')).update).toString()).toContain('null');
  });

  it('RELAY-3 a document that cannot be read whole closes with a retryable code and is never shown empty', async () => {
    const { store, syncUrl, ana } = await withList();
    const author = await joined(syncUrl, ana);
    for (const [index, value] of ['Hall', 'Barn', 'Lake'].entries())
      author.socket.send({ type: 'send', n: index + 1, step: 'update', update: author.add(value) });
    await author.socket.next('stored', ({ n }) => n === 3);
    author.socket.ws.close();
    const log = store.logs.get(LIST);
    if (log === undefined) throw new Error('no log');
    const whole = log.rows;
    const damages: Record<string, typeof whole> = {
      'a row is missing': whole.filter(({ seq }) => seq !== 2),
      'the last row is missing': whole.slice(0, 2),
      'a row is cut': whole.map((row) =>
        row.seq === 2 ? { ...row, update: row.update.subarray(0, 5) } : row,
      ),
      'the first row is missing': whole.slice(1),
    };
    await until(() => store.logs.size > 0);
    for (const rows of Object.values(damages)) {
      await delay(LIMITS.roomIdleMs * 4);
      log.rows = rows;
      const socket = openWire(`${syncUrl}/${LIST}`, ana);
      expect(await socket.closed).toBe(CLOSE['load-failed']);
      expect(socket.messages).toEqual([]);
      expect(log.rows).toBe(rows);
    }
    log.rows = whole;
    expect((await joined(syncUrl, ana)).values()).toEqual(['Hall', 'Barn', 'Lake']);
  });

  it('RELAY-2 while the database is away edits are shared and not receipted, the room stays, and all is stored afterwards', async () => {
    const { sync, store, syncUrl, ana, ben } = await withList();
    const [author, peer] = [await joined(syncUrl, ana), await joined(syncUrl, ben)];
    store.isAway = true;
    author.socket.send({ type: 'send', n: 1, step: 'update', update: author.add('Hall') });
    await peer.socket.next('sync-update');
    author.socket.ws.close();
    peer.socket.ws.close();
    await Promise.all([author.socket.closed, peer.socket.closed]);
    await until(() => sync.registry.counts().draining === 1);
    expect(sync.commit.health.state).toBe('degraded');
    expect(author.socket.messages.some(({ type }) => type === 'stored')).toBe(false);
    store.isAway = false;
    await until(() => store.logs.get(LIST)?.head === 1);
    await until(() => sync.registry.counts().draining === 0);
    expect((await joined(syncUrl, ana)).values()).toEqual(['Hall']);
  });

  it('RELAY-2 at the bound writes are refused with a retryable code', async () => {
    const { store, syncUrl, ana } = await withList({ backlogBytes: 200 });
    const { socket, add } = await joined(syncUrl, ana);
    store.isAway = true;
    socket.send({ type: 'send', n: 1, step: 'update', update: add('x'.repeat(100)) });
    socket.send({ type: 'send', n: 2, step: 'update', update: add('y'.repeat(100)) });
    expect(await socket.next('refused')).toMatchObject({
      n: 2,
      code: CLOSE['storage-unavailable'],
      retryable: true,
    });
    store.isAway = false;
    expect((await socket.next('stored')).n).toBe(1);
  });

  it('a database that is away at the join closes with a retryable code', async () => {
    const { store, syncUrl, ana } = await withList();
    store.isAway = true;
    expect(await openWire(`${syncUrl}/${LIST}`, ana).closed).toBe(CLOSE['storage-unavailable']);
    expect(await openWire(`${syncUrl}/free-1`, await serviceToken()).closed).toBe(CLOSE['load-failed']);
  });

  it("SCALE-1 what another relay writes into the log reaches this relay's devices, and joins across both agree", async () => {
    const store = createMemoryStore();
    store.createList(LIST, { ana: 'owner', ben: 'editor' });
    const [one, two] = [await startSync({}, store), await startSync({}, store)];
    const here = await joined(one.syncUrl, await personToken('ana'));
    const there = await joined(two.syncUrl, await personToken('ben'));
    here.socket.send({ type: 'send', n: 1, step: 'update', update: here.add('Hall') });
    const { update } = await there.socket.next('sync-update');
    Y.applyUpdate(there.doc, update, 'relay');
    there.socket.send({ type: 'send', n: 1, step: 'update', update: there.add('Barn') });
    await here.socket.next('sync-update');
    expect((await joined(one.syncUrl, await personToken('ana'))).values()).toEqual(['Hall', 'Barn']);
  });

  it('RELAY-8 a long log becomes a snapshot while edits go on, for joiners of every kind', async () => {
    const { store, syncUrl, ana, ben } = await withList();
    const author = await joined(syncUrl, ana);
    let n = 0;
    const add = (value: string) => {
      n += 1;
      author.socket.send({ type: 'send', n, step: 'update', update: author.add(value) });
    };
    for (let count = 0; count < 600; count += 1) add(`Hall ${count}`);
    const early = Y.encodeStateVector(new Map([[author.doc.clientID, 10]]));
    await author.socket.next('stored', (message) => message.n === 600);
    await until(() => store.logs.get(LIST)?.snapshot !== undefined);
    const middle = Y.encodeStateVector(author.doc);
    for (let count = 0; count < 5; count += 1) add(`Barn ${count}`);
    await author.socket.next('stored', (message) => message.n === 605);
    const expected = author.doc.getArray('s1').toJSON();
    const tail = 605 - (store.logs.get(LIST)?.snapshot?.seq ?? 0);
    const kinds = (socket: WireSocket) =>
      socket.messages.map(({ type }) => type).filter((type) => type !== 'awareness');
    const ask = async (stateVector: Uint8Array) => {
      const socket = openWire(`${syncUrl}/${LIST}`, ben);
      await socket.next('hello');
      socket.send({ type: 'sync-step1', stateVector });
      await socket.next('sync-step2');
      return socket;
    };
    const cold = await joined(syncUrl, ben);
    expect(kinds(cold.socket)).toEqual([
      'hello',
      'sync-step1',
      'snapshot',
      ...Array(tail).fill('sync-update'),
      'sync-step2',
    ]);
    expect(cold.doc.getArray('s1').toJSON()).toEqual(expected);
    // Who was away for the last five edits gets these; who has the first ten gets the rest, without a snapshot.
    expect(kinds(await ask(middle))).toEqual([
      'hello',
      'sync-step1',
      ...Array(5).fill('sync-update'),
      'sync-step2',
    ]);
    expect(kinds(await ask(early))).toEqual([
      'hello',
      'sync-step1',
      ...Array(595).fill('sync-update'),
      'sync-step2',
    ]);
    const stock = openStock(`${syncUrl}/${LIST}`, ben);
    await stock.next('sync-step1');
    stock.send({ type: 'sync-step1', stateVector: EMPTY_VECTOR });
    await stock.next('sync-step2');
    const whole = new Y.Doc();
    applyAll(whole, stock);
    expect(whole.getArray('s1').toJSON()).toEqual(expected);
  });

  it('RELAY-7 a drain stores what it took, receipts it, and sends everybody away with a retryable code', async () => {
    const { store, syncUrl, ana, stop } = await withList();
    const { socket, add } = await joined(syncUrl, ana);
    store.gate = delay(100);
    socket.send({ type: 'send', n: 1, step: 'update', update: add('Hall') });
    socket.send({ type: 'ping', t: 1 });
    await socket.next('pong');
    expect(await stop()).toBe(0);
    expect((await socket.next('stored')).n).toBe(1);
    expect(await socket.closed).toBe(CLOSE.draining);
  });

  it('RELAY-7 a drain without a database ends in time and says how much was not stored', async () => {
    const { store, syncUrl, ana, stop } = await withList();
    const { socket, add } = await joined(syncUrl, ana);
    store.isAway = true;
    for (const n of [1, 2, 3]) socket.send({ type: 'send', n, step: 'update', update: add(`Hall ${n}`) });
    socket.send({ type: 'ping', t: 1 });
    await socket.next('pong');
    expect(await stop()).toBe(3);
    expect(await socket.closed).toBe(CLOSE.draining);
    expect(socket.messages.some(({ type }) => type === 'stored')).toBe(false);
  });

  it('RELAY-7 a drain while a list is rebuilt counts the edits that wait for it', async () => {
    const { store, sync, syncUrl, ana, stop } = await withList();
    const { socket, add } = await joined(syncUrl, ana);
    socket.send({ type: 'send', n: 1, step: 'update', update: add('Hall') });
    await socket.next('stored');
    // The swap waits for the projection, for longer than a drain does.
    let isSwapping = false;
    store.putGeneration = () => {
      isSwapping = true;
      return new Promise(() => undefined);
    };
    sync.rebuild(LIST).catch(() => undefined);
    await until(() => isSwapping);
    socket.send({ type: 'send', n: 2, step: 'update', update: add('Barn') });
    await until(() => sync.registry.unstored() === 1);
    expect(await stop()).toBe(1);
    expect(socket.messages.some((message) => message.type === 'stored' && message.n === 2)).toBe(false);
  });

  it('RELAY-4 a thousand rooms that open, fail and close leave nothing behind', async () => {
    const { sync, syncUrl, ana } = await withList();
    const token = await serviceToken();
    for (let round = 0; round < 20; round += 1) {
      const sockets = Array.from({ length: 40 }, (_, index) =>
        index % 4 === 0
          ? openWire(`${syncUrl}/l_${'b'.repeat(22)}`, ana)
          : openWire(`${syncUrl}/free-${round}-${index}`, index % 4 === 1 ? 'x' : token),
      );
      for (const [index, socket] of sockets.entries()) {
        if (index % 4 >= 2) await socket.next('hello');
        socket.ws.close();
      }
      await Promise.all(sockets.map(({ closed }) => closed));
    }
    await until(() => Object.values(sync.registry.counts()).every((count) => count === 0));
    expect(sync.sockets.counts()).toMatchObject({ opening: 0, live: 0, closing: 0 });
  });
});
