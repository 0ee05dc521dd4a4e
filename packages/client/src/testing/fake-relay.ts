// A relay in memory for the engine's tests: the wire of docs/wire.md with a Y.Doc behind it, and the faults that a
// real one has (withheld receipts, refusals, lost sockets, another lineage). It stores at once unless told otherwise.
import { decodeMessage, encodeMessage, type Hello, type WireMessage } from '@wedsync/shared';
import * as Y from 'yjs';
import type { OpenSocket, SocketHandlers } from '../transport/socket.ts';
import { createPipe, type Delay, NO_DELAY } from './seeded-delays.ts';

type FakeSession = {
  readonly documentId: string;
  readonly handlers: SocketHandlers;
  /** Both ways in order, as on a socket. */
  readonly toClient: (work: () => void) => void;
  readonly toRelay: (work: () => void) => void;
  isOpen: boolean;
  waiting: number;
};

export type FakeRelay = {
  readonly openSocket: OpenSocket;
  /** What the relay holds of a document. */
  doc(documentId: string): Y.Doc;
  /** Open sockets of a document (of all without one). */
  sockets(documentId?: string): number;
  /** How many sockets have been opened in all. */
  readonly opened: number;
  /** True: nothing is confirmed until `release`. */
  holdsReceipts: boolean;
  release(): void;
  /** No socket gets through. */
  isDown: boolean;
  access: Hello['access'];
  lineage: string;
  serverTime: () => number;
  /** The code to refuse an update with, or undefined to take it. */
  refuse: (update: Uint8Array, documentId: string) => { code: number; retryable: boolean } | undefined;
  /** What other devices' updates did: for a peer's edit use `write`. */
  write(documentId: string, work: (doc: Y.Doc) => void): void;
  /** Closes all sockets (of a document) with a code. */
  closeAll(code: number, documentId?: string): void;
  /** Forgets a document: a new one under a new lineage takes its place. */
  replace(documentId: string, doc: Y.Doc, lineage: string): void;
};

export function createFakeRelay(
  createDoc: (documentId: string) => Y.Doc = () => new Y.Doc(),
  delay?: Delay,
): FakeRelay {
  const docs = new Map<string, Y.Doc>();
  const sessions = new Set<FakeSession>();
  let opened = 0;

  const docOf = (documentId: string): Y.Doc => {
    const known = docs.get(documentId) ?? createDoc(documentId);
    docs.set(documentId, known);
    return known;
  };
  const say = (session: FakeSession, message: WireMessage): void => {
    const bytes = encodeMessage(message);
    session.toClient(() => session.isOpen && session.handlers.onMessage(bytes));
  };
  const fanOut = (documentId: string, update: Uint8Array, author?: FakeSession): void => {
    for (const session of sessions)
      if (session !== author && session.documentId === documentId)
        say(session, { type: 'sync-update', update });
  };
  const stored = (session: FakeSession): void => {
    if (session.waiting > 0) say(session, { type: 'stored', n: session.waiting });
    session.waiting = 0;
  };
  const close = (session: FakeSession, code: number): void => {
    if (!session.isOpen) return;
    session.isOpen = false;
    sessions.delete(session);
    session.handlers.onClose(code);
  };

  function onMessage(session: FakeSession, bytes: Uint8Array): void {
    const decoded = decodeMessage(bytes);
    if (!decoded.ok) {
      close(session, 4400);
      return;
    }
    const { message } = decoded;
    const doc = docOf(session.documentId);
    if (message.type === 'sync-step1') {
      say(session, { type: 'sync-step2', update: Y.encodeStateAsUpdate(doc, message.stateVector) });
    } else if (message.type === 'ping') {
      say(session, { type: 'pong', t: message.t, serverTimeMs: relay.serverTime() });
    } else if (message.type === 'awareness') {
      for (const other of sessions)
        if (other !== session && other.documentId === session.documentId)
          say(other, { type: 'awareness', update: message.update });
    } else if (message.type === 'send') onSend(session, message);
  }

  function onSend(session: FakeSession, { n, update }: Extract<WireMessage, { type: 'send' }>): void {
    const refusal =
      relay.refuse(update, session.documentId) ??
      (relay.access === 'read' ? { code: 4403, retryable: false } : undefined);
    if (refusal !== undefined) {
      say(session, { type: 'refused', n, ...refusal, detail: '' });
      return;
    }
    const doc = docOf(session.documentId);
    if (leavesGap(doc, update)) {
      say(session, { type: 'refused', n, code: 4423, retryable: true, detail: '' });
      return;
    }
    Y.applyUpdate(doc, update);
    fanOut(session.documentId, update, session);
    session.waiting = n;
    if (!relay.holdsReceipts) stored(session);
  }

  const relay: FakeRelay = {
    openSocket(url, protocols, handlers) {
      const session: FakeSession = {
        documentId: url.slice(url.lastIndexOf('/') + 1),
        handlers,
        toClient: createPipe(delay ?? NO_DELAY),
        // Without delays a message is there at once: tests may count on what the relay holds.
        toRelay: delay === undefined ? (work) => work() : createPipe(delay),
        isOpen: true,
        waiting: 0,
      };
      opened += 1;
      sessions.add(session);
      session.toClient(() => {
        if (!session.isOpen) return;
        if (relay.isDown) {
          close(session, 1006);
          return;
        }
        handlers.onOpen(protocols[0] ?? '');
        const hello: Hello = {
          protocol: 1,
          format: 1,
          lineage: relay.lineage,
          serverTime: relay.serverTime(),
          access: relay.access,
          session: String(opened),
          limits: { frameBytes: 4_194_304, documentBytes: 67_108_864 },
          head: 0,
        };
        say(session, { type: 'hello', hello });
        say(session, { type: 'sync-step1', stateVector: Y.encodeStateVector(docOf(session.documentId)) });
      });
      return {
        send(bytes) {
          const sent = bytes.slice();
          session.toRelay(() => session.isOpen && onMessage(session, sent));
        },
        close() {
          session.isOpen = false;
          sessions.delete(session);
        },
      };
    },
    doc: docOf,
    sockets: (documentId) =>
      [...sessions].filter((session) => documentId === undefined || session.documentId === documentId).length,
    get opened() {
      return opened;
    },
    holdsReceipts: false,
    release() {
      relay.holdsReceipts = false;
      for (const session of sessions) stored(session);
    },
    isDown: false,
    access: 'write',
    lineage: 'first',
    serverTime: () => Date.now(),
    refuse: () => undefined,
    write(documentId, work) {
      const doc = docOf(documentId);
      const before = Y.encodeStateVector(doc);
      work(doc);
      fanOut(documentId, Y.encodeStateAsUpdate(doc, before));
    },
    closeAll(code, documentId) {
      for (const session of [...sessions])
        if (documentId === undefined || session.documentId === documentId) close(session, code);
    },
    replace(documentId, doc, lineage) {
      docs.set(documentId, doc);
      relay.lineage = lineage;
    },
  };
  return relay;
}

function leavesGap(doc: Y.Doc, update: Uint8Array): boolean {
  const probe = new Y.Doc();
  Y.applyUpdate(probe, Y.encodeStateAsUpdate(doc));
  Y.applyUpdate(probe, update);
  return probe.store.pendingStructs !== null || probe.store.pendingDs !== null;
}
