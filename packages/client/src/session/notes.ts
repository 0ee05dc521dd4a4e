// The notes of a list: 16 documents, opened when a note is looked at, and fetched in the background so that they are
// there without network. They have sockets of their own, for as long as somebody needs them.
import {
  createSubscribable,
  NOTE_BUCKETS,
  noteBucketOf,
  noteDocumentId,
  type Subscribable,
} from '@wedsync/shared';
import * as Y from 'yjs';
import { createDocumentDatabase } from '../persistence/document-database.ts';
import type { StorageOptions } from '../persistence/storage-options.ts';
import { withTimeout } from '../persistence/with-timeout.ts';
import type { NoteHandle, NoteState } from './note-handle.ts';
import { createNoteText, type NoteText, replayNote } from './note-text.ts';
import { openReplica, type Replica } from './replica.ts';
import { createReplicaSync, type ReplicaSync, type ReplicaSyncOptions } from './replica-sync.ts';
import type { Tabs } from './tabs.ts';

/** A follower with an open note reminds the leader this often, which keeps the socket for a little longer. */
const CARE_EVERY_MS = 30_000;
const LINGER_MS = 75_000;
/** One bucket of the background fetch may take this long before the next one has its turn. */
const FETCH_WITHIN_MS = 20_000;
/** What others write in notes is fetched again this often, for the next hour without network. */
const FETCH_EVERY_MS = 10 * 60_000;
/** Reading 16 small journals; a disk that does not answer shows as a fault of the list itself. */
const SCAN_WITHIN_MS = 3_000;

type Bucket = {
  readonly replica: Replica;
  readonly sync: ReplicaSync;
  readonly state: Subscribable<NoteState>;
  readonly handles: Set<NoteText>;
  lingersUntil: number;
  close(): Promise<void>;
};

export type NotesOptions = Omit<
  ReplicaSyncOptions,
  'replica' | 'url' | 'onEvent' | 'onAwareness' | 'onAwarenessQuery'
> & {
  readonly listId: string;
  readonly databaseName: (documentId: string) => string;
  readonly socketUrl: (documentId: string) => string;
  readonly tabs: Tabs;
  readonly correctedNow: () => number;
  readonly storage: StorageOptions;
};

export type Notes = {
  /** Ticks when the pending edits, the refused edits or the connection of any open bucket changed. */
  readonly version: Subscribable<number>;
  /** False until it is known which notes have edits that wait. */
  readonly isScanned: Subscribable<boolean>;
  replicas(): readonly Replica[];
  open(recordId: string): NoteHandle;
  /** Fetches all notes, one document after the other, now and from time to time, while this tab leads. */
  fetchInBackground(): void;
  /** All notes with text, for the backup. */
  readAll(): Promise<Record<string, string>>;
  tokenChanged(): void;
  close(): Promise<void>;
};

