import { encodeMessage } from '@wedsync/shared';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ConnectionState } from './connection.ts';
import type { LinkTarget } from './line.ts';
import { createLink, type Link, type LinkOptions, type TokenResult } from './link.ts';
import type { Signal } from './signals.ts';
import type { SocketHandlers } from './socket.ts';

/** The relay's end of one fake socket: what it got, and the frames it can answer. */
type FakeSocket = {
  readonly url: string;
  readonly protocols: readonly string[];
  readonly handlers: SocketHandlers;
  readonly sent: Uint8Array[];
  isClosed: boolean;
};

const hello = encodeMessage({
  type: 'hello',
  hello: {
    protocol: 1,
    format: 1,
    lineage: 'l1',
    serverTime: 500,
    access: 'write',
    session: 's',
    limits: { frameBytes: 1_000, documentBytes: 1_000 },
    head: 0,
  },
});
const step1 = encodeMessage({ type: 'sync-step1', stateVector: new Uint8Array([0]) });
const step2 = (...bytes: number[]): Uint8Array =>
  encodeMessage({ type: 'sync-step2', update: new Uint8Array(bytes) });
const stored = (n: number): Uint8Array => encodeMessage({ type: 'stored', n });
const refused = (n: number, code: number, retryable: boolean): Uint8Array =>
  encodeMessage({ type: 'refused', n, code, retryable, detail: '' });
const pong = (t: number, serverTimeMs: number): Uint8Array =>
  encodeMessage({ type: 'pong', t, serverTimeMs });
const typesOf = (socket: FakeSocket): number[] => socket.sent.map((bytes) => bytes[0] ?? -1);
const jwt = (name: string, expiresAt: number): string =>
  `h.${btoa(JSON.stringify({ name, exp: expiresAt / 1000 }))}.s`;

let sockets: FakeSocket[];
let states: ConnectionState[];
let told: string[];
let signal: (signal: Signal) => void;
let isOnline: boolean;
let token: (renew?: { than: string | undefined }) => TokenResult;
let pending: { update: Uint8Array; keys: string[] }[];
let target: LinkTarget;
let link: Link;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000, toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  sockets = [];
  states = [];
  told = [];
  isOnline = true;
  token = () => ({ token: jwt('first', 1_000_000 + 3_600_000) });
  pending = [{ update: new Uint8Array([7]), keys: ['t/1'] }];
  target = {
    stateVector: () => new Uint8Array([0]),
    answer: async () => ({ step: 'step2', messages: pending }),
    receive: (update, part) => void told.push(`${part} ${update.join()}`),
  };
  const options: LinkOptions = {
    url: 'ws://relay/sync/l_1',
    openSocket: (url, protocols, handlers) => {
      const socket: FakeSocket = { url, protocols, handlers, sent: [], isClosed: false };
      sockets.push(socket);
      return {
        send: (bytes) => void socket.sent.push(bytes),
        close: () => {
          socket.isClosed = true;
        },
      };
    },
    signals: {
      isOnline: () => isOnline,
      isVisible: () => true,
      subscribe: (listener) => {
        signal = listener;
        return () => undefined;
      },
    },
    now: () => Date.now(),
    random: () => 0.5,
    token: async (renew) => token(renew),
    target: () => target,
    onState: (state) => states.push(state),
    onLive: () => told.push('live'),
    onSent: (keys) => told.push(`sent ${keys.join()}`),
    onStored: (keys) => told.push(`stored ${keys.join()}`),
    onRefused: ({ keys, code }) => told.push(`refused ${keys.join()} ${code}`),
    onRebaseNeeded: (code) => told.push(`rebase ${code}`),
    onAwareness: () => undefined,
    onAwarenessQuery: () => told.push('who'),
    onEvent: ({ type }) => told.push(`event ${type}`),
    onServerTime: (serverTime, roundTripMs) => told.push(`time ${serverTime} ${roundTripMs}`),
  };
  link = createLink(options);
});

afterEach(() => {
  link.stop();
  vi.useRealTimers();
});

const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);
const last = (): FakeSocket => sockets[sockets.length - 1] as FakeSocket;

async function receive(...frames: Uint8Array[]): Promise<void> {
  for (const bytes of frames) last().handlers.onMessage(bytes);
  await settle();
}

/** Brings the link to live on a new socket. */
async function goLive(): Promise<FakeSocket> {
  link.start();
  await settle();
  last().handlers.onOpen('wedsync.v1');
  await receive(hello, step1, step2(1, 2));
  expect(link.state.state).toBe('live');
  return last();
}

