// One document of this device in all its tabs: local edits become journal entries, and what one tab has written
// reaches the documents of the others.
import * as Y from 'yjs';
import type { JournalEntry, SetAsideEntry } from '../persistence/document-database.ts';
import {
  type Bookkeeping,
  type LocalCopy,
  type LocalCopyOptions,
  openLocalCopy,
  type Replacement,
} from './local-copy.ts';
import { RELAY } from './origin.ts';
import { mergeUpdates } from './replay.ts';
import type { DocumentMessage, Tabs } from './tabs.ts';

/** More early messages than this are cheaper to read from the disk. */
const MOST_EARLY_MESSAGES = 1_000;

/** What an action did, for the journal and the undo menu. `intent` is what `replay` gets to repeat it. */
export type ActionRecord = {
  readonly name: string;
  readonly recordIds: readonly string[];
  readonly intent: unknown;
};

export type ReplicaOptions = Pick<
  LocalCopyOptions,
  'databaseName' | 'createDoc' | 'replay' | 'now' | 'storage' | 'onDoc' | 'onReloaded' | 'onSnapshot'
> & {
  readonly documentId: string;
  readonly tabs: Tabs;
  /** An edit of any tab of this device is ready for the relay. */
  readonly onReady: (update: Uint8Array, keys: readonly string[]) => void;
  /** What the leader says to the other tabs, and what they ask it. */
  readonly onLeaderMessage: (message: LeaderMessage) => void;
};

export type LeaderMessage = Extract<DocumentMessage, { type: 'connection' | 'connection?' | 'retry' }>;

export type Replica = Pick<
  LocalCopy,
  | 'doc'
  | 'isLoaded'
  | 'fault'
  | 'marks'
  | 'setAside'
  | 'pending'
  | 'pendingVersion'
  | 'catchUp'
  | 'flush'
  | 'keepSnapshot'
> & {
  readonly documentId: string;
  readonly tabs: Tabs;
  readonly now: () => number;
  readonly createDoc: () => Y.Doc;
  /** Runs a person's action and journals what it wrote, as one edit. Throws before the document is loaded. */
  act(work: (doc: Y.Doc) => ActionRecord | undefined): void;
  /** Applies what the relay sent; what is new in it is written to disk and passed to the other tabs. */
  applyRelayed(update: Uint8Array): void;
  post(message: DocumentMessage): void;
  markSent(keys: readonly string[]): void;
  /** The database has these edits; `at` in ms since 1970. */
  markStored(keys: readonly string[], at: number): void;
  putMarks(marks: Replacement['marks']): void;
  setEntriesAside(entries: readonly SetAsideEntry[]): void;
  /** Writes the marks again as soon as it is loaded: a disk that refuses shows as a fault before somebody edits. */
  tryDisk(): void;
  discardSetAside(keys: readonly string[]): Promise<void>;
  /** Puts the relay's state with the pending edits in the place of the document, here and in the other tabs. False: the disk refused. */
  rebase(next: Replacement): Promise<boolean>;
  close(): Promise<void>;
};

