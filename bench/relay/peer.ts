// One socket of the load generator. All servers are spoken to in their own words, and each answers a joiner with a
// step 2: the relay and Hocuspocus as their clients know it, the raw broadcaster with the bytes it was given.

import { encodeMessage, MESSAGE_TYPE, offerSubprotocols, SYNC_STEP } from '@wedsync/shared';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { fail } from './wait.ts';

export type Dialect = 'relay' | 'raw' | 'hocuspocus';
export type Server = {
  readonly dialect: Dialect;
  readonly url: string;
  readonly pid: number;
  readonly token: string;
};

const SYNC = MESSAGE_TYPE.sync;
/** Hocuspocus: authentication is message type 2, a token its kind 0. */
const HOCUSPOCUS_AUTH = [2, 0] as const;
const NOTHING = Y.encodeStateVector(new Y.Doc());

function syncMessage(step: number, bytes: Uint8Array, room?: string): Uint8Array {
  const encoder = encoding.createEncoder();
  if (room !== undefined) encoding.writeVarString(encoder, room);
  encoding.writeVarUint(encoder, SYNC);
  encoding.writeVarUint(encoder, step);
  encoding.writeVarUint8Array(encoder, bytes);
  return encoding.toUint8Array(encoder);
}

function authMessage(room: string): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarString(encoder, room);
  for (const word of HOCUSPOCUS_AUTH) encoding.writeVarUint(encoder, word);
  encoding.writeVarString(encoder, 'bench');
  return encoding.toUint8Array(encoder);
}

/** The update inside a sync message whose two type bytes end at `at`. */
function updateOf(data: Buffer, at: number): Uint8Array {
  return decoding.readVarUint8Array(decoding.createDecoder(data.subarray(at)));
}

/** Called for each thing that a socket hears; `update` costs decoding, so it is a function. */
export type PeerEvents = {
  readonly onUpdate?: (update: () => Uint8Array) => void;
  readonly onStored?: (n: number) => void;
  readonly stateVector?: Uint8Array;
};

export class Peer {
  /** It hears what the room shares from here on; rejects when the socket closes before. */
  readonly joined: Promise<void>;
  /** Bytes of updates of others, frames without their heads. */
  updateBytes = 0;
  /** Bytes of the answer to its state vector. */
  joinBytes = 0;
  /** It was given a snapshot on the way in. */
  hasSnapshot = false;
  /** Set at any time; events of the constructor are where they begin. */
  onUpdate: PeerEvents['onUpdate'];
  onStored: PeerEvents['onStored'];
  readonly #socket: WebSocket;
  readonly #server: Server;
  readonly #room: string;
  #sent = 0;
  #isClosed = false;

  constructor(server: Server, room: string, events: PeerEvents = {}) {
    const isOurs = server.dialect === 'relay';
    this.#server = server;
    this.#room = room;
    this.onUpdate = events.onUpdate;
    this.onStored = events.onStored;
    const url = `${server.url.replace('http', 'ws')}/sync/${room}`;
    const options = { perMessageDeflate: false, maxPayload: 64 << 20 };
    this.#socket = new WebSocket(url, isOurs ? offerSubprotocols(server.token) : [], options);
    this.#socket.on('open', () => {
      if (server.dialect === 'hocuspocus') this.#socket.send(authMessage(room));
      this.#socket.send(syncMessage(SYNC_STEP.step1, events.stateVector ?? NOTHING, this.#prefix()));
    });
    this.joined = new Promise((done, refuse) => {
      this.#socket.on('message', (data: Buffer) => this.#receive(data, done));
      this.#socket.once('error', refuse);
      this.#socket.once('close', (code) => {
        const error = new Error(`bench: ${server.dialect} closed a socket with ${code}`);
        refuse(error);
        if (!this.#isClosed) fail(error);
      });
    });
    this.joined.catch(() => undefined);
  }

  #prefix(): string | undefined {
    return this.#server.dialect === 'hocuspocus' ? this.#room : undefined;
  }

  #receive(data: Buffer, onJoined: () => void): void {
    const at = this.#server.dialect === 'hocuspocus' ? 1 + (data[0] ?? 0) : 0;
    const type = data[at];
    const step = data[at + 1];
    if (type === SYNC && step === SYNC_STEP.update) {
      this.updateBytes += data.length;
      this.onUpdate?.(() => updateOf(data, at + 2));
    } else if (type === SYNC && step === SYNC_STEP.step2) {
      this.joinBytes += data.length;
      onJoined();
    } else if (type === MESSAGE_TYPE.stored && this.#server.dialect === 'relay') {
      this.onStored?.(decoding.readVarUint(decoding.createDecoder(data.subarray(1))));
    } else if (type === MESSAGE_TYPE.refused && this.#server.dialect === 'relay') {
      fail(new Error('bench: the relay refused an update'));
    } else if (type === MESSAGE_TYPE.snapshot && this.#server.dialect === 'relay') {
      this.joinBytes += data.length;
      this.hasSnapshot = true;
    }
  }

  /** Sends an update as a device does: numbered to the relay, which answers with a receipt. */
  send(update: Uint8Array, step: 'update' | 'step2' = 'update'): number {
    this.#sent += 1;
    this.#socket.send(
      this.#server.dialect === 'relay'
        ? encodeMessage({ type: 'send', n: this.#sent, step, update })
        : syncMessage(SYNC_STEP[step], update, this.#prefix()),
    );
    return this.#sent;
  }

  close(): void {
    this.#isClosed = true;
    this.#socket.terminate();
  }
}

/** Sockets joined one group after the other: no server has to admit thousands at once. */
export async function joinAll<T>(items: readonly T[], join: (item: T) => Peer): Promise<Peer[]> {
  const peers: Peer[] = [];
  for (let from = 0; from < items.length; from += 50) {
    const group = items.slice(from, from + 50).map(join);
    await Promise.all(group.map((peer) => peer.joined));
    peers.push(...group);
  }
  return peers;
}

/** Joins, retrying while a server says that it is not ready. */
export function joinMany(server: Server, room: string, count: number): Promise<Peer[]> {
  return joinAll(Array.from({ length: count }), () => new Peer(server, room));
}
