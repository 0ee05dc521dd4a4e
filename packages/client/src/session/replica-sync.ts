// A document and the relay: the leading tab connects, answers, receives, confirms, and rebases when the relay
// refuses for good or shows another lineage (DOCUMENT rule 19). The other tabs follow what the leader says.
import {
  CLOSE,
  createSubscribable,
  FORMAT,
  type Hello,
  type Subscribable,
  type WireEvent,
} from '@wedsync/shared';
import * as Y from 'yjs';
import type { SetAsideEntry } from '../persistence/document-database.ts';
import { closeReason } from '../transport/close-decision.ts';
import type { Answer, LinkTarget, Outgoing, Refusal } from '../transport/line.ts';
import { createLink, type LinkOptions } from '../transport/link.ts';
import { hasGap } from './load.ts';
import { RELAY } from './origin.ts';
import type { PendingEdit } from './pending.ts';
import type { LeaderMessage, Replica } from './replica.ts';
import type { ConnectionView } from './tabs.ts';

export type ReplicaSyncOptions = Pick<
  LinkOptions,
  | 'url'
  | 'openSocket'
  | 'signals'
  | 'now'
  | 'random'
  | 'token'
  | 'onServerTime'
  | 'onAwareness'
  | 'onAwarenessQuery'
> & {
  readonly replica: Replica;
  readonly onEvent: (event: WireEvent) => void;
};

export type ReplicaSync = {
  readonly connection: Subscribable<ConnectionView>;
  /** Wants a connection from now on (the leading tab makes it); `rest` lets go of it. */
  connect(): void;
  rest(): void;
  /** For the owner to pass on: edits that may leave, messages of other tabs, a reloaded document. */
  onReady(update: Uint8Array, keys: readonly string[]): void;
  onLeaderMessage(message: LeaderMessage): void;
  onReloaded(): void;
  sendAwareness(update: Uint8Array): void;
  retryNow(): void;
  tokenChanged(): void;
  close(): void;
};

/** A bulk refusal takes two: one to learn that, one to leave the culprit out. */
const MOST_FRESH_STARTS = 4;
/** How often a tab looks on the disk: the leader for edits that another tab has left, the others for receipts. */
const LOOK_EVERY_MS = 15_000;
const EMPTY_STATE_VECTOR = new Uint8Array([0]);

