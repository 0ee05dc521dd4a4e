// What one socket, one address and all sockets that are not let in yet may take, at the limit and one beyond.
import { get } from 'node:http';
import { CLOSE, encodeMessage } from '@wedsync/shared';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { TokenVerifier } from '../src/auth/verify-token.ts';
import { createDevice } from './helpers/device.ts';
import { createMemoryStore } from './helpers/memory-store.ts';
import { personToken, startSync, verifyToken } from './helpers/sync-server.ts';
import { until } from './helpers/until.ts';
import { openWire, refusalOf } from './helpers/wire-socket.ts';

const LIST = `l_${'a'.repeat(22)}`;

async function withList(limits: Parameters<typeof startSync>[0] = {}, verify?: TokenVerifier) {
  const store = createMemoryStore();
  store.createList(LIST, { ana: 'owner' });
  const relay = await startSync(limits, store, verify);
  const token = await personToken('ana');
  const open = (forwarded?: string) =>
    openWire(
      `${relay.syncUrl}/${LIST}`,
      token,
      forwarded === undefined ? {} : { headers: { 'x-forwarded-for': forwarded } },
    );
  return { ...relay, token, open };
}

/** A check of tokens that answers nobody until it is told to. */
function createHeldVerifier() {
  let letGo: () => void = () => undefined;
  const held = new Promise<void>((done) => {
    letGo = done;
  });
  const asked: string[] = [];
  const verify: TokenVerifier = async (token) => {
    asked.push(token);
    await held;
    return verifyToken(token);
  };
  return { verify, asked, letGo: () => letGo() };
}

describe('RELAY-6 sockets that are not let in yet', () => {
  it('one address holds its share and not one place more, others come in beside it', async () => {
    const { verify, asked, letGo } = createHeldVerifier();
    const { open } = await withList({ openingPerAddress: 2 }, verify);
    const held = [open('8.8.4.4'), open('9.9.9.9, 8.8.4.4')];
    await until(() => asked.length === 2);
    expect(await refusalOf(open('8.8.4.4'))).toBe(503);
    const other = open('9.9.9.9');
    await until(() => asked.length === 3);
    letGo();
    for (const socket of [...held, other]) await socket.next('hello');
    await open('8.8.4.4').next('hello');
  });

  it('a proxy that does not say for whom it asks is held to the limit of all alone', async () => {
    const { verify, asked, letGo } = createHeldVerifier();
    const { open } = await withList({ openingPerAddress: 1, maxOpening: 3 }, verify);
    const held = [open(), open(), open()];
    await until(() => asked.length === 3);
    expect(await refusalOf(open())).toBe(503);
    letGo();
    for (const socket of held) await socket.next('hello');
  });

  it('one beyond the limit of all is refused while the others are looked at, and let in afterwards', async () => {
    const { verify, asked, letGo } = createHeldVerifier();
    const { open } = await withList({ maxOpening: 1 }, verify);
    const held = open();
    await until(() => asked.length === 1);
    expect(await refusalOf(open())).toBe(503);
    letGo();
    await held.next('hello');
    await open().next('hello');
  });

  it('a check that never answers ends with a retryable code, and its place is free again', async () => {
    const { verify, asked } = createHeldVerifier();
    const { open, sync } = await withList({ maxOpening: 1, openMs: 100 }, verify);
    for (const round of [1, 2]) {
      const socket = open();
      await until(() => asked.length === round);
      expect(await socket.closed).toBe(CLOSE['storage-unavailable']);
      expect(socket.messages).toEqual([]);
    }
    const gone = open();
    await until(() => asked.length === 3);
    gone.ws.terminate();
    await until(() => sync.sockets.counts().opening === 0);
    // It left by itself and its question is still asked: the place is free when its time is over.
    await until(() => {
      open();
      return asked.length >= 4;
    });
  });

  it('a handshake that ws refuses takes no place', async () => {
    const { open, port } = await withList({ maxOpening: 1 });
    const headers = { connection: 'upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' };
    const answer = await new Promise((done) => {
      const request = get({ port, path: `/sync/${LIST}`, headers }, (response) => done(response.statusCode));
      request.on('error', done);
    });
    expect(answer).toBe(400);
    await open().next('hello');
  });

  it('RELAY-7 a socket that is opened during a drain is refused while the last edits are stored', async () => {
    const { open, store, stop } = await withList();
    const socket = open();
    await socket.next('hello');
    let openGate: () => void = () => undefined;
    store.gate = new Promise((done) => {
      openGate = done;
    });
    socket.send({ type: 'send', n: 1, step: 'update', update: createDevice().add('Hall') });
    socket.send({ type: 'ping', t: 1 });
    await socket.next('pong');
    const stopped = stop();
    expect(await refusalOf(open())).toBe(503);
    expect(socket.ws.readyState).toBe(WebSocket.OPEN);
    openGate();
    expect(await stopped).toBe(0);
  });
});

describe('RELAY-7 a socket that is let in during a drain', () => {
  it('takes no edits any more, not even those that came before', async () => {
    const { verify, asked, letGo } = createHeldVerifier();
    const { open, sync, store } = await withList({}, verify);
    const socket = open();
    await until(() => asked.length === 1 && socket.ws.readyState === WebSocket.OPEN);
    socket.send({ type: 'send', n: 1, step: 'update', update: createDevice().add('Hall') });
    sync.sockets.pause();
    letGo();
    await socket.next('hello');
    socket.send({ type: 'send', n: 2, step: 'update', update: createDevice().add('Barn') });
    await sync.sockets.close(2_000);
    expect(await socket.closed).toBe(CLOSE.draining);
    expect(store.logs.get(LIST)?.head ?? 0).toBe(0);
    expect(socket.messages.filter(({ type }) => type === 'stored')).toEqual([]);
  });
});

describe('RELAY-6 bytes of a socket', () => {
  const ping = encodeMessage({ type: 'ping', t: 1 });

  it('as many as allowed pass at once, and with one less the same messages end it', async () => {
    const count = 10;
    for (const [missing, isClosed] of [
      [0, false],
      [1, true],
    ] as const) {
      const byteBurst = count * ping.length - missing;
      const { open } = await withList({ byteBurst, bytesPerSecond: 0.001 });
      const socket = open();
      await socket.next('hello');
      for (let sent = 1; sent < count; sent += 1) socket.sendBytes(ping);
      for (let sent = 1; sent < count; sent += 1) await socket.next('pong');
      socket.sendBytes(ping);
      const end = await Promise.race([socket.closed, socket.next('pong').then(() => 'pong')]);
      expect(end).toBe(isClosed ? CLOSE['rate-limited'] : 'pong');
    }
  });
});
