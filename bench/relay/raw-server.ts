// The yardstick: a WebSocket broadcaster that does nothing but pass each frame to the others in its room, one send
// per socket, and an HTTP route that answers at once. No storage, no checks, no authentication. A state vector (sync,
// step 1) is answered with the last step 2 that somebody sent: the cheapest join there can be.
import { createServer } from 'node:http';
import type { WebSocket } from 'ws';
import { WebSocketServer } from 'ws';

const NOTHING = Buffer.from([0, 1, 2, 0, 0]);
const rooms = new Map<string, { sockets: Set<WebSocket>; stored: Buffer }>();

const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => response.writeHead(202, { 'content-type': 'application/json' }).end('{"ok":true}'));
});

new WebSocketServer({ server, perMessageDeflate: false, maxPayload: 64 << 20 }).on(
  'connection',
  (socket, request) => {
    const name = request.url ?? '/';
    const room = rooms.get(name) ?? { sockets: new Set(), stored: NOTHING };
    rooms.set(name, room);
    room.sockets.add(socket);
    socket.on('message', (data: Buffer) => {
      if (data[0] === 0 && data[1] === 0) {
        socket.send(room.stored);
        return;
      }
      if (data[0] === 0 && data[1] === 1) room.stored = data;
      for (const other of room.sockets) if (other !== socket) other.send(data);
    });
    socket.on('close', () => room.sockets.delete(socket));
  },
);

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object' && address !== null) process.send?.({ port: address.port });
});
