// One document on this device: the Y.Doc of this tab, its local database, and the edits that wait. It knows no other
// tab and no relay; replica.ts and replica-sync.ts connect it to them.
import { createSubscribable, type Subscribable } from '@wedsync/shared';
import * as Y from 'yjs';
import {
  type Contents,
  createDocumentDatabase,
  type JournalEntry,
  type Marks,
  type SetAsideEntry,
} from '../persistence/document-database.ts';
import { takeEarly } from '../persistence/early-database.ts';
import { StorageError, type StorageFault, toStorageFault } from '../persistence/storage-fault.ts';
import type { StorageOptions } from '../persistence/storage-options.ts';
import { createUpdateWriter, type UpdateWriter, type WriteEntry } from '../persistence/update-writer.ts';
import { withTimeout } from '../persistence/with-timeout.ts';
import { type CommittedRebase, commitRebase, NO_GENERATION } from './commit-rebase.ts';
import { applyRows, hasGap, loadDocument } from './load.ts';
import { LOADED, RELAY, TAB } from './origin.ts';
import { createPendingEdits, type PendingEdit, type PendingEdits } from './pending.ts';
import { collectUpdate, createRebase, type Rebase, type Replay } from './replay.ts';

export type LocalCopyOptions = {
  readonly databaseName: string;
  readonly createDoc: () => Y.Doc;
  readonly replay: Replay;
  /** Ms since 1970, corrected by server time. */
  readonly now: () => number;
  /** One tab merges rows: the leader. */
  readonly mayCompact: () => boolean;
  readonly storage: StorageOptions;
  /** The document to use from now on: at load and whenever it is replaced. The one before is destroyed after. */
  readonly onDoc: (doc: Y.Doc) => void;
  /** A transaction of a person's action. */
  readonly onLocalUpdate: (update: Uint8Array) => void;
  /** An edit may leave this tab: it is on disk, or the disk refuses it (no row). */
  readonly onLeaving: (entry: JournalEntry, update: Uint8Array, rowKey: number | undefined) => void;
  /** Something new from the relay is on disk, or the disk refuses it (no row). */
  readonly onRelayed: (update: Uint8Array, rowKey: number | undefined) => void;
  /** The document was read from the disk again: what only this tab had from the relay is gone. */
  readonly onReloaded: () => void;
  /** What was kept to be shown first; resolves when it has been, then the document is read. */
  readonly onSnapshot?: (snapshot: unknown) => Promise<void>;
};

/** What a rebase puts in the place of the present document. */
export type Replacement = {
  /** The relay's state; edits are repeated on it. */
  readonly doc: Y.Doc;
  readonly marks: Partial<Omit<Marks, 'generation'>>;
  readonly reasonAgainst: (entry: JournalEntry) => string | undefined;
};

/** What is known about edits, without an edit. */
export type Bookkeeping = {
  readonly dropJournal?: readonly string[];
  readonly setAside?: readonly SetAsideEntry[];
  readonly dropSetAside?: readonly string[];
  readonly marks?: Partial<Omit<Marks, 'generation'>>;
};

export type LocalCopy = {
  readonly doc: Y.Doc;
  readonly isLoaded: Subscribable<boolean>;
  readonly fault: Subscribable<StorageFault | undefined>;
  readonly marks: Subscribable<Marks>;
  readonly setAside: Subscribable<readonly SetAsideEntry[]>;
  readonly pending: PendingEdits;
  /** Ticks with every change of `pending`. */
  readonly pendingVersion: Subscribable<number>;
  /** Writes an edit whose update is in the document already, with its journal entry. */
  write(entry: JournalEntry, update: Uint8Array): void;
  /** Applies what another tab of this generation has; `entry` when it is an edit. */
  applyFromTab(update: Uint8Array, rowKey: number | undefined, entry: JournalEntry | undefined): void;
  /** Takes in what another tab has written. */
  absorb(change: Bookkeeping): void;
  /** Takes it in and writes it; `onSaved` when it is on disk. */
  put(change: Bookkeeping, onSaved?: () => void): void;
  touch(): void;
  /** Takes in what other tabs have written; reloads when they have replaced the copy. */
  catchUp(): Promise<void>;
  /** Keeps what `onSnapshot` gets at the next start; a disk that refuses it is no fault. */
  keepSnapshot(snapshot: unknown): void;
  /** Resolves when no edit of this tab is on its way to the disk. */
  flush(): Promise<void>;
  /** On disk first, then here. False: the disk refused and everything is as before. */
  replace(next: Replacement): Promise<boolean>;
  close(): Promise<void>;
};

