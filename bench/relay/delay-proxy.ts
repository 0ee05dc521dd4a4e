// A TCP proxy that holds every piece of data for a while, in each direction: a database that is far away.
import { connect, createServer, type Socket } from 'node:net';

export type DelayProxy = { readonly url: string; close(): Promise<void> };

function pass(from: Socket, to: Socket, ms: number): void {
  // Timers of one length fire in the order in which they were set, so the bytes stay in order.
  from.on('data', (data) => void setTimeout(() => to.writable && to.write(data), ms));
  from.on('end', () => void setTimeout(() => to.end(), ms));
  from.on('error', () => to.destroy());
}

/** @param roundTripMs what it adds to a question and its answer together */
export async function startDelayProxy(target: string, roundTripMs: number): Promise<DelayProxy> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ host: hostname, port: Number(port), noDelay: true });
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    }
    pass(near, far, roundTripMs / 2);
    pass(far, near, roundTripMs / 2);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((done) => server.close(() => done()));
    },
  };
}
