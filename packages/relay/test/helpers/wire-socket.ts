// A socket that speaks wedsync.v1 message by message, for tests that look at single frames.
import {
  closeCode,
  decodeMessage,
  encodeMessage,
  offerSubprotocols,
  type WireMessage,
} from '@wedsync/shared';
import { afterEach } from 'vitest';
import { WebSocket } from 'ws';

const open = new Set<WebSocket>();
afterEach(() => {
  for (const socket of open) socket.terminate();
  open.clear();
});

/** Many times what any answer takes: only a hang gets here. */
const HANG_MS = 15_000;

export interface WireSocket {
  readonly ws: WebSocket;
  readonly messages: WireMessage[];
  send(message: WireMessage): void;
  sendBytes(bytes: Uint8Array): void;
  /** The first message so far or from now on that fits; messages that were returned before are not again. */
  next<Type extends WireMessage['type']>(
    type: Type,
    fits?: (message: Extract<WireMessage, { type: Type }>) => boolean,
  ): Promise<Extract<WireMessage, { type: Type }>>;
  /** The code with which it was closed. */
  readonly closed: Promise<number>;
}

/** Opens a socket of our own protocol; `token` goes into the subprotocol. */
export function openWire(
  url: string,
  token: string,
  options: { readonly origin?: string; readonly headers?: Record<string, string> } = {},
): WireSocket {
  return wrap(new WebSocket(url, offerSubprotocols(token), options));
}

/** Opens a socket as a stock provider does, with the token in the address. */
export function openStock(url: string, token: string): WireSocket {
  return wrap(new WebSocket(`${url}?token=${token}`));
}

/** Every code that a relay sends is used as the registry says. */
function checkUse(code: number, other: 'close' | 'refused'): void {
  if (closeCode(code)?.use === other) throw new Error(`${code} is for ${other} only`);
}

/** The HTTP status with which an upgrade was refused. */
export function refusalOf({ ws }: WireSocket): Promise<number | undefined> {
  return new Promise((done) =>
    ws.once('unexpected-response', (request, response) => {
      request.destroy();
      done(response.statusCode);
    }),
  );
}

function wrap(ws: WebSocket): WireSocket {
  open.add(ws);
  const messages: WireMessage[] = [];
  const taken = new Set<WireMessage>();
  const waiting = new Set<() => void>();
  const closed = new Promise<number>((done) =>
    ws.on('close', (code) => {
      checkUse(code, 'refused');
      done(code);
    }),
  );
  ws.on('error', () => undefined);
  ws.on('close', () => open.delete(ws));
  ws.on('message', (data: Buffer) => {
    const decoded = decodeMessage(data);
    if (!decoded.ok) throw new Error(`the relay sent what cannot be read: ${decoded.code}`);
    if (decoded.message.type === 'refused') checkUse(decoded.message.code, 'close');
    messages.push(decoded.message);
    for (const wake of [...waiting]) wake();
  });

  return {
    ws,
    messages,
    closed,
    send: (message) => ws.send(encodeMessage(message)),
    sendBytes: (bytes) => ws.send(bytes),
    next(type, fits = () => true) {
      type Wanted = Extract<WireMessage, { type: typeof type }>;
      return new Promise<Wanted>((done, fail) => {
        const look = () => {
          const found = messages.find(
            (message) => message.type === type && !taken.has(message) && fits(message as Wanted),
          );
          if (found === undefined) return;
          finish();
          taken.add(found);
          done(found as Wanted);
        };
        const timer = setTimeout(() => {
          finish();
          fail(new Error(`no ${type} came; got ${messages.map((message) => message.type).join(', ')}`));
        }, HANG_MS);
        const finish = () => {
          clearTimeout(timer);
          waiting.delete(look);
        };
        waiting.add(look);
        look();
      });
    },
  };
}
