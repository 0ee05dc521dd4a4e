// Hocuspocus as it comes, in memory: without an extension it stores nothing, which is the hardest case to compare with.
import { Server } from '@hocuspocus/server';

const server = new Server({
  quiet: true,
  stopOnSignals: false,
  // Its own clients say something every minute; those of a load generator only wait.
  timeout: 3_600_000,
});
server.httpServer.listen(0, '127.0.0.1', () => {
  const address = server.httpServer.address();
  if (typeof address === 'object' && address !== null) process.send?.({ port: address.port });
});