describe('link', () => {
  it('offers the protocol and the token, and goes live once both sides have answered', async () => {
    link.start();
    await settle();
    expect(last().protocols[0]).toBe('wedsync.v1');
    expect(last().protocols[1]).toMatch(/^bearer\.h\./);
    last().handlers.onOpen('wedsync.v1');
    expect(last().sent).toEqual([]);
    await receive(hello, step1);
    expect(typesOf(last())).toEqual([0, 64]);
    expect(link.state.state).toBe('handshaking');
    await receive(step2(1, 2));
    expect(link.state.state).toBe('live');
    expect(told).toEqual([expect.stringMatching(/^time 500 \d+$/), 'sent t/1', 'answer 1,2', 'live', 'who']);
  });

  it('SYNC-1 maps receipts to what was sent, and leaves refused ones out', async () => {
    await goLive();
    for (const key of ['t/2', 't/3', 't/4']) link.send({ update: new Uint8Array([1]), keys: [key] });
    told.length = 0;
    await receive(stored(1), refused(3, 4424, false), stored(4));
    expect(told).toEqual(['stored t/1', 'refused t/3 4424', 'stored t/2,t/4']);
  });

  it('SYNC-1 sends nothing before the handshake has told the relay what is here', async () => {
    link.start();
    await settle();
    last().handlers.onOpen('wedsync.v1');
    link.send({ update: new Uint8Array([1]), keys: ['early'] });
    await receive(hello);
    link.send({ update: new Uint8Array([1]), keys: ['early'] });
    expect(told.filter((line) => line.startsWith('sent'))).toEqual([]);
  });

  it('SYNC-2 speaks plain y-websocket to a server without a hello, and claims no receipts', async () => {
    link.start();
    await settle();
    last().handlers.onOpen('wedsync.v1');
    await receive(step1, step2(1));
    expect(link.state.state).toBe('live');
    link.send({ update: new Uint8Array([9]), keys: ['t/2'] });
    expect(Math.max(...typesOf(last()))).toBeLessThan(64);
    expect(told).toContain('sent t/2');
    expect(told.some((line) => line.startsWith('stored'))).toBe(false);
  });

  it('closes a gap by sending everything since the handshake again, then by a new socket', async () => {
    const socket = await goLive();
    link.send({ update: new Uint8Array([1]), keys: ['t/2'] });
    pending = [{ update: new Uint8Array([7, 1]), keys: ['t/1', 't/2'] }];
    await receive(refused(2, 4423, true));
    expect(typesOf(socket).filter((type) => type === 64)).toHaveLength(3);
    await receive(stored(3));
    expect(told).toContain('stored t/1,t/1,t/2');
    await receive(refused(4, 4423, true), refused(5, 4423, true));
    expect(socket.isClosed).toBe(true);
    expect(link.state.state).toBe('waiting');
  });

  it('SYNC-4 notices a dead socket within 10 s and connects again', async () => {
    const socket = await goLive();
    await vi.advanceTimersByTimeAsync(4_000);
    expect(typesOf(socket)).toContain(71);
    await vi.advanceTimersByTimeAsync(4_000);
    expect(socket.isClosed).toBe(true);
    expect(link.state).toMatchObject({ state: 'waiting', failures: 1 });
    await vi.advanceTimersByTimeAsync(500);
    expect(sockets).toHaveLength(2);
  });

  it('SYNC-4 asks at once when the browser says that the network is gone', async () => {
    const socket = await goLive();
    signal('offline');
    expect(typesOf(socket)).toContain(71);
    await vi.advanceTimersByTimeAsync(4_000);
    expect(socket.isClosed).toBe(true);
  });

  it('SYNC-4 gives up a handshake that the network went away under, and makes a new one when it is back', async () => {
    link.start();
    await settle();
    last().handlers.onOpen('wedsync.v1');
    await receive(hello);
    expect(link.state.state).toBe('handshaking');
    isOnline = false;
    signal('offline');
    expect(link.state.state).toBe('waiting');
    expect(last().isClosed).toBe(true);
    isOnline = true;
    signal('online');
    await settle();
    expect(sockets).toHaveLength(2);
  });

  it('SYNC-4 a socket that answers pings lives on, and tells the server time', async () => {
    const socket = await goLive();
    for (let n = 0; n < 10; n++) {
      await vi.advanceTimersByTimeAsync(4_000);
      const sentAt = Date.now() - 30;
      await receive(pong(sentAt, 777));
    }
    expect(socket.isClosed).toBe(false);
    expect(told).toContain('time 777 30');
  });

  it('SYNC-4 wakes at once when the network comes back or the page becomes visible', async () => {
    await goLive();
    for (const wake of ['online', 'visible'] as const) {
      last().handlers.onClose(1006);
      expect(link.state.state).toBe('waiting');
      const before = sockets.length;
      signal(wake);
      await settle();
      expect(sockets).toHaveLength(before + 1);
      last().handlers.onOpen('wedsync.v1');
      await receive(hello, step1, step2());
    }
  });

  it('SYNC-4 resets its backoff only after the connection has proved itself', async () => {
    link.start();
    for (const failures of [1, 2, 3]) {
      await settle();
      last().handlers.onOpen('wedsync.v1');
      await receive(hello, step1, step2());
      last().handlers.onClose(1006);
      expect(link.state).toMatchObject({ state: 'waiting', failures });
      signal('online');
    }
    await settle();
    last().handlers.onOpen('wedsync.v1');
    await receive(hello, step1, step2());
    for (let n = 0; n < 4; n++) {
      await vi.advanceTimersByTimeAsync(3_000);
      await receive(stored(0));
    }
    last().handlers.onClose(1006);
    expect(link.state).toMatchObject({ state: 'waiting', failures: 1 });
  });

  it('SYNC-5 renews the token in-band before it expires', async () => {
    const socket = await goLive();
    token = (renew) => ({ token: jwt(renew === undefined ? 'first' : 'second', 1_000_000 + 7_200_000) });
    for (let n = 0; n < 1_200; n++) {
      await vi.advanceTimersByTimeAsync(3_000);
      await receive(stored(0));
    }
    expect(typesOf(socket).filter((type) => type === 68)).toHaveLength(1);
    expect(sockets).toHaveLength(1);
  });

  it('SYNC-5 refreshes once when the relay says unauthorized, then asks for a sign-in, never a loop', async () => {
    const renewals: (string | undefined)[] = [];
    token = (renew) => {
      if (renew !== undefined) renewals.push(renew.than);
      return { token: jwt(`t${renewals.length}`, 9_000_000) };
    };
    link.start();
    await settle();
    last().handlers.onClose(4401);
    await settle();
    expect(sockets).toHaveLength(2);
    last().handlers.onClose(4401);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(sockets).toHaveLength(2);
    expect(renewals).toEqual([jwt('t0', 9_000_000)]);
    expect(link.state.state).toBe('needs-auth');
    link.tokenChanged();
    await settle();
    expect(sockets).toHaveLength(3);
  });

  it('SYNC-5 offline without a valid token it keeps trying, and does not ask for a sign-in', async () => {
    token = () => ({ missing: 'unreachable' });
    link.start();
    await settle();
    expect(link.state.state).toBe('waiting');
    token = () => ({ missing: 'signed-out' });
    signal('online');
    await settle();
    expect(link.state.state).toBe('needs-auth');
  });

  it('DOC-10 says that a rebase is needed for codes that would come again', async () => {
    await goLive();
    last().handlers.onClose(4409);
    expect(told).toContain('rebase 4409');
    expect(link.state.state).toBe('waiting');
  });

  it('honours codes that say that trying again is pointless, until a person asks', async () => {
    await goLive();
    last().handlers.onClose(4403);
    expect(link.state).toEqual({ state: 'closed', code: 4403 });
    signal('online');
    await vi.advanceTimersByTimeAsync(120_000);
    expect(sockets).toHaveLength(1);
    link.retryNow();
    await settle();
    expect(sockets).toHaveLength(2);
  });

  it('drops a socket whose bytes do not parse or apply, instead of carrying on', async () => {
    const socket = await goLive();
    target = { ...target, receive: () => undefined };
    await receive(new Uint8Array([0, 2, 200]));
    expect(socket.isClosed).toBe(true);
    expect(link.state.state).toBe('waiting');
  });

  it('unpacks a snapshot of several parts before what follows it', async () => {
    link.start();
    await settle();
    last().handlers.onOpen('wedsync.v1');
    const zipped = new Uint8Array(
      await new Response(
        new Blob([new Uint8Array([4, 5, 6])]).stream().pipeThrough(new CompressionStream('gzip')),
      ).arrayBuffer(),
    );
    const part = (index: number, bytes: Uint8Array): Uint8Array =>
      encodeMessage({ type: 'snapshot', encoding: 'gzip', part: index, parts: 2, bytes });
    await receive(hello, step1, part(0, zipped.slice(0, 9)), part(1, zipped.slice(9)), step2(1));
    await vi.waitFor(() => expect(link.state.state).toBe('live'), { timeout: 10_000 });
    expect(told.filter((line) => /snapshot|answer/.test(line))).toEqual(['snapshot 4,5,6', 'answer 1']);
  });

  it('stops for good: no timer and no socket stays behind', async () => {
    const socket = await goLive();
    link.stop();
    expect(socket.isClosed).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
    socket.handlers.onClose(1006);
    expect(link.state.state).toBe('idle');
  });
});