export function createNotes(options: NotesOptions): Notes {
  const { listId, tabs } = options;
  const version = createSubscribable(0);
  const isScanned = createSubscribable(false);
  const buckets = new Map<number, Bucket>();
  let fetchTimer: ReturnType<typeof setTimeout> | undefined;
  let isFetching = false;
  let isClosed = false;
  const tick = (): void => version.set(version.value + 1);

  // ── buckets ────────────────────────────────────────────────────────────────────────────────────────────────

  function bucketOf(number: number): Bucket {
    const open = buckets.get(number);
    if (open !== undefined) return open;
    const bucket = openBucket(number);
    buckets.set(number, bucket);
    tick();
    return bucket;
  }

  function openBucket(number: number): Bucket {
    const documentId = noteDocumentId(listId, number);
    const handles = new Set<NoteText>();
    const state = createSubscribable<NoteState>('loading');
    const replica: Replica = openReplica({
      documentId,
      tabs,
      databaseName: options.databaseName(documentId),
      storage: options.storage,
      createDoc: () => new Y.Doc(),
      replay: replayNote,
      now: options.correctedNow,
      onDoc: (doc) => {
        for (const handle of handles) handle.attach(doc);
      },
      onReady: (update, keys) => sync.onReady(update, keys),
      onLeaderMessage: (message) => sync.onLeaderMessage(message),
      onReloaded: () => sync.onReloaded(),
    });
    const sync = createReplicaSync({
      ...options,
      replica,
      url: options.socketUrl(documentId),
      onEvent: () => undefined,
      onAwareness: () => undefined,
      onAwarenessQuery: () => undefined,
    });
    const settle = (): void => {
      if (!replica.isLoaded.value) return;
      state.set(replica.marks.value.fetchedAt === undefined ? 'missing' : 'ready');
      tick();
      if (replica.pending.size > 0) sync.connect();
    };
    const ends = [
      replica.isLoaded.subscribe(settle),
      replica.marks.subscribe(settle),
      replica.pendingVersion.subscribe(settle),
      replica.setAside.subscribe(tick),
      sync.connection.subscribe(tick),
    ];
    return {
      replica,
      sync,
      state,
      handles,
      lingersUntil: 0,
      async close() {
        for (const end of ends) end();
        sync.close();
        await replica.close();
      },
    };
  }

  /** Lets go of a bucket that nobody looks at and in which nothing waits. */
  function letGo(number: number): void {
    const bucket = buckets.get(number);
    if (bucket === undefined || isClosed) return;
    if (bucket.handles.size > 0 || bucket.replica.pending.size > 0 || !bucket.replica.isLoaded.value) return;
    if (bucket.lingersUntil > options.now()) return;
    bucket.sync.rest();
    // Refused edits stay visible in the list's status only while their bucket is open.
    if (bucket.replica.setAside.value.length > 0) return;
    buckets.delete(number);
    void bucket.close();
    tick();
  }

  function linger(number: number): void {
    const bucket = bucketOf(number);
    bucket.lingersUntil = options.now() + LINGER_MS;
    bucket.sync.connect();
  }

  const numberOf = (documentId: string): number | undefined => {
    const [list, tail] = documentId.split('.notes.');
    return list === listId && tail !== undefined ? Number(tail) : undefined;
  };

  // A follower looks at a note, or has written one: the leader's socket serves it.
  const endTabs = tabs.subscribe((message) => {
    if (message.type !== 'document' || !tabs.isLeader.value) return;
    const number = numberOf(message.documentId);
    const isInterest = message.message.type === 'connection?' || message.message.type === 'edit';
    if (number !== undefined && isInterest) linger(number);
  });
  const careTimer = setInterval(() => {
    for (const [number, { handles, replica }] of [...buckets]) {
      const isNeeded = handles.size > 0 || replica.pending.size > 0;
      if (isNeeded && !tabs.isLeader.value) replica.post({ type: 'connection?' });
      if (!isNeeded && !isFetching) letGo(number);
    }
  }, CARE_EVERY_MS);

  // ── scanning and fetching ──────────────────────────────────────────────────────────────────────────────────

  /** Opens the buckets in which edits wait or were refused, so that the status counts them from the start. */
  async function scan(): Promise<void> {
    const names = await existingNames();
    const numbers = Array.from({ length: NOTE_BUCKETS }, (_, number) => number);
    const work = numbers.map(async (number) => {
      const name = options.databaseName(noteDocumentId(listId, number));
      if (names !== undefined && !names.has(name)) return;
      const database = createDocumentDatabase({ name, storage: options.storage });
      try {
        const { journal, setAside } = await database.readJournal();
        if (!isClosed && (journal.length > 0 || setAside.length > 0)) await loaded(bucketOf(number));
      } finally {
        database.close();
      }
    });
    await withTimeout(Promise.allSettled(work), SCAN_WITHIN_MS).catch(() => undefined);
    isScanned.set(true);
  }

  /** Undefined where the browser cannot list databases; then each one is opened. */
  async function existingNames(): Promise<Set<string | undefined> | undefined> {
    try {
      const databases = await options.storage.indexedDB?.databases?.();
      return databases === undefined ? undefined : new Set(databases.map(({ name }) => name));
    } catch {
      return undefined;
    }
  }

  async function fetchAll(): Promise<void> {
    if (isFetching) return;
    isFetching = true;
    try {
      for (let number = 0; number < NOTE_BUCKETS && !isClosed && tabs.isLeader.value; number++) {
        const bucket = bucketOf(number);
        bucket.sync.connect();
        await untilTrue(
          () => bucket.sync.connection.value.state.state === 'live' && bucket.replica.pending.size === 0,
          [bucket.sync.connection, bucket.replica.pendingVersion],
          FETCH_WITHIN_MS,
        );
        letGo(number);
      }
    } finally {
      isFetching = false;
    }
  }

  function fetchInBackground(): void {
    clearTimeout(fetchTimer);
    if (isClosed || !tabs.isLeader.value) return;
    void fetchAll();
    fetchTimer = setTimeout(fetchInBackground, FETCH_EVERY_MS);
  }

  void scan();
  return {
    version,
    isScanned,
    replicas: () => [...buckets.values()].map(({ replica }) => replica),
    open(recordId) {
      const number = noteBucketOf(recordId);
      const { replica, sync, state, handles } = bucketOf(number);
      const handle = createNoteText({
        recordId,
        replica,
        state,
        onClose: () => {
          handles.delete(handle);
          letGo(number);
        },
      });
      handles.add(handle);
      sync.connect();
      return handle;
    },
    fetchInBackground,
    async readAll() {
      const texts: Record<string, string> = {};
      const numbers = Array.from({ length: NOTE_BUCKETS }, (_, number) => number);
      for (const { replica } of await Promise.all(numbers.map((number) => loaded(bucketOf(number))))) {
        for (const name of replica.doc.share.keys()) {
          const text = replica.doc.getText(name).toString();
          if (text !== '') texts[name] = text;
        }
      }
      for (const number of numbers) letGo(number);
      return texts;
    },
    tokenChanged() {
      for (const { sync } of buckets.values()) sync.tokenChanged();
    },
    async close() {
      isClosed = true;
      endTabs();
      clearInterval(careTimer);
      clearTimeout(fetchTimer);
      for (const { handles } of buckets.values()) for (const handle of handles) handle.close();
      await Promise.all([...buckets.values()].map((bucket) => bucket.close()));
      buckets.clear();
    },
  };
}

async function loaded(bucket: Bucket): Promise<Bucket> {
  await untilTrue(() => bucket.replica.isLoaded.value, [bucket.replica.isLoaded], FETCH_WITHIN_MS);
  return bucket;
}

/** Resolves when the claim holds, or after `ms`. */
function untilTrue(
  claim: () => boolean,
  sources: readonly Pick<Subscribable<unknown>, 'subscribe'>[],
  ms: number,
): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      for (const unsubscribe of ends) unsubscribe();
      resolve();
    };
    const check = (): void => {
      if (claim()) end();
    };
    const timer = setTimeout(end, ms);
    const ends = sources.map((source) => source.subscribe(check));
    check();
  });
}
