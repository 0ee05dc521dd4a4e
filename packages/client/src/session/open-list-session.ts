// Puts one open list together: document, local database, tabs, relay, notes, presence, undo; and derives what the
// screens are told about it.
import {
  createListDoc,
  createSubscribable,
  deviceOfActor,
  type Intent,
  isWritable,
  type ListWriter,
  type MigrationStep,
  type WireEvent,
} from '@wedsync/shared';
import { browserStorage, type StorageOptions } from '../persistence/storage-options.ts';
import type { ChannelPort } from '../tabs/channel.ts';
import type { Locks } from '../tabs/leader.ts';
import { createPageSignals, type Signals } from '../transport/signals.ts';
import { type OpenSocket, openWebSocket } from '../transport/socket.ts';
import { deriveSyncStatus, type SyncStatus } from '../transport/sync-status.ts';
import { createActions } from './actions.ts';
import { createBackup, toJsonFile } from './backup.ts';
import { createColdStart } from './cold-start.ts';
import { createDeviceMemory, type Wiped } from './device-memory.ts';
import { createFormatKeeper } from './format-keeper.ts';
import { createListParts } from './list-parts.ts';
import type { ListPhase, ListSession, OpenListOptions, SetAsideItem, WaitingState } from './list-session.ts';
import { createNotes } from './notes.ts';
import { createPresence } from './presence.ts';
import { openReplica, type Replica } from './replica.ts';
import { createReplicaSync } from './replica-sync.ts';
import { createSessionClock } from './session-clock.ts';
import { createStableIndex } from './stable-index.ts';
import { createTabs } from './tabs.ts';
import { createUndoStack } from './undo-stack.ts';
import { warmUp } from './warm-up.ts';

/** The notes' background fetch leaves the first moments to the list itself. */
const NOTES_AFTER_MS = 1_500;

/** What a browser provides; tests bring their own. Undefined APIs stand for browsers without them. */
export type SessionPlatform = {
  readonly storage?: StorageOptions;
  readonly locks?: Locks | undefined;
  readonly openChannel?: ((name: string) => ChannelPort) | undefined;
  readonly openSocket?: OpenSocket;
  readonly signals?: Signals;
  readonly random?: () => number;
  /** Steps between formats; default: this app's. */
  readonly migrations?: readonly MigrationStep[];
  /** Remembers that a list was here, beside the database. */
  readonly memory?: Storage | undefined;
  /** `ws://host/sync`; default: this page's origin. */
  readonly socketBase?: string;
};

/** Databases are keyed by person and document (DOCUMENT rule 19). */
export const databaseName = (personId: string, documentId: string): string =>
  `wedsync:${personId}:${documentId}`;