/** Opens the document; it loads in the background. */
export function openReplica(options: ReplicaOptions): Replica {
  const { documentId, tabs, now } = options;
  let counter = 0;
  let collector: Uint8Array[] | undefined;
  let early: DocumentMessage[] | undefined = [];
  let isClosed = false;
  let mustTry = false;

  const post = (message: DocumentMessage): void => tabs.post({ type: 'document', documentId, message });
  const copy = openLocalCopy({
    ...options,
    mayCompact: () => tabs.isLeader.value,
    onLocalUpdate(update) {
      if (collector !== undefined) collector.push(update);
      // Written outside of an action: it must still be journaled, or the status would not count it.
      else journal(UNNAMED, update);
    },
    onLeaving(entry, update, rowKey) {
      const { generation } = copy.marks.value;
      post({ type: 'edit', generation, entry, update, ...(rowKey !== undefined && { rowKey }) });
      options.onReady(update, [entry.key]);
    },
    onRelayed(update, rowKey) {
      const { generation } = copy.marks.value;
      post({ type: 'relayed', generation, update, ...(rowKey !== undefined && { rowKey }) });
    },
  });

  function journal(record: ActionRecord, update: Uint8Array): void {
    counter += 1;
    const key = `${tabs.tabId}/${String(counter).padStart(9, '0')}`;
    copy.write({ ...record, key, at: now() }, update);
  }

  function onMessage(message: DocumentMessage): void {
    if (early !== undefined) {
      if (early.length <= MOST_EARLY_MESSAGES) early.push(message);
      return;
    }
    switch (message.type) {
      case 'edit':
      case 'relayed':
        onTabUpdate(message);
        break;
      case 'sent':
        for (const key of message.keys) copy.pending.mark(key, { isSent: true });
        copy.touch();
        break;
      case 'stored':
        copy.absorb(confirmation(message.keys, message.at));
        break;
      case 'set-aside':
        copy.absorb({ setAside: message.entries, dropJournal: message.entries.map(({ key }) => key) });
        break;
      case 'discarded':
        copy.absorb({ dropSetAside: message.keys });
        break;
      case 'marks':
        if (message.generation === copy.marks.value.generation) copy.absorb({ marks: message.marks });
        break;
      case 'replaced':
        if (message.generation !== copy.marks.value.generation) catchUp();
        break;
      default:
        options.onLeaderMessage(message);
    }
  }

  function onTabUpdate(message: Extract<DocumentMessage, { type: 'edit' | 'relayed' }>): void {
    // The sender or this tab has an older copy: the disk knows better.
    if (message.generation !== copy.marks.value.generation) {
      catchUp();
      return;
    }
    const entry: JournalEntry | undefined = message.type === 'edit' ? message.entry : undefined;
    copy.applyFromTab(message.update, message.rowKey, entry);
    if (entry !== undefined) options.onReady(message.update, [entry.key]);
  }

  /** `lastStoredAt` moves when nothing waits any more. */
  function confirmation(keys: readonly string[], at: number): Bookkeeping {
    const confirmed = new Set(keys);
    const isAll = copy.pending.all().every(({ entry }) => confirmed.has(entry.key));
    return { dropJournal: keys, ...(isAll && { marks: { lastStoredAt: at } }) };
  }

  function rewriteMarks(): void {
    const { generation: _, ...marks } = copy.marks.value;
    copy.put({ marks });
  }

  /** A failure shows as a storage fault; the next message or signal tries again. */
  const catchUp = (): void => void copy.catchUp().catch(() => undefined);

  const ends = [
    tabs.subscribe((message) => {
      if (message.type === 'document' && message.documentId === documentId) onMessage(message.message);
    }),
    copy.isLoaded.subscribe(() => {
      const waiting = early ?? [];
      early = undefined;
      if (waiting.length > MOST_EARLY_MESSAGES) catchUp();
      for (const message of waiting) onMessage(message);
      if (mustTry) rewriteMarks();
    }),
  ];

  return {
    documentId,
    tabs,
    now,
    createDoc: options.createDoc,
    isLoaded: copy.isLoaded,
    fault: copy.fault,
    marks: copy.marks,
    setAside: copy.setAside,
    pending: copy.pending,
    pendingVersion: copy.pendingVersion,
    get doc() {
      return copy.doc;
    },
    act(work) {
      if (!copy.isLoaded.value || isClosed) throw new Error('the document is not open');
      const outer = collector;
      const updates: Uint8Array[] = [];
      let record: ActionRecord | undefined;
      collector = updates;
      try {
        record = work(copy.doc);
      } finally {
        collector = outer;
        const update = mergeUpdates(updates);
        if (update !== undefined) journal(record ?? UNNAMED, update);
      }
    },
    applyRelayed: (update) => Y.applyUpdate(copy.doc, update, RELAY),
    catchUp: copy.catchUp,
    keepSnapshot: copy.keepSnapshot,
    flush: copy.flush,
    post,
    markSent(keys) {
      for (const key of keys) copy.pending.mark(key, { isSent: true });
      copy.touch();
      post({ type: 'sent', keys });
    },
    markStored(keys, at) {
      // Without edits it is only a time to show: not worth a write at every connection.
      const tell = (): void => post({ type: 'stored', keys, at });
      // Once more when it is on disk: a tab that opens in between has missed the first and still reads the entries.
      if (keys.length > 0) copy.put(confirmation(keys, at), tell);
      else copy.absorb(confirmation(keys, at));
      tell();
    },
    putMarks(marks) {
      copy.put({ marks });
      post({ type: 'marks', generation: copy.marks.value.generation, marks });
    },
    tryDisk() {
      if (copy.isLoaded.value) rewriteMarks();
      else mustTry = true;
    },
    setEntriesAside(entries) {
      copy.put({ setAside: entries, dropJournal: entries.map(({ key }) => key) });
      post({ type: 'set-aside', entries });
    },
    async discardSetAside(keys) {
      copy.put({ dropSetAside: keys });
      post({ type: 'discarded', keys });
      await copy.flush();
    },
    async rebase(next) {
      const isDone = await copy.replace(next);
      if (isDone) post({ type: 'replaced', generation: copy.marks.value.generation });
      return isDone;
    },
    async close() {
      if (isClosed) return;
      isClosed = true;
      for (const end of ends) end();
      await copy.close();
    },
  };
}

const UNNAMED: ActionRecord = { name: '', recordIds: [], intent: null };
