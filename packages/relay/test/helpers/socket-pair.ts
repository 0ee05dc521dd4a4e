// A connection in one process: the relay's two views of it and the reader at the other end.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';

export interface SocketPair {
  /** The relay's end as `ws` has it, and the TCP socket under it. */
  readonly ws: WebSocket;
  readonly socket: Socket;
  readonly reader: WebSocket;
}

const open: { server: Server; reader: WebSocket }[] = [];

export async function connectPair(
  options: { maxPayload?: number; perMessageDeflate?: boolean } = {},
): Promise<SocketPair> {
  const server = createServer();
  const wss = new WebSocketServer({ noServer: true, perMessageDeflate: false, ...options });
  const accepted = new Promise<{ ws: WebSocket; socket: Socket }>((done) => {
    server.on('upgrade', (request, _socket, head) => {
      const { socket } = request;
      wss.handleUpgrade(request, socket, head, (ws) => done({ ws, socket }));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const reader = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  open.push({ server, reader });
  const { ws, socket } = await accepted;
  if (reader.readyState !== WebSocket.OPEN) await once(reader, 'open');
  return { ws, socket, reader };
}

/** For `afterEach`. */
export function closePairs(): void {
  for (const { server, reader } of open.splice(0)) {
    reader.terminate();
    server.close();
  }
}
