// One device of the simulation: a document, what it knows to be stored, and a line to a relay now and then.
import { gunzipSync } from 'node:zlib';
import { decodeMessage, encodeMessage, hlcFromMs, type WireMessage } from '@wedsync/shared';
import type { Random } from '@wedsync/shared/testing';
import * as Y from 'yjs';
import type { Line } from './sim-relay.ts';

export interface SimDevice {
  readonly name: string;
  readonly doc: Y.Doc;
  line: Line | undefined;
  /** The lineage that its document is of; undefined before it was online. */
  readonly lineage: string | undefined;
  /** Every value that it ever wrote, or deleted, whoever wrote it. */
  readonly written: ReadonlySet<string>;
  readonly deleted: ReadonlySet<string>;
  /** Yjs client id → clock that the relay called stored, in this lineage. */
  readonly receipted: ReadonlyMap<number, number>;
  /** Values that the relay called stored since this was last asked, in any lineage. */
  takeConfirmed(): string[];
  /** An answer to its state vector is on its way. */
  readonly isWaiting: boolean;
  /** Updates sent on this line that have no receipt yet. */
  readonly unanswered: number;
  edit(): void;
  connect(line: Line): void;
  /** Takes the next message, or the end of the line when there is none left. */
  deliverDown(): void;
  disconnect(): void;
  /** As disconnect, but the relay does not hear of it: the line that comes back is still open at the other end. */
  lose(): Line | undefined;
  /** Ends the app and starts it again: what it wrote is there, under a new Yjs client id. */
  restart(): void;
}

type Entry = readonly [id: string, field: string, value: string, hlc: number, actor: number];
/** What it wrote and has no receipt for, in order: what it appends again under another lineage. */
type Pending = { readonly edit: number; readonly shard: string; readonly entry: Entry };

const SHARDS = 3;
const FROM_RELAY = 'relay';

export function createSimDevice(name: string, now: () => number, random: Random): SimDevice {
  let doc = open();
  const receipted = new Map<number, number>();
  let sent = 0;
  let stored = 0;
  let clockAt = new Map<number, number>();
  let isWaiting = false;
  let isSynced = false;
  let parts: Uint8Array[] = [];
  let edits = 0;
  let lineage: string | undefined;
  let pending: Pending[] = [];
  let editAt = new Map<number, number>();
  let confirmed: string[] = [];
  const written = new Set<string>();
  const deleted = new Set<string>();

  function open(from?: Uint8Array): Y.Doc {
    const opened = new Y.Doc();
    opened.clientID = 1 + random.int(2 ** 31 - 2);
    for (let shard = 0; shard < SHARDS; shard += 1) opened.getArray(`s${shard}`);
    if (from !== undefined) Y.applyUpdate(opened, from, FROM_RELAY);
    opened.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== FROM_RELAY && isSynced) sendUpdate('update', update);
    });
    return opened;
  }

  const send = (message: WireMessage) => device.line?.up.push(encodeMessage(message));

  function sendUpdate(step: 'step2' | 'update', update: Uint8Array): void {
    sent += 1;
    clockAt.set(sent, Y.getState(doc.store, doc.clientID));
    editAt.set(sent, edits);
    send({ type: 'send', n: sent, step, update });
  }

  /** A new document, with what was not stored under the old lineage (DOCUMENT rule 19). */
  function rebase(): void {
    doc.destroy();
    doc = open();
    receipted.clear();
    for (const { shard, entry } of pending) doc.getArray<Entry>(shard).push([entry]);
  }

  function receive(message: WireMessage): void {
    if (message.type === 'hello') {
      const isOther = lineage !== undefined && lineage !== message.hello.lineage;
      lineage = message.hello.lineage;
      if (isOther) rebase();
    } else if (message.type === 'sync-step1') {
      if (!isWaiting && !isSynced) {
        isWaiting = true;
        send({ type: 'sync-step1', stateVector: Y.encodeStateVector(doc) });
      }
      isSynced = true;
      sendUpdate('step2', Y.encodeStateAsUpdate(doc, message.stateVector));
    } else if (message.type === 'snapshot') {
      parts.push(message.bytes);
      if (parts.length < message.parts) return;
      const whole = Buffer.concat(parts);
      parts = [];
      Y.applyUpdate(doc, message.encoding === 'gzip' ? gunzipSync(whole) : whole, FROM_RELAY);
    } else if (message.type === 'sync-step2' || message.type === 'sync-update') {
      if (message.type === 'sync-step2') isWaiting = false;
      Y.applyUpdate(doc, message.update, FROM_RELAY);
    } else if (message.type === 'stored') {
      stored = message.n;
      const covered = editAt.get(stored) ?? 0;
      for (const { edit, entry } of pending) if (edit <= covered) confirmed.push(entry[2]);
      pending = pending.filter(({ edit }) => edit > covered);
      const clock = clockAt.get(message.n) ?? 0;
      receipted.set(doc.clientID, Math.max(clock, receipted.get(doc.clientID) ?? 0));
    } else if (message.type === 'refused') {
      if (!message.retryable) throw new Error(`${name}: an honest edit was refused: ${message.detail}`);
      // A gap is followed by a resync; everything else is tried again over a new line.
      if (message.detail !== 'state-vector') device.disconnect();
    }
  }

  const device: SimDevice = {
    name,
    get doc() {
      return doc;
    },
    line: undefined,
    receipted,
    written,
    deleted,
    get lineage() {
      return lineage;
    },
    get isWaiting() {
      return isWaiting;
    },
    get unanswered() {
      return sent - stored;
    },
    edit() {
      const shardName = `s${random.int(SHARDS)}`;
      const shard = doc.getArray<Entry>(shardName);
      edits += 1;
      doc.transact(() => {
        if (shard.length > 0 && random.chance(0.6)) {
          const at = random.int(shard.length);
          deleted.add(shard.get(at)[2]);
          shard.delete(at, 1);
        }
        const value = `${name} ${edits}`;
        const entry: Entry = [`r${random.int(5)}`, 'venue', value, hlcFromMs(now()) + edits, 1];
        written.add(value);
        pending.push({ edit: edits, shard: shardName, entry });
        shard.push([entry]);
      });
    },
    connect(line) {
      device.line = line;
      sent = 0;
      stored = 0;
      clockAt = new Map();
      editAt = new Map();
      isWaiting = false;
      isSynced = false;
      parts = [];
    },
    deliverDown() {
      const { line } = device;
      if (line === undefined) return;
      const bytes = line.down.shift();
      if (bytes === undefined) {
        if (line.closeCode !== undefined) device.disconnect();
        return;
      }
      const decoded = decodeMessage(bytes);
      if (!decoded.ok) throw new Error(`the relay sent what cannot be read: ${decoded.code}`);
      receive(decoded.message);
    },
    takeConfirmed() {
      const taken = confirmed;
      confirmed = [];
      return taken;
    },
    disconnect() {
      device.lose()?.cut();
    },
    lose() {
      const { line } = device;
      device.line = undefined;
      isWaiting = false;
      isSynced = false;
      return line;
    },
    restart() {
      device.disconnect();
      const bytes = Y.encodeStateAsUpdate(doc);
      doc.destroy();
      doc = open(bytes);
    },
  };
  return device;
}
