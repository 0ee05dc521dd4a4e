// Hocuspocus as it comes, in memory: without an extension it stores nothing, which is the hardest case to compare with.
import { Server } from '@hocuspocus/server';

const server = new Server({ quiet: true, address: '127.0.0.1', stopOnSignals: false, port: 0 });
server.httpServer.listen(0, '127.0.0.1', () => {
  const address = server.httpServer.address();
  if (typeof address === 'object' && address !== null) process.send?.({ port: address.port });
});