/** Opens a list at once; `phase` tells when it has been read from this device. Close it when the screen goes. */
export function openListSession(options: OpenListOptions & { platform?: SessionPlatform }): ListSession {
  const { person, listId, account, platform = {}, now = Date.now } = options;
  const signals = platform.signals ?? createPageSignals();
  const storage = platform.storage ?? browserStorage();
  const base = platform.socketBase ?? pageSocketBase();
  const tabs = createTabs({
    name: databaseName(person.id, listId),
    signals,
    ...('locks' in platform && { locks: platform.locks }),
    ...('openChannel' in platform && { openChannel: platform.openChannel }),
  });
  const clock = createSessionClock({ personId: person.id, tabs, now, storage });
  const parts = createListParts(clock);
  const index = createStableIndex();
  const memory = createDeviceMemory(person.id, listId, platform.memory);
  const undoStack = createUndoStack(`wedsync-undo:${person.id}:${listId}`);
  let endFollow: (() => void) | undefined;
  let endWarmUp: (() => void) | undefined;
  let isClockReady = false;
  let isClosed = false;

  const connectionOptions = {
    openSocket: platform.openSocket ?? openWebSocket,
    signals,
    now,
    random: platform.random ?? Math.random,
    token: account.getToken,
    onServerTime: clock.onServerTime,
  };
  const replica: Replica = openReplica({
    documentId: listId,
    databaseName: databaseName(person.id, listId),
    createDoc: createListDoc,
    replay: parts.replay,
    tabs,
    now: clock.nowMs,
    storage,
    onDoc: (doc) => {
      endFollow?.();
      index.use(parts.of(doc).index);
      endFollow = parts.follow(doc);
    },
    onReady: (update, keys) => sync.onReady(update, keys),
    onLeaderMessage: (message) => sync.onLeaderMessage(message),
    onReloaded: () => sync.onReloaded(),
    onSnapshot: (snapshot) => coldStart.show(snapshot),
  });
  const coldStart = createColdStart({
    index,
    replica: () => replica,
    isReady: () => !isClosed && replica.isLoaded.value && replica.marks.value.fetchedAt !== undefined,
    now: clock.nowMs,
  });
  const eventListeners = new Set<(event: WireEvent) => void>();
  const sync = createReplicaSync({
    ...connectionOptions,
    replica,
    url: `${base}/${listId}`,
    onAwareness: (update) => presence.receive(update),
    onAwarenessQuery: () => presence.announce(),
    onEvent(event) {
      for (const listener of eventListeners) listener(event);
    },
  });
  const presence = createPresence({ person, tabs, send: (update) => sync.sendAwareness(update) });
  const notes = createNotes({
    ...connectionOptions,
    storage,
    listId,
    tabs,
    databaseName: (documentId) => databaseName(person.id, documentId),
    socketUrl: (documentId) => `${base}/${documentId}`,
    correctedNow: clock.nowMs,
  });

  const formatKeeper = createFormatKeeper({
    replica,
    parts: () => parts.of(replica.doc),
    mayWrite: () => !isClosed && canEdit.value && replica.marks.value.fetchedAt !== undefined,
    steps: platform.migrations,
  });

  // ── what is told ───────────────────────────────────────────────────────────────────────────────────────────

  const replicas = (): readonly Replica[] => [replica, ...notes.replicas()];
  const needsUpdate = (): boolean => sync.connection.value.needsUpdate === true || !isWritable(index);

  /** Made anew only when an edit came or went. */
  let waitingSeen = '';
  let waitingSet: ReadonlySet<string> = new Set();
  function waitingRecords(): ReadonlySet<string> {
    const all = replicas();
    const seen = all.map(({ documentId, pending }) => `${documentId}:${pending.version}`).join();
    if (seen !== waitingSeen) waitingSet = new Set(all.flatMap(({ pending }) => [...pending.recordIds()]));
    waitingSeen = seen;
    return waitingSet;
  }

  const waitingIds = createSubscribable<ReadonlySet<string>>(waitingSet, isSameSet);
  const phase = createSubscribable<ListPhase>({ state: 'opening' }, isSameJson);
  const status = createSubscribable<SyncStatus>(derive(), isSameJson);
  const canEdit = createSubscribable(false);
  const setAside = createSubscribable<readonly SetAsideItem[]>([], isSameJson);

  function derive(): SyncStatus {
    const all = replicas();
    const { fault, marks } = replica;
    const isFault = (kind: string | undefined): kind is string =>
      kind !== undefined && kind !== 'row-damaged';
    const kinds = all.map((each) => each.fault.value?.kind).filter(isFault);
    return deriveSyncStatus({
      isLoaded: isClockReady && all.every(({ isLoaded }) => isLoaded.value) && notes.isScanned.value,
      storageFault: isFault(fault.value?.kind) ? fault.value?.kind : kinds[0],
      waitingRecords: waitingIds.value.size,
      setAsideRecords: new Set(
        all.flatMap((each) => each.setAside.value.flatMap(({ recordIds }) => recordIds)),
      ).size,
      hasUnsaved: all.some(({ pending }) => pending.unsaved > 0),
      isAllSent: all.every(({ pending }) => pending.unsent === 0),
      since: oldestOf(all),
      lastStoredAt: marks.value.lastStoredAt,
      isFetched: marks.value.fetchedAt !== undefined,
      connection: sync.connection.value.state,
      isOnline: signals.isOnline(),
      needsUpdate: needsUpdate(),
    });
  }

  function refresh(): void {
    if (isClosed) return;
    const isReady = replica.isLoaded.value && isClockReady;
    if (isReady && phase.value.state === 'opening') {
      endWarmUp = warmUp(index);
      coldStart.ready();
    }
    if (isReady) phase.set(readyPhase());
    canEdit.set(isReady && sync.connection.value.access === 'write' && !needsUpdate());
    waitingIds.set(waitingRecords());
    if (phase.value.state === 'ready' && phase.value.fetched && notes.isScanned.value)
      memory.note(waitingIds.value.size);
    setAside.set(replicas().flatMap((each) => each.setAside.value.map(({ intent: _, ...item }) => item)));
    status.set(derive());
  }

  /** A disk that fails is another story: only a database that opens and is empty was cleared. */
  function readyPhase(): ListPhase {
    const fetched = replica.marks.value.fetchedAt !== undefined;
    const isCleared = !fetched && memory.before !== undefined && replica.fault.value === undefined;
    if (isCleared) wiped = memory.before;
    return { state: 'ready', fetched, ...(wiped && { wiped }) };
  }

  async function whenOpened(): Promise<void> {
    if (phase.value.state !== 'opening') return;
    await new Promise<void>((done) => {
      const end = phase.subscribe(() => {
        end();
        done();
      });
    });
  }

  let wiped: Wiped | undefined;
  let isLive = false;
  let notesTimer: ReturnType<typeof setTimeout> | undefined;
  function onConnection(): void {
    const wasLive = isLive;
    isLive = sync.connection.value.state.state === 'live';
    if (wasLive && !isLive) presence.forgetOthers();
    if (isLive && !wasLive) {
      clearTimeout(notesTimer);
      notesTimer = setTimeout(notes.fetchInBackground, NOTES_AFTER_MS);
    }
    refresh();
  }

  const ends = [
    replica.isLoaded.subscribe(refresh),
    replica.fault.subscribe(refresh),
    replica.marks.subscribe(refresh),
    replica.setAside.subscribe(refresh),
    replica.pendingVersion.subscribe(refresh),
    notes.version.subscribe(refresh),
    notes.isScanned.subscribe(refresh),
    sync.connection.subscribe(onConnection),
    index.subscribe(coldStart.changed),
    index.subscribe(({ metaIds }) => metaIds.has('list') && refresh()),
    index.subscribe(({ ids, isLocal }) => {
      if (!isLocal) formatKeeper.arrived(ids);
    }),
    phase.subscribe(formatKeeper.bring),
    canEdit.subscribe(formatKeeper.bring),
    tabs.isLeader.subscribe(formatKeeper.bring),
    signals.subscribe((signal) => {
      if (signal === 'hidden' || signal === 'freeze') {
        undoStack.save();
        coldStart.keepNow();
      }
      refresh();
    }),
    account.state.subscribe((state) => {
      if (state.state !== 'signed-in' || state.person.id !== person.id || state.needsSignIn) return;
      sync.tokenChanged();
      notes.tokenChanged();
    }),
  ];

  // ── what can be done ───────────────────────────────────────────────────────────────────────────────────────

  /** Says in the list whose device this is, so that conflicts can name it offline. */
  function introduce(writer: ListWriter): Intent | undefined {
    const metaId = `actor:${clock.device}`;
    if (index.getMeta(metaId)?.values.label === person.email) return undefined;
    return writer.setMeta(metaId, { kind: 'person', label: person.email });
  }

  const actions = createActions({
    replica,
    index,
    writer: () => parts.of(replica.doc).writer,
    undoStack,
    canEdit,
    now: clock.nowMs,
    introduce,
  });

  void clock.isReady.then(() => {
    isClockReady = true;
    if (!clock.isKept) replica.tryDisk();
    refresh();
  });
  sync.connect();

  return {
    listId,
    person,
    isThisDevice: ({ actor }) => deviceOfActor(actor) === clock.device,
    index,
    phase,
    status,
    presence: presence.peers,
    undoState: undoStack.state,
    setAside,
    storageFault: replica.fault,
    canEdit,
    waitingIds,
    actions,
    setEditing: presence.setEditing,
    waiting: (recordId) => waitingState(replicas(), recordId),
    notes: notes.open,
    retryNow: sync.retryNow,
    now: clock.nowMs,
    countTabs: tabs.count,
    async proveCopy() {
      const { proveCopy } = await import('./prove-copy.ts');
      return await proveCopy(listId, (documentId) => databaseName(person.id, documentId), storage);
    },
    whenOpened,
    async exportBackup() {
      await whenOpened();
      const texts = await notes.readAll();
      return toJsonFile(
        createBackup({ listId, index, replicas: replicas(), notes: texts, now: clock.nowMs() }),
      );
    },
    async exportSetAside() {
      return toJsonFile(replicas().flatMap((each) => each.setAside.value));
    },
    async discardSetAside(keys) {
      await Promise.all(
        replicas().map(async (each) => {
          const own = each.setAside.value.filter(({ key }) => keys.includes(key)).map(({ key }) => key);
          if (own.length > 0) await each.discardSetAside(own);
        }),
      );
    },
    onServerEvent(listener) {
      eventListeners.add(listener);
      return () => void eventListeners.delete(listener);
    },
    async close() {
      if (isClosed) return;
      coldStart.keepNow();
      isClosed = true;
      clearTimeout(notesTimer);
      for (const end of ends) end();
      undoStack.save();
      coldStart.close();
      presence.close();
      sync.close();
      await Promise.all([notes.close(), replica.close()]);
      endFollow?.();
      endWarmUp?.();
      clock.close();
      memory.close();
      tabs.close();
    },
  };
}

const oldestOf = (replicas: readonly Replica[]): number | undefined =>
  replicas.reduce<number | undefined>((oldest, { pending: { since } }) => {
    if (since === undefined) return oldest;
    return Math.min(oldest ?? since, since);
  }, undefined);

/** The stage of the edit that has come the least far. */
function waitingState(replicas: readonly Replica[], recordId: string): WaitingState {
  if (replicas.some(({ setAside }) => setAside.value.some(({ recordIds }) => recordIds.includes(recordId))))
    return 'stuck';
  const edits = replicas.flatMap(({ pending }) => pending.ofRecord(recordId));
  if (edits.length === 0) return 'stored';
  if (edits.some(({ isSaved }) => !isSaved)) return 'unsaved';
  return edits.every(({ isSent }) => isSent) ? 'sent' : 'device';
}

const isSameJson = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
const isSameSet = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean =>
  a.size === b.size && [...a].every((item) => b.has(item));

function pageSocketBase(): string {
  const { protocol, host } = globalThis.location;
  return `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/sync`;
}
