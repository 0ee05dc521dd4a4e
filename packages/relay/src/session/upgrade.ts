// From an HTTP upgrade to a session: what can be refused before anybody is asked who they are is refused here, with
// a plain HTTP answer. Everything later is told by a close code, which browsers can read.
import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { readSubprotocols, SUBPROTOCOL, type WireEvent } from '@wedsync/shared';
import { WebSocketServer } from 'ws';
import { isAllowedOrigin, type OriginPolicy } from '../auth/origin.ts';
import { addressOf, createOpeningPlaces } from './opening-places.ts';
import type { SessionServices } from './services.ts';
import { openSession, type Session } from './session.ts';

export interface UpgradeOptions {
  readonly services: SessionServices;
  readonly origins: OriginPolicy;
  /** Sockets that are not let in yet, of all addresses together. */
  readonly maxOpening: number;
  /** How often tokens, pings and stalled readers are looked at. */
  readonly sweepMs: number;
}

export interface SyncServer {
  /** Sockets by state. */
  counts(): { readonly opening: number; readonly live: number; readonly closing: number };
  /** Over all sockets since the start, framing included. */
  bytes(): { readonly received: number; readonly sent: number };
  /** Sends an event to everybody who has a list open: that one, or any when `listId` is null. */
  tell(listId: string | null, event: WireEvent): void;
  /** From now on new sockets are refused and open ones take no more messages. */
  pause(): void;
  /** Ends all sockets with the code for a restart and resolves when they are gone, at the latest after `withinMs`. */
  close(withinMs: number): Promise<void>;
}

/** An upgrade that nothing speaks against so far. */
interface Accepted {
  readonly request: IncomingMessage;
  readonly socket: Socket;
  readonly head: Buffer;
  readonly documentId: string;
  readonly query: URLSearchParams;
  readonly freePlace: () => void;
}

const PATH = /^\/sync\/([^/?]+)$/;
const DEVICE = /^[A-Za-z0-9_-]{1,64}$/;
/** Above the limit of a frame, so that a frame that is just too large can be answered by its number. */
const HARD_LIMIT_FACTOR = 2;

/** Takes over the upgrades of an HTTP server for `/sync/<documentId>`; the caller closes it before the server. */
export function createSyncServer(server: Server, options: UpgradeOptions): SyncServer {
  const { services } = options;
  const sessions = new Map<Session, Socket>();
  /** Of sockets that are gone. */
  const past = { received: 0, sent: 0 };
  let isOpen = true;
  // A device that left while it was looked at keeps its place until there is an answer: the question is still asked.
  const places = createOpeningPlaces({
    max: options.maxOpening,
    maxPerAddress: services.limits.openingPerAddress,
    holdMs: services.limits.openMs,
    now: services.now,
  });

  const sockets = new WebSocketServer({
    noServer: true,
    // Frames are shared between sockets and gzipped where it pays; see outlet.ts.
    perMessageDeflate: false,
    maxPayload: services.limits.frameBytes * HARD_LIMIT_FACTOR,
    handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : ([...offered][0] ?? false)),
  });

  function onUpgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    const { socket } = request;
    // Between upgrade and session nobody else listens, and an unheard error would end the process.
    stream.on('error', () => stream.destroy());
    // What a request names need not be an address: `//` is none.
    const url = URL.parse(request.url ?? '/', 'http://relay.internal');
    const documentId = PATH.exec(url?.pathname ?? '')?.[1];
    if (url === null || documentId === undefined) refuse(stream, 404, 'Not Found');
    else if (!isAllowedOrigin(request.headers, options.origins)) refuse(stream, 403, 'Forbidden');
    else {
      const freePlace = isOpen ? places.take(addressOf(request)) : undefined;
      if (freePlace === undefined) refuse(stream, 503, 'Service Unavailable', 'retry-after: 2\r\n');
      else accept({ request, socket, head, documentId, query: url.searchParams, freePlace });
    }
  }

  function accept({ request, socket, head, documentId, query, freePlace }: Accepted): void {
    const { v1, token } = readSubprotocols(request.headers['sec-websocket-protocol']);
    const device = query.get('device') ?? '';
    socket.setNoDelay(true);
    socket.setTimeout(0);
    let isUpgraded = false;
    // Called before handleUpgrade returns, or never: then `ws` has refused the handshake itself.
    sockets.handleUpgrade(request, socket, head, (ws) => {
      isUpgraded = true;
      const session = openSession(
        ws,
        socket,
        {
          documentId,
          token: token ?? query.get('token') ?? undefined,
          isV1: v1,
          device: DEVICE.test(device) ? device : undefined,
        },
        services,
        {
          onOpened: freePlace,
          onClosed: () => {
            past.received += socket.bytesRead;
            past.sent += socket.bytesWritten;
            sessions.delete(session);
          },
        },
      );
      sessions.set(session, socket);
    });
    if (!isUpgraded) freePlace();
  }

  function sweep(): void {
    const now = services.now();
    for (const session of sessions.keys()) session.sweep(now);
    places.sweep();
  }

  server.on('upgrade', onUpgrade);
  const sweeper = setInterval(sweep, options.sweepMs);
  sweeper.unref();

  return {
    counts() {
      const counts = { opening: 0, live: 0, closing: 0, closed: 0 };
      for (const { state } of sessions.keys()) counts[state] += 1;
      return counts;
    },
    bytes() {
      const sum = { ...past };
      for (const socket of sessions.values()) {
        sum.received += socket.bytesRead;
        sum.sent += socket.bytesWritten;
      }
      return sum;
    },
    tell(listId, event) {
      for (const session of sessions.keys()) session.tell(listId, event);
    },
    pause() {
      isOpen = false;
      for (const session of sessions.keys()) session.pause();
    },
    async close(withinMs) {
      isOpen = false;
      for (const session of sessions.keys()) session.close('draining');
      const until = services.now() + withinMs;
      while (sessions.size > 0 && services.now() < until) await new Promise((done) => setTimeout(done, 20));
      clearInterval(sweeper);
      server.off('upgrade', onUpgrade);
      for (const ws of sockets.clients) ws.terminate();
      sockets.close();
    },
  };
}

function refuse(stream: Duplex, status: number, reason: string, headers = ''): void {
  stream.end(`HTTP/1.1 ${status} ${reason}\r\n${headers}connection: close\r\ncontent-length: 0\r\n\r\n`);
}
