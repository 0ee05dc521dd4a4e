// A device that writes as fast as it is receipted, until its socket ends: for tests that end relays and databases.
import * as Y from 'yjs';
import { createDevice, join, type TestDevice } from './device.ts';
import type { RunningRelay } from './relay.ts';

/** Updates that a writer has under way at once. */
const WINDOW = 8;

export interface Writer {
  readonly name: string;
  readonly documentId: string;
  readonly device: TestDevice;
  readonly acknowledged: Set<string>;
  count: number;
}

/** Joins, sends what the relay lacks, then writes until the socket dies. Resolves with the close code. */
export async function writeUntilClosed(
  relay: Pick<RunningRelay, 'syncUrl'>,
  token: string,
  writer: Writer,
): Promise<number> {
  const { device, acknowledged } = writer;
  const { socket, relayVector } = await join(relay.syncUrl, token, writer.documentId, device);
  // Everything that was written so far stands behind number 1: the device's whole difference.
  const sent: string[][] = [
    device
      .values()
      .filter((value) => String(value).startsWith(`${writer.name}-`))
      .map(String),
  ];
  socket.send({ type: 'send', n: 1, step: 'step2', update: Y.encodeStateAsUpdate(device.doc, relayVector) });
  let stored = 0;
  const fill = () => {
    while (sent.length - stored < WINDOW && socket.ws.readyState === socket.ws.OPEN) {
      writer.count += 1;
      const value = `${writer.name}-${writer.count}`;
      socket.send({ type: 'send', n: sent.push([value]), step: 'update', update: device.add(value) });
    }
  };
  socket.ws.on('message', () => {
    for (const message of socket.messages.splice(0)) {
      if (message.type === 'sync-update') Y.applyUpdate(device.doc, message.update, 'relay');
      if (message.type === 'refused') throw new Error(`refused: ${message.code} ${message.detail}`);
      if (message.type !== 'stored') continue;
      for (const values of sent.slice(stored, message.n)) for (const value of values) acknowledged.add(value);
      stored = message.n;
    }
    fill();
  });
  fill();
  return await socket.closed;
}

export function createWriter(name: string, documentId: string): Writer {
  return { name, documentId, device: createDevice(), acknowledged: new Set(), count: 0 };
}
