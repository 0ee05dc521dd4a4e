// One socket that speaks: handshake, numbered sends and their receipts, snapshot parts. Dies with its socket.
//
//   relay                     this end
//   hello, sync step 1  ───▶  chooses the document's end, sends its own step 1
//   snapshot*, step 2   ───▶  applies them: synced
//                       ◀───  send 1 {what the relay lacks}: answered; from now on edits follow one by one
//   stored n, refused n ───▶  receipts back to journal keys
import {
  CLOSE,
  decodeMessage,
  encodeMessage,
  type Hello,
  type RefusedMessage,
  type WireEvent,
  type WireMessage,
} from '@wedsync/shared';
import { ABNORMAL_CLOSE } from './close-decision.ts';
import { createSnapshotReader } from './snapshot-reader.ts';

/** One message with an update; `keys` are the journal entries that a receipt for it confirms. */
export type Outgoing = { readonly update: Uint8Array; readonly keys: readonly string[] };

/** The document's end of one socket. */
export type LinkTarget = {
  /** State vector of everything in this tab's document. */
  stateVector(): Uint8Array;
  /**
   * What the relay lacks, given its state vector: one bulk message, or each edit on its own after a refusal.
   * Everything in it must be on this device's disk already (or known to stay in memory). Undefined when nothing can
   * be said yet; asked again after the relay's answer.
   */
  answer(relayStateVector: Uint8Array): Promise<Answer | undefined>;
  /** Throws when the bytes cannot be applied; the link then reconnects. */
  receive(update: Uint8Array, part: 'snapshot' | 'answer' | 'update'): void;
};

export type Answer = { readonly step: 'step2' | 'update'; readonly messages: readonly Outgoing[] };
export type Refusal = { readonly keys: readonly string[]; readonly code: number; readonly detail: string };

export type LineEvents = {
  /** The end that this socket serves, chosen after the relay's hello (absent: a stock server). */
  readonly target: (hello: Hello | undefined) => LinkTarget;
  /** The relay's answer is applied and ours is sent. Called once. */
  readonly onLive: (hello: Hello | undefined) => void;
  readonly onSent: (keys: readonly string[]) => void;
  readonly onStored: (keys: readonly string[]) => void;
  readonly onRefused: (refusal: Refusal) => void;
  readonly onAwareness: (update: Uint8Array) => void;
  /** The relay or a new socket asks who is here. */
  readonly onAwarenessQuery: () => void;
  readonly onEvent: (event: WireEvent) => void;
  /** `sentAt` is what the ping carried; undefined for the time in the relay's hello, which answers the connection. */
  readonly onServerTime: (serverTime: number, sentAt: number | undefined) => void;
  /** This socket is of no use any more. */
  readonly onBroken: (code: number) => void;
};

export type Line = {
  readonly isStock: boolean;
  /** Takes one message of the socket; they are handled one after the other, unpacking a snapshot takes time. */
  receive(bytes: Uint8Array): void;
  /** Ignored before the handshake is answered: the answer will carry it. */
  send(outgoing: Outgoing): void;
  sendAwareness(update: Uint8Array): void;
  sendToken(token: string): void;
  ping(t: number): void;
  /** Sends once more everything that the relay lacked at the handshake, e.g. what another tab left behind. */
  offer(): void;
  /** Asks once more for what this document lacks. */
  resync(): void;
  /** Nothing is handled or sent any more. */
  close(): void;
};

/** After this many gap refusals on one socket a new handshake is cheaper than another try. */
const MOST_GAPS = 2;