/** Starts nothing before `connect`. */
export function createReplicaSync(options: ReplicaSyncOptions): ReplicaSync {
  const { replica } = options;
  const { tabs, marks, pending } = replica;
  const connection = createSubscribable<ConnectionView>({ state: { state: 'idle' }, access: 'write' });
  let isWanted = false;
  let isClosed = false;
  /** Journal keys of edits that the relay refuses for good, with the code's name. */
  const refused = new Map<string, string>();
  /** After a refusal of several edits at once each one is sent alone, so that the relay can tell which one it is. */
  let sendsSingly = false;
  /** Fresh starts in a row without a receipt in between. */
  let freshStarts = 0;

  const link = createLink({
    ...options,
    target: (hello) => (needsRebase(hello) ? rebaseTarget(hello) : mergeTarget(hello)),
    onState: (state) => tell({ state }),
    onLive,
    onSent: replica.markSent,
    onStored: (keys) => {
      if (keys.length === 0) return;
      freshStarts = 0;
      replica.markStored(keys, replica.now());
    },
    onRefused,
    onRebaseNeeded: (code) => requireRebase(closeReason(code)),
    onEvent,
  });

  // ── the usual case: both sides merge ───────────────────────────────────────────────────────────────────────

  function mergeTarget(hello: Hello | undefined): LinkTarget {
    // Before anything of it is taken: a first fetch that breaks off must not be gone on with under another lineage.
    if (hello !== undefined && marks.value.lineage === undefined)
      replica.putMarks({ lineage: hello.lineage });
    return {
      stateVector: () => Y.encodeStateVector(replica.doc),
      answer,
      receive(update, part) {
        replica.applyRelayed(update);
        if (!hasGap(replica.doc)) return;
        // The relay has what is missing; should its whole answer not fill the hole, only a fresh start will.
        if (part === 'answer') startOver('gap');
        else if (part === 'update') link.resync();
      },
    };
  }

  async function answer(relayStateVector: Uint8Array): Promise<Answer | undefined> {
    // Nothing leaves before it is on disk: after a crash the same clocks would be used twice.
    const isUnsaved = (): boolean =>
      pending.all().some(({ isSaved, isOwn }) => isOwn && !isSaved) && replica.fault.value === undefined;
    await replica.flush();
    while (!isClosed && isUnsaved()) {
      // Made meanwhile. A task in between: whatever holds it up, the page goes on.
      await new Promise((done) => setTimeout(done));
      await replica.flush();
    }
    if (hasGap(replica.doc)) return undefined;
    const edits = pending.all();
    const single = sendsSingly ? toSingleMessages(edits) : [];
    if (single.length > 0) return { step: 'update', messages: single };
    const update = Y.encodeStateAsUpdate(replica.doc, relayStateVector);
    // An update that holds nothing new is still an answer: its receipt confirms what the relay had got before.
    const isNeeded = edits.length > 0 || !covers(relayStateVector, replica.doc);
    const messages = isNeeded ? [{ update, keys: edits.map(({ entry }) => entry.key) }] : [];
    return { step: 'step2', messages };
  }

  /** Each edit alone; those that the relay's state contains already are confirmed with the last one. */
  function toSingleMessages(edits: readonly PendingEdit[]): Outgoing[] {
    const messages: Outgoing[] = [];
    const contained: string[] = [];
    for (const { entry, update } of edits) {
      if (update === undefined) contained.push(entry.key);
      else messages.push({ update, keys: [entry.key] });
    }
    const last = messages.pop();
    return last === undefined ? [] : [...messages, { ...last, keys: [...last.keys, ...contained] }];
  }

  function onLive(hello: Hello | undefined): void {
    const { lineage, fetchedAt } = marks.value;
    if (fetchedAt === undefined || lineage !== hello?.lineage) {
      replica.putMarks({ fetchedAt: fetchedAt ?? replica.now(), ...(hello && { lineage: hello.lineage }) });
    }
    if (pending.size === 0) {
      sendsSingly = false;
      freshStarts = 0;
      if (hello !== undefined) replica.markStored([], replica.now());
    }
    setAccess(hello?.access ?? 'write', hello?.format);
  }

  // ── refusals and rebase ────────────────────────────────────────────────────────────────────────────────────

  const needsRebase = (hello: Hello | undefined): boolean =>
    hello !== undefined &&
    (marks.value.mustRebase !== undefined ||
      (marks.value.lineage !== undefined && marks.value.lineage !== hello.lineage) ||
      (hello.access === 'read' && pending.size > 0));

  /** Collects the relay's state in a new document; the socket's part ends when that is complete. */
  function rebaseTarget(hello: Hello | undefined): LinkTarget {
    const fresh = replica.createDoc();
    const isReadOnly = hello?.access === 'read';
    let isComplete = false;
    return {
      stateVector: () => EMPTY_STATE_VECTOR,
      answer: async () => undefined,
      receive(update, part) {
        // What comes later is fetched by the next connection, when the new document is on disk.
        if (isComplete) return;
        Y.applyUpdate(fresh, update, RELAY);
        isComplete = part === 'answer';
        if (isComplete) void finishRebase(fresh, isReadOnly, hello?.lineage);
      },
    };
  }

  async function finishRebase(fresh: Y.Doc, isReadOnly: boolean, lineage: string | undefined): Promise<void> {
    const isDone = await replica.rebase({
      doc: fresh,
      marks: { mustRebase: undefined, fetchedAt: replica.now(), ...(lineage !== undefined && { lineage }) },
      reasonAgainst: ({ key }) => refused.get(key) ?? (isReadOnly ? 'forbidden' : undefined),
    });
    if (isClosed || !isWanted || !tabs.isLeader.value) return;
    if (isDone) refused.clear();
    connectAgain(isDone);
  }

  /** At once the first few times; a relay or a disk that keeps refusing is backed off like any other failure. */
  function connectAgain(isDone: boolean): void {
    freshStarts += 1;
    if (isDone && freshStarts <= MOST_FRESH_STARTS) link.restart();
    else link.fail();
  }

  function requireRebase(reason: string): void {
    if (marks.value.mustRebase === undefined) replica.putMarks({ mustRebase: reason });
  }

  function startOver(reason: string): void {
    requireRebase(reason);
    connectAgain(true);
  }

  function onRefused({ keys, code }: Refusal): void {
    const reason = closeReason(code);
    if (code === CLOSE.forbidden) {
      for (const { entry } of pending.all()) refused.set(entry.key, reason);
    } else if (keys.length === 1 || sendsSingly) {
      // The first key is the edit itself; others only ride along.
      for (const key of keys.slice(0, 1)) refused.set(key, reason);
    } else sendsSingly = true;
    startOver(reason);
  }

  /** Without the right to read there is no state to rebase on: the edits are set aside as they are. */
  function loseRights(): void {
    const entries = pending.all().map(({ entry }): SetAsideEntry => ({ ...entry, reason: 'forbidden' }));
    requireRebase('forbidden');
    if (entries.length > 0) replica.setEntriesAside(entries);
  }

  function onEvent(event: WireEvent): void {
    if (event.type === 'access-changed' && (event.access === 'read' || event.access === 'write')) {
      setAccess(event.access, undefined);
      if (event.access === 'read' && pending.size > 0) startOver('forbidden');
    } else if (event.type === 'lineage-changed') startOver('lineage-changed');
    options.onEvent(event);
  }

  // ── leading and following ──────────────────────────────────────────────────────────────────────────────────

  function tell(change: Partial<ConnectionView>): void {
    if (isClosed) return;
    const view = { ...connection.value, ...change };
    if (view.state.state === 'closed' && view.state.code === CLOSE.forbidden) loseRights();
    connection.set(view);
    if (tabs.isLeader.value) replica.post({ type: 'connection', view });
  }

  function setAccess(access: 'read' | 'write', format: number | undefined): void {
    const needsUpdate = format === undefined ? connection.value.needsUpdate : format > FORMAT;
    if (access !== connection.value.access || needsUpdate !== connection.value.needsUpdate)
      tell({ access, needsUpdate });
  }

  /** What other tabs wrote comes first: this tab is about to speak for all of them. */
  async function lead(): Promise<void> {
    await replica.catchUp().catch(() => undefined);
    if (isWanted && !isClosed && tabs.isLeader.value) link.start();
  }

  /** Messages may have been missed: a page slept, or a tab was killed between its commit and its message. */
  async function lookAround(): Promise<void> {
    if (!replica.isLoaded.value || isClosed) return;
    await replica.catchUp().catch(() => undefined);
    const isForgotten = pending.all().some(({ isSaved, isSent }) => isSaved && !isSent);
    if (isForgotten && tabs.isLeader.value) link.offer();
  }

  function update(): void {
    if (isWanted && tabs.isLeader.value && replica.isLoaded.value) void lead();
    else link.stop();
  }

  const ends = [
    tabs.isLeader.subscribe((isLeader) => {
      update();
      if (!isLeader) replica.post({ type: 'connection?' });
    }),
    replica.isLoaded.subscribe(() => {
      update();
      if (!tabs.isLeader.value) replica.post({ type: 'connection?' });
    }),
    options.signals.subscribe((signal) => {
      if (signal === 'visible' || signal === 'resume') void lookAround();
    }),
  ];
  const lookTimer = setInterval(() => {
    if (tabs.isLeader.value || pending.size > 0) void lookAround();
  }, LOOK_EVERY_MS);

  return {
    connection,
    connect() {
      isWanted = true;
      update();
    },
    rest() {
      isWanted = false;
      update();
    },
    onReady: (bytes, keys) => {
      if (tabs.isLeader.value) link.send({ update: bytes, keys });
    },
    onLeaderMessage(message) {
      if (message.type === 'retry') link.retryNow();
      else if (message.type === 'connection') {
        if (!tabs.isLeader.value) connection.set(message.view);
      } else if (tabs.isLeader.value) {
        replica.post({ type: 'connection', view: connection.value });
        const sent = pending.all().filter(({ isSent }) => isSent);
        if (sent.length > 0) replica.post({ type: 'sent', keys: sent.map(({ entry }) => entry.key) });
      }
    },
    onReloaded() {
      if (tabs.isLeader.value && link.state.state !== 'idle') link.restart();
    },
    sendAwareness: (bytes) => link.sendAwareness(bytes),
    retryNow() {
      if (tabs.isLeader.value) link.retryNow();
      else replica.post({ type: 'retry' });
    },
    tokenChanged: () => link.tokenChanged(),
    close() {
      isClosed = true;
      clearInterval(lookTimer);
      for (const end of ends) end();
      link.stop();
    },
  };
}

/** Whether the relay's state vector covers every struct of the document. */
function covers(relayStateVector: Uint8Array, doc: Y.Doc): boolean {
  const theirs = Y.decodeStateVector(relayStateVector);
  for (const [client, clock] of Y.decodeStateVector(Y.encodeStateVector(doc))) {
    if ((theirs.get(client) ?? 0) < clock) return false;
  }
  return true;
}
