// Load generator: sockets that write and read Yjs updates as a stock provider would, and the CPU time of the
// server process they talk to.
import { readFileSync } from 'node:fs';
import * as encoding from 'lib0/encoding';
import { WebSocket } from 'ws';
import * as Y from 'yjs';

const SYNC = 0;
const STEP_1 = 0;
const STEP_2 = 1;
const UPDATE = 2;

export type Server = { url: string; pid: number; token: string };

/** CPU time of a process so far, user and system, in ms. Linux only: read from /proc, 10 ms resolution. */
export function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

export function syncMessage(step: number, bytes: Uint8Array): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, SYNC);
  encoding.writeVarUint(encoder, step);
  encoding.writeVarUint8Array(encoder, bytes);
  return encoding.toUint8Array(encoder);
}

/** One socket in a room. Counts the updates it received; `synced` settles with the answer to its state vector. */
export class Peer {
  readonly socket: WebSocket;
  readonly opened: Promise<void>;
  readonly synced: Promise<void>;
  received = 0;
  receivedBytes = 0;
  onUpdate: () => void = () => undefined;

  constructor(server: Server, room: string) {
    this.socket = new WebSocket(`${server.url.replace('http', 'ws')}/sync/${room}?token=${server.token}`, {
      perMessageDeflate: false,
      maxPayload: 64 << 20,
    });
    this.opened = new Promise((done, fail) => {
      this.socket.once('open', () => done());
      this.socket.once('error', fail);
    });
    this.synced = new Promise((done, fail) => {
      this.socket.on('message', (data: Buffer) => {
        this.receivedBytes += data.length;
        if (data[0] !== SYNC) return;
        if (data[1] === STEP_2) done();
        if (data[1] !== UPDATE) return;
        this.received += 1;
        this.onUpdate();
        done();
      });
      this.socket.once('close', (code) => fail(new Error(`socket closed with ${code}`)));
    });
    this.synced.catch(() => undefined);
  }

  sendStateVector(vector: Uint8Array): void {
    this.socket.send(syncMessage(STEP_1, vector));
  }

  send(message: Uint8Array): void {
    this.socket.send(message);
  }

  close(): void {
    this.socket.removeAllListeners('close');
    this.socket.close();
  }
}

/** Updates of one writer, each an edit of one field, in order; made before the measurement starts. */
export function makeUpdates(count: number): Uint8Array[] {
  const doc = new Y.Doc();
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(syncMessage(UPDATE, update)));
  const rows = doc.getArray('rows');
  for (let i = 0; i < count; i++) rows.push([['r', 'status', `value ${i}`, i]]);
  doc.destroy();
  return updates;
}

/** Polls until `condition` holds; the whole bench fails after a minute of no progress. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`bench: ${what} did not happen within a minute`);
    await new Promise((done) => setTimeout(done, 2));
  }
}