export function createLine(write: (bytes: Uint8Array) => void, events: LineEvents): Line {
  let target: LinkTarget | undefined;
  let hello: Hello | undefined;
  let relayStateVector: Uint8Array | undefined;
  let snapshot: ReturnType<typeof createSnapshotReader> | undefined;
  let isStock = false;
  let isAnswered = false;
  let isSynced = false;
  let isLive = false;
  let isClosed = false;
  let gaps = 0;
  let nextN = 1;
  const receipts = new Map<number, readonly string[]>();
  let work: Promise<void> = Promise.resolve();

  const say = (message: WireMessage): void => {
    if (!isClosed) write(encodeMessage(message));
  };

  async function handle(bytes: Uint8Array): Promise<void> {
    if (isClosed) return;
    const decoded = decodeMessage(bytes);
    if (!decoded.ok) {
      // A later protocol may send what this one does not know; bytes that lie cannot be trusted any further.
      if (decoded.code !== 'unknown-type') events.onBroken(ABNORMAL_CLOSE);
      return;
    }
    const { message } = decoded;
    if (target === undefined && message.type !== 'hello') begin(undefined);
    switch (message.type) {
      case 'hello':
        events.onServerTime(message.hello.serverTime, undefined);
        begin(message.hello);
        break;
      case 'sync-step1':
        relayStateVector = message.stateVector.slice();
        await answer();
        break;
      case 'sync-step2':
        target?.receive(message.update, 'answer');
        isSynced = true;
        if (!isAnswered && !isClosed) await answer();
        break;
      case 'sync-update':
        target?.receive(message.update, 'update');
        break;
      case 'snapshot': {
        snapshot ??= createSnapshotReader(hello?.limits.documentBytes);
        const update = await snapshot.add(message);
        if (update !== undefined && !isClosed) target?.receive(update, 'snapshot');
        break;
      }
      case 'awareness':
        events.onAwareness(message.update);
        break;
      case 'query-awareness':
        events.onAwarenessQuery();
        break;
      case 'stored':
        events.onStored(takeReceipts(message.n));
        break;
      case 'refused':
        await onRefused(message);
        break;
      case 'event':
        events.onEvent(message.event);
        break;
      case 'pong':
        events.onServerTime(message.serverTimeMs, message.t);
        break;
      case 'auth-denied':
        events.onBroken(CLOSE.unauthorized);
        break;
      case 'send':
      case 'token':
      case 'ping':
        // Only ever sent in the other direction.
        break;
    }
    settle();
  }

  function begin(said: Hello | undefined): void {
    hello = said;
    isStock = said === undefined;
    target = events.target(said);
    say({ type: 'sync-step1', stateVector: target.stateVector() });
  }

  /** Live once the relay's answer is in and ours is out; a stock server may never ask for ours. */
  function settle(): void {
    if (isLive || isClosed || !isSynced || !(isAnswered || isStock)) return;
    isLive = true;
    events.onLive(hello);
    events.onAwarenessQuery();
  }

  async function answer(): Promise<void> {
    if (relayStateVector === undefined || target === undefined) return;
    const given = await target.answer(relayStateVector);
    if (given === undefined || isClosed) return;
    for (const message of given.messages) transmit(message, given.step);
    isAnswered = true;
  }

  function transmit({ update, keys }: Outgoing, step: 'step2' | 'update'): void {
    if (isStock) say({ type: step === 'step2' ? 'sync-step2' : 'sync-update', update });
    else {
      receipts.set(nextN, keys);
      say({ type: 'send', n: nextN, step, update });
      nextN += 1;
    }
    if (keys.length > 0) events.onSent(keys);
  }

  function takeReceipts(upTo: number): string[] {
    const keys: string[] = [];
    for (const [n, covered] of receipts) {
      if (n > upTo) continue;
      keys.push(...covered);
      receipts.delete(n);
    }
    return keys;
  }

  async function onRefused({ n, code, retryable, detail }: RefusedMessage): Promise<void> {
    const keys = receipts.get(n) ?? [];
    receipts.delete(n);
    if (!retryable) {
      events.onRefused({ keys, code, detail });
      return;
    }
    gaps += 1;
    // A gap is closed by sending once more everything since the handshake; other causes by coming back later.
    if (code === CLOSE.gap && gaps <= MOST_GAPS) await answer();
    else events.onBroken(code);
  }

  return {
    get isStock() {
      return isStock;
    },
    receive(bytes) {
      work = work
        .then(() => handle(bytes))
        .catch(() => (isClosed ? undefined : events.onBroken(ABNORMAL_CLOSE)));
    },
    send(outgoing) {
      if (isAnswered && !isClosed) transmit(outgoing, 'update');
    },
    sendAwareness(update) {
      if (isSynced) say({ type: 'awareness', update });
    },
    sendToken(token) {
      if (hello !== undefined) say({ type: 'token', token });
    },
    ping(t) {
      if (hello !== undefined) say({ type: 'ping', t });
    },
    offer() {
      if (!isAnswered || isClosed) return;
      work = work.then(answer).catch(() => (isClosed ? undefined : events.onBroken(ABNORMAL_CLOSE)));
    },
    resync() {
      if (target !== undefined) say({ type: 'sync-step1', stateVector: target.stateVector() });
    },
    close() {
      isClosed = true;
    },
  };
}