/** Loads in the background; `isLoaded` turns true within 5 s whatever happens. */
export function openLocalCopy(options: LocalCopyOptions): LocalCopy {
  const { now, storage } = options;
  const name = options.databaseName;
  const database = takeEarly(name) ?? createDocumentDatabase({ name, storage });
  const isLoaded = createSubscribable(false);
  const fault = createSubscribable<StorageFault | undefined>(undefined);
  const marks = createSubscribable<Marks>({ generation: NO_GENERATION });
  const setAside = createSubscribable<readonly SetAsideEntry[]>([]);
  const pending = createPendingEdits();
  const pendingVersion = createSubscribable(0);
  /** Rows of the present generation that this tab's document holds. */
  const known = new Set<number>();
  /** Keys that are over: what was read from the disk a moment ago may still have them. */
  const [settled, discarded] = [new Set<string>(), new Set<string>()];
  let endFault: (() => void) | undefined;
  let doc = options.createDoc();
  let writer = createWriter(NO_GENERATION);
  let recoverTimer: ReturnType<typeof setTimeout> | undefined;
  let isClosed = false;
  /** Loading and replacing take turns. */
  let maintenance: Promise<unknown> = Promise.resolve();

  const touch = (): void => pendingVersion.set(pending.version);
  const onBroken = (error: unknown): void => fault.set(toStorageFault(error, now()));
  function inTurn<T>(work: () => Promise<T>): Promise<T | undefined> {
    const turn = maintenance.then(() => (isClosed ? undefined : work()));
    maintenance = turn.catch(onBroken);
    return turn.catch(() => undefined);
  }

  function createWriter(generation: string): UpdateWriter {
    const created = createUpdateWriter({
      database,
      generation,
      now,
      isInMemory: () => fault.value !== undefined && fault.value.kind !== 'row-damaged',
      encodeState: () => (options.mayCompact() && !hasGap(doc) ? Y.encodeStateAsUpdate(doc) : undefined),
      onOtherGeneration: (found) => void inTurn(() => (found === undefined ? rewrite() : reload())),
    });
    endFault?.();
    endFault = created.fault.subscribe((value) => fault.set(value));
    return created;
  }

  // ── the document ───────────────────────────────────────────────────────────────────────────────────────────

  function onUpdate(update: Uint8Array, origin: unknown): void {
    if (origin === LOADED || origin === TAB) return;
    if (origin !== RELAY) options.onLocalUpdate(update);
    else {
      const tell = (rowKey?: number): void => {
        if (rowKey !== undefined) known.add(rowKey);
        options.onRelayed(update, rowKey);
      };
      writer.push({ update, isStrict: false, onSaved: tell, onMemory: () => tell() });
    }
  }

  function install(next: Y.Doc, nextMarks: Marks, rows: ReadonlyMap<number, number>): void {
    const previous = doc;
    previous.off('update', onUpdate);
    const unwritten = writer.stop();
    doc = next;
    writer = createWriter(nextMarks.generation);
    keepBooks(unwritten);
    known.clear();
    for (const [key, size] of rows) adoptRow(key, size);
    marks.set(nextMarks);
    doc.on('update', onUpdate);
    options.onDoc(doc);
    previous.destroy();
  }

  /** Edits are repeated on another document; what was noted about edits holds there too. */
  function keepBooks(entries: readonly WriteEntry[]): void {
    for (const { dropJournal, setAside: aside, dropSetAside } of entries) {
      if (dropJournal === undefined && aside === undefined && dropSetAside === undefined) continue;
      const known = new Set(setAside.value.map(({ key }) => key));
      const missing = (aside ?? []).filter(({ key }) => !known.has(key) && !discarded.has(key));
      if (missing.length > 0) setAside.set([...setAside.value, ...missing]);
      writer.push({
        ...(dropJournal && { dropJournal }),
        ...(aside && { setAside: aside }),
        ...(dropSetAside && { dropSetAside }),
        isStrict: aside !== undefined,
      });
    }
  }

  function adoptRow(key: number, size: number): void {
    known.add(key);
    writer.adopt(key, size);
  }

  // ── reading ────────────────────────────────────────────────────────────────────────────────────────────────

  async function load(): Promise<void> {
    try {
      install(...take(await withTimeout(readAll(), storage.limits.loadMs)));
    } catch (error) {
      // In-memory mode: the list fills from the relay, edits are kept in this tab, a way back is tried regularly.
      onBroken(error);
      doc.on('update', onUpdate);
      options.onDoc(doc);
      planRecovery();
    }
    isLoaded.set(true);
  }

  async function readAll(): Promise<Contents> {
    if (options.onSnapshot === undefined) return await database.read();
    const isShown = options.onSnapshot(await database.readSnapshot());
    // The disk reads while the page paints.
    const [contents] = await Promise.all([database.read(), isShown]);
    return contents;
  }

  /** Reads everything again: another tab has replaced the copy, or the disk has come back. */
  async function reload(stopped: readonly WriteEntry[] = []): Promise<void> {
    const contents = await database.read();
    const onDisk = new Set([...contents.journal, ...contents.setAside].map(({ key }) => key));
    const carried = pending
      .all()
      .filter(({ entry, isOwn, isSaved }) => isOwn && !isSaved && !onDisk.has(entry.key));
    pending.drop(pending.all().map(({ entry }) => entry.key));
    fault.set(undefined);
    install(...take(contents));
    keepBooks(stopped);
    carryOver(carried);
    // Messages of other tabs that came while the disk was read went into the document that is gone.
    await readOn();
    options.onReloaded();
  }

  /** Takes in what was read and returns what `install` wants. */
  function take(contents: Contents): [Y.Doc, Marks, Map<number, number>] {
    const loaded = loadDocument(contents, options.createDoc, now());
    takeJournal(contents);
    const damagedKeys = new Set(loaded.damaged.map(({ key }) => key));
    const sound = contents.rows.filter(({ key }) => !damagedKeys.has(key));
    let nextMarks = contents.marks;
    if (loaded.damaged.length > 0) {
      fault.set({
        kind: 'row-damaged',
        detail: loaded.damaged.map(({ row }) => row.reason).join(),
        at: now(),
      });
      // Own edits in the lost rows are still in the journal: the next connection rebuilds from the relay and replays.
      nextMarks = { ...nextMarks, mustRebase: 'row-damaged' };
      const { generation } = nextMarks;
      database
        .commit({ generation, damaged: loaded.damaged, marks: nextMarks, durability: 'strict' })
        .catch(onBroken);
    }
    return [loaded.doc, nextMarks, new Map(sound.map(({ key, bytes }) => [key, bytes.byteLength]))];
  }

  function takeJournal(contents: Contents): void {
    for (const entry of contents.journal) {
      if (!settled.has(entry.key) && pending.get(entry.key) === undefined)
        pending.put({ entry, isSaved: true, isSent: false, isOwn: false, update: undefined });
    }
    setAside.set(contents.setAside.filter(({ key }) => !discarded.has(key)));
    touch();
  }

  async function catchUp(): Promise<void> {
    if (!(await readOn())) await inTurn(() => reload());
  }

  /** Takes in what is new on disk; false when the disk has another generation. */
  async function readOn(): Promise<boolean> {
    const savedBefore = pending.all().filter(({ isSaved }) => isSaved);
    const contents = await database.read(known);
    if (contents.marks.generation !== marks.value.generation) return false;
    const broken = applyRows(
      doc,
      contents.rows.filter(({ check }) => check === 'ok'),
    );
    if (broken !== undefined) throw new StorageError('row-damaged', `row ${broken.key}`);
    for (const { key, bytes } of contents.rows) adoptRow(key, bytes.byteLength);
    const journaled = new Set(contents.journal.map(({ key }) => key));
    const gone = savedBefore.filter(({ entry }) => !journaled.has(entry.key));
    pending.drop(gone.map(({ entry }) => entry.key));
    takeJournal(contents);
    marks.set({ ...marks.value, ...contents.marks });
    return true;
  }

  function planRecovery(): void {
    clearTimeout(recoverTimer);
    recoverTimer = setTimeout(() => {
      const over = (): void => {
        if (fault.value !== undefined && fault.value.kind !== 'row-damaged' && !isClosed) planRecovery();
      };
      void inTurn(() => reload()).then(over);
    }, storage.limits.recoverMs);
  }

  function absorb(change: Bookkeeping): void {
    for (const key of change.dropJournal ?? []) settled.add(key);
    for (const key of change.dropSetAside ?? []) discarded.add(key);
    pending.drop(change.dropJournal ?? []);
    if (change.setAside !== undefined || change.dropSetAside !== undefined) {
      const all = [...setAside.value, ...(change.setAside ?? [])];
      setAside.set(all.filter(({ key }) => !discarded.has(key)));
    }
    if (change.marks !== undefined) marks.set({ ...marks.value, ...change.marks });
    touch();
  }

  // ── writing ────────────────────────────────────────────────────────────────────────────────────────────────

  function write(entry: JournalEntry, update: Uint8Array | undefined): void {
    let hasLeft = false;
    const leave = (rowKey: number | undefined): void => {
      if (hasLeft || update === undefined) return;
      hasLeft = true;
      options.onLeaving(entry, update, rowKey);
    };
    pending.put({ entry, isSaved: false, isSent: false, isOwn: true, update });
    touch();
    writer.push({
      ...(update && { update }),
      journal: entry,
      isStrict: true,
      onSaved: (rowKey) => {
        if (rowKey !== undefined) known.add(rowKey);
        pending.mark(entry.key, { isSaved: true });
        touch();
        leave(rowKey);
      },
      onMemory: () => leave(undefined),
    });
  }

  /** Brings this tab's unsaved edits over to the document that has just been installed. */
  function carryOver(edits: readonly PendingEdit[]): void {
    for (const { entry } of edits) {
      doc.off('update', onUpdate);
      try {
        write(
          entry,
          collectUpdate(doc, () => options.replay(doc, entry)),
        );
      } catch {
        const aside = { ...entry, reason: 'cannot-repeat' };
        setAside.set([...setAside.value, aside]);
        writer.push({ setAside: [aside], isStrict: true });
      } finally {
        doc.on('update', onUpdate);
      }
    }
    touch();
  }

  /** Site data was cleared while the list was open: what this tab has goes back to disk. */
  async function rewrite(stopped: readonly WriteEntry[] = []): Promise<void> {
    const { generation } = (await database.readJournal()).marks;
    const { generation: _, ...rest } = marks.value;
    const unwritten = [...stopped, ...writer.stop()];
    writer = createWriter(generation);
    known.clear();
    marks.set({ ...rest, generation });
    writer.push({
      update: Y.encodeStateAsUpdate(doc),
      marks: rest,
      setAside: setAside.value,
      isStrict: true,
    });
    for (const { entry, isSaved } of pending.all())
      if (isSaved) writer.push({ journal: entry, isStrict: true });
    for (const entry of unwritten) writer.push(entry);
  }

  async function replace(next: Replacement): Promise<true> {
    await writer.flush();
    // From here on new edits only wait; they are carried over below.
    const unwritten = writer.stop();
    const rebase = createRebase(next.doc, options.replay, next.reasonAgainst);
    rebase.add(pending.all().map(({ entry }) => entry));
    try {
      const { generation } = marks.value;
      const result = await commitRebase(database, { rebase, generation, marks: next.marks });
      if (result === 'other-generation') await reload(unwritten);
      else if (result === 'wiped') await rewrite(unwritten);
      else finish(rebase, next, result, unwritten);
      return true;
    } catch (error) {
      // The disk refuses: everything stays as it was, and is tried again at the next connection.
      const meanwhile = writer.stop();
      writer = createWriter(marks.value.generation);
      for (const entry of [...unwritten, ...meanwhile]) writer.push(entry);
      throw error;
    }
  }

  function finish(
    rebase: Rebase,
    next: Replacement,
    { generation, rows }: CommittedRebase,
    unwritten: readonly WriteEntry[],
  ): void {
    const isSaved = generation !== NO_GENERATION;
    const late = pending.all().filter(({ entry }) => !rebase.has(entry.key));
    pending.drop(pending.all().map(({ entry }) => entry.key));
    for (const { entry, update } of rebase.kept.values())
      if (!settled.has(entry.key)) pending.put({ entry, isSaved, isSent: false, isOwn: !isSaved, update });
    if (fault.value?.kind === 'row-damaged') fault.set(undefined);
    install(next.doc, { ...marks.value, ...next.marks, generation }, rows);
    keepBooks(unwritten);
    carryOver(late);
    setAside.set([...setAside.value, ...rebase.aside]);
  }

  void inTurn(load);
  return {
    get doc() {
      return doc;
    },
    isLoaded,
    fault,
    marks,
    setAside,
    pending,
    pendingVersion,
    write,
    applyFromTab(update, rowKey, entry) {
      Y.applyUpdate(doc, update, TAB);
      if (rowKey !== undefined) adoptRow(rowKey, update.byteLength);
      if (entry === undefined || pending.get(entry.key) !== undefined) return;
      pending.put({ entry, isSaved: rowKey !== undefined, isSent: false, isOwn: false, update });
      touch();
    },
    absorb,
    put(change, onSaved) {
      absorb(change);
      writer.push({ ...change, isStrict: change.setAside !== undefined, ...(onSaved && { onSaved }) });
    },
    touch,
    catchUp,
    keepSnapshot(snapshot) {
      const { generation } = marks.value;
      if (fault.value !== undefined || isClosed) return;
      database.commit({ generation, snapshot, durability: 'relaxed' }).catch(() => undefined);
    },
    async flush() {
      // While the copy is being replaced the writer stands still and would say "done" at once.
      await maintenance;
      await writer.flush();
    },
    replace: async (next) => (await inTurn(() => replace(next))) === true,
    async close() {
      if (isClosed) return;
      // A write can find that another tab has replaced the copy: then the edit is carried over to that one first.
      for (let seen: unknown; seen !== maintenance; ) {
        seen = maintenance;
        await maintenance;
        await writer.flush();
      }
      isClosed = true;
      clearTimeout(recoverTimer);
      endFault?.();
      writer.stop();
      doc.off('update', onUpdate);
      doc.destroy();
      database.close();
    },
  };
}
