// The yardstick: a WebSocket broadcaster that does nothing but pass each frame to the others in its room, one send
// per socket, and an HTTP route that answers at once. No storage, no checks, no authentication.
import { createServer } from 'node:http';
import type { WebSocket } from 'ws';
import { WebSocketServer } from 'ws';

const rooms = new Map<string, { sockets: Set<WebSocket>; stored: Buffer | undefined }>();

const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => response.writeHead(202, { 'content-type': 'application/json' }).end('{"ok":true}'));
});

new WebSocketServer({ server, perMessageDeflate: false, maxPayload: 64 << 20 }).on(
  'connection',
  (socket, request) => {
    const name = new URL(request.url ?? '/', 'http://raw').pathname;
    const room = rooms.get(name) ?? { sockets: new Set(), stored: undefined };
    rooms.set(name, room);
    room.sockets.add(socket);
    // What a joiner would need, sent as it is: the cheapest join there can be.
    if (room.stored !== undefined) socket.send(room.stored);
    socket.on('message', (data: Buffer) => {
      if (name.startsWith('/sync/stored')) room.stored = data;
      for (const other of room.sockets) if (other !== socket) other.send(data);
    });
    socket.on('close', () => room.sockets.delete(socket));
  },
);

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object' && address !== null) process.send?.({ port: address.port });
});
