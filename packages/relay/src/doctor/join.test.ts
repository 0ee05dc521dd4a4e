// How far a device comes when it opens a list, as the doctor tells it. The relay itself, and a proxy that lets no socket
// through, are in test/process.test.ts.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { encodeMessage, FORMAT, PROTOCOL_VERSION } from '@wedsync/shared';
import { afterEach, describe, expect, it } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { checkJoin, type JoinTarget } from './join.ts';

const HELLO = encodeMessage({
  type: 'hello',
  hello: {
    protocol: PROTOCOL_VERSION,
    format: FORMAT,
    lineage: 'one',
    serverTime: 0,
    access: 'write',
    session: 's',
    limits: { frameBytes: 1_000, documentBytes: 1_000 },
    head: 0,
  },
});

let server: WebSocketServer | undefined;
afterEach(() => {
  for (const socket of server?.clients ?? []) socket.terminate();
  server?.close();
});

async function listen(greet: (socket: WebSocket) => void): Promise<string> {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  server.on('connection', greet);
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const call: JoinTarget['call'] = async (_method, path) =>
  path === 'all-lists' ? [{ id: 'l_a' }] : { token: 'token' };

async function join(greet: (socket: WebSocket) => void, timeoutMs = 2_000) {
  return await checkJoin({ url: await listen(greet), call, timeoutMs });
}

describe('HEALTH-1 doctor, opening a list', () => {
  it('a relay that answers with the list is in order', async () => {
    const finding = await join((socket) => {
      socket.send(HELLO);
      socket.on('message', () =>
        socket.send(encodeMessage({ type: 'sync-step2', update: Uint8Array.of(0, 0) })),
      );
    });
    expect(finding).toMatchObject({ state: 'ok' });
  });

  it.each<[string, (socket: WebSocket) => void, string]>([
    ['says nothing', () => undefined, 'the relay said nothing.'],
    ['greets and falls silent', (socket) => socket.send(HELLO), 'the relay did not send the list.'],
    ['closes', (socket) => socket.close(4_403), 'the relay said nothing: closed with 4403.'],
    ['speaks something else', (socket) => socket.send(Buffer.of(99)), 'an answer that cannot be read.'],
  ])('one that %s is failing, with how far it came', async (_name, greet, said) => {
    expect(await join(greet, 300)).toMatchObject({ state: 'failing', text: expect.stringContaining(said) });
  });

  it('nothing to open, nothing to sign with, nobody who answers', async () => {
    const with_ = (own: JoinTarget['call']) =>
      checkJoin({ url: 'http://127.0.0.1:9', call: own, timeoutMs: 300 });
    expect(await with_(async () => [])).toMatchObject({ state: 'ok' });
    const cannotSign: JoinTarget['call'] = async (method, path, body) => {
      if (path === 'token') throw new Error('not configured');
      return await call(method, path, body);
    };
    expect(await with_(cannotSign)).toMatchObject({
      state: 'warning',
      text: expect.stringContaining('does not sign tokens'),
    });
    expect(await with_(() => Promise.reject(new Error('down')))).toMatchObject({
      state: 'failing',
      text: 'The running relay does not answer: down',
    });
    expect(await with_(call)).toMatchObject({
      state: 'failing',
      text: expect.stringContaining('the socket was not opened'),
    });
  });
});
