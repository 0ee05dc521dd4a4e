// What stands in front of a hosted project: passes the API on, and speaks Realtime's protocol (Phoenix channels: join,
// leave, heartbeat), which the lightweight implementation lacks. Both can be cut.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';

export interface SupabaseFront {
  readonly url: string;
  /** From now on joins are refused and open sockets are cut. */
  cutRealtime(isCut: boolean): void;
  /** The sign-in service answers 503. */
  failAuth(isFailing: boolean): void;
  close(): Promise<void>;
}

type Message = [joinRef: string | null, ref: string | null, topic: string, event: string, payload: unknown];

/** Both forms of the protocol: an array, or an object in version 1. */
function answerTo(text: string): string | undefined {
  const message = JSON.parse(text) as
    | Message
    | { topic: string; event: string; ref: string; join_ref?: string };
  const isArray = Array.isArray(message);
  const [joinRef, ref, topic, event] = isArray
    ? message
    : [message.join_ref ?? null, message.ref, message.topic, message.event];
  if (!['phx_join', 'phx_leave', 'heartbeat', 'access_token'].includes(event)) return undefined;
  const payload = { status: 'ok', response: { postgres_changes: [] } };
  return JSON.stringify(
    isArray
      ? [joinRef, ref, topic, 'phx_reply', payload]
      : { topic, event: 'phx_reply', payload, ref, join_ref: joinRef },
  );
}

export async function startSupabaseFront(behind: string): Promise<SupabaseFront> {
  let isRealtimeCut = false;
  let isAuthFailing = false;

  function pass(request: IncomingMessage, response: ServerResponse): void {
    if (isAuthFailing && request.url?.startsWith('/auth/v1/health')) {
      response.writeHead(503).end();
      return;
    }
    const onward = send(
      new URL(request.url ?? '/', behind),
      { method: request.method ?? 'GET', headers: request.headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  }

  const sockets = new WebSocketServer({ noServer: true });
  const server = createServer(pass);
  // Longer than any client keeps an idle connection, so that none is closed under a request.
  server.keepAliveTimeout = 75_000;
  server.on('upgrade', (request, socket, head) => {
    if (isRealtimeCut || !request.url?.startsWith('/realtime/v1')) socket.destroy();
    else
      sockets.handleUpgrade(request, socket, head, (ws) => {
        ws.on('message', (data) => {
          const answer = answerTo(String(data));
          if (answer !== undefined) ws.send(answer);
        });
      });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cutRealtime(isCut) {
      isRealtimeCut = isCut;
      if (isCut) for (const ws of sockets.clients) ws.terminate();
    },
    failAuth(isFailing) {
      isAuthFailing = isFailing;
    },
    async close() {
      for (const ws of sockets.clients) ws.terminate();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
