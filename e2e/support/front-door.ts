// A reverse proxy before a relay, as hosters put one there: it can hand out a newer service worker than the relay has.
import { createServer, request } from 'node:http';
import { connect } from 'node:net';

export type FrontDoor = {
  readonly url: string;
  /** From now on the service worker's script differs: browsers take it for a new version of the app. */
  release(version: number): void;
  close(): void;
};

export async function createFrontDoor(relayUrl: string): Promise<FrontDoor> {
  const { hostname, port } = new URL(relayUrl);
  let version = 1;
  const server = createServer((incoming, outgoing) => {
    const { method, url: path } = incoming;
    const isWorker = path === '/sw.js';
    // Whole and uncompressed, so that something can be added.
    const { 'if-modified-since': _since, 'if-none-match': _match, ...rest } = incoming.headers;
    const headers = isWorker ? { ...rest, 'accept-encoding': 'identity' } : incoming.headers;
    const onward = request({ hostname, port, method, path, headers }, (answer) => {
      const { 'content-length': _length, etag: _etag, ...changed } = answer.headers;
      outgoing.writeHead(answer.statusCode ?? 502, isWorker ? changed : answer.headers);
      answer.on('data', (chunk) => outgoing.write(chunk));
      answer.on('end', () => outgoing.end(isWorker ? `\n// version ${version}` : undefined));
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  server.on('upgrade', (incoming, socket, head) => {
    const onward = connect(Number(port), hostname, () => {
      const lines = incoming.rawHeaders.flatMap((text, at, all) =>
        at % 2 === 0 ? [`${text}: ${all[at + 1]}`] : [],
      );
      onward.write(`${incoming.method} ${incoming.url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
    onward.on('error', () => socket.destroy());
    socket.on('error', () => onward.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const address = server.address();
  const ownPort = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://localhost:${ownPort}`,
    release: (next) => {
      version = next;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
