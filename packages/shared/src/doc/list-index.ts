// The incremental index of a list document: which entries belong to which record, and what they show. After a
// transaction only the items that it made and deleted are looked at, and only the records that changed are read again
// (DOC-7): what an edit costs does not grow with the history of its shard.
import * as Y from 'yjs';
import { type Entry, isBase, isEntry, isRegister, isTomb } from './entry.ts';
import { isRecordId, META, ROOT_NAMES, SHARD_COUNT, shardOf } from './layout.ts';
import { type RecordState, type RecordView, viewOf } from './live.ts';
import { eachChangedElement } from './transaction-elements.ts';

/** What one transaction changed. */
export type IndexChange = {
  readonly ids: ReadonlySet<string>;
  readonly metaIds: ReadonlySet<string>;
  /** Entries that came and went, of records and of `meta`. */
  readonly added: readonly Entry[];
  readonly removed: readonly Entry[];
  readonly origin: unknown;
  readonly isLocal: boolean;
};

type Listener = (change: IndexChange) => void;
type Root = { readonly array: Y.Array<unknown>; readonly shard: number };
/** What is found to have changed, before it is taken over. */
type Batch = {
  readonly records: Map<string, Entry[]>;
  readonly meta: Map<string, Entry[]>;
  readonly added: Entry[];
  readonly removed: Entry[];
};

const metaShard = SHARD_COUNT;
const none: readonly Entry[] = [];

/** Records of one or more root arrays: the shards, or `meta`. */
class RecordTable {
  /** Lists are replaced, never changed, once the index has been handed out. */
  readonly entries = new Map<string, Entry[]>();
  readonly #views = new Map<string, RecordView>();

  replace(id: string, entries: Entry[]): void {
    this.#views.delete(id);
    if (entries.length === 0) this.entries.delete(id);
    else this.entries.set(id, entries);
  }

  view(id: string): RecordView | undefined {
    const cached = this.#views.get(id);
    if (cached !== undefined) return cached;
    const entries = this.entries.get(id);
    if (entries === undefined) return undefined;
    const view = viewOf(id, entries);
    this.#views.set(id, view);
    return view;
  }

  /** Without reading the record where a glance is enough. */
  state(id: string, entries: readonly Entry[]): RecordState | undefined {
    return isPlainlyAlive(entries) ? 'alive' : this.view(id)?.state;
  }
}

/** Live, read-only view of a list document. Owner closes it; the document stays. */
export class ListIndex {
  readonly doc: Y.Doc;
  readonly #records = new RecordTable();
  readonly #meta = new RecordTable();
  readonly #roots = new Map<unknown, Root>();
  readonly #listeners = new Set<Listener>();
  #unknown = 0;
  #version = 0;

  constructor(doc: Y.Doc) {
    this.doc = doc;
    for (const [name, type] of doc.share) {
      const root = this.#addRoot(name, type);
      if (root === undefined) continue;
      const { entries } = root.shard === metaShard ? this.#meta : this.#records;
      this.#readRoot(root, (entry) => {
        const list = entries.get(entry[0]);
        if (list === undefined) entries.set(entry[0], [entry]);
        else list.push(entry);
      });
    }
    doc.on('afterTransaction', this.#onTransaction);
  }

  /** Grows with every change; equal versions mean equal content. */
  get version(): number {
    return this.#version;
  }

  /** Elements that are no entries of this format: kept, counted, not shown (DOC-5). */
  get unknownCount(): number {
    return this.#unknown;
  }

  get(id: string): RecordView | undefined {
    return this.#records.view(id);
  }

  /** Entries of a record as they stand in the document, for the writer; in no particular order. */
  entriesOf(id: string): readonly Entry[] {
    return this.#records.entries.get(id) ?? none;
  }

  /** Ids of records shown in the list: alive, or deleted by one and edited by another. */
  *ids(): Generator<string> {
    for (const [id, entries] of this.#records.entries) {
      const state = this.#records.state(id, entries);
      if (state === 'alive' || state === 'edit-delete') yield id;
    }
  }

  /** Ids of deleted records that can be restored. */
  *trash(): Generator<string> {
    for (const [id, entries] of this.#records.entries) {
      if (this.#records.state(id, entries) === 'trashed' && this.get(id)?.isPurged === false) yield id;
    }
  }

  /** A record of the list itself, see META. */
  getMeta(id: string): RecordView | undefined {
    return this.#meta.view(id);
  }

  metaIds(): Iterable<string> {
    return this.#meta.entries.keys();
  }

  metaEntriesOf(id: string): readonly Entry[] {
    return this.#meta.entries.get(id) ?? none;
  }

  /** Called once per transaction that changed something, after the index is up to date. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.doc.off('afterTransaction', this.#onTransaction);
    this.#listeners.clear();
  }

  #addRoot(name: string, type: unknown): Root | undefined {
    if (!ROOT_NAMES.has(name)) return undefined;
    // A document that got its updates before its root types has roots of no kind yet.
    const array = type instanceof Y.Array ? type : this.doc.getArray(name);
    const shard = name === META ? metaShard : Number(name.slice(1));
    const root: Root = { array, shard };
    this.#roots.set(array, root);
    return root;
  }

  readonly #onTransaction = (transaction: Y.Transaction) => {
    if (transaction.changed.size === 0) return;
    const batch = newBatch();
    const late = new Set<Root>();
    for (const type of transaction.changed.keys()) {
      if (this.#roots.has(type)) continue;
      const root = this.#lateRoot(type);
      if (root === undefined) continue;
      late.add(root);
      this.#readRoot(root, (entry) => this.#take(root, entry, batch));
    }
    eachChangedElement(transaction, (parent, element, isAdded) => {
      const root = this.#roots.get(parent);
      if (root === undefined || late.has(root)) return;
      if (isAdded) this.#add(root, element, batch);
      else this.#remove(root, element, batch);
    });
    this.#takeOver(batch, transaction.origin, transaction.local);
  };

  /** A root that somebody got after this index was made. */
  #lateRoot(type: unknown): Root | undefined {
    if (!(type instanceof Y.AbstractType) || type.parent !== null) return undefined;
    for (const [name, other] of this.doc.share) if (other === type) return this.#addRoot(name, type);
    return undefined;
  }

  /** All of a root that nothing is known of yet. */
  #readRoot({ array, shard }: Root, take: (entry: Entry) => void): void {
    if (array.length === 0) return;
    for (const element of array.toArray()) {
      if (belongs(shard, element)) take(element);
      else this.#unknown += 1;
    }
  }

  #add(root: Root, element: unknown, batch: Batch): void {
    if (belongs(root.shard, element)) this.#take(root, element, batch);
    else this.#unknown += 1;
  }

  #take(root: Root, entry: Entry, batch: Batch): void {
    batch.added.push(entry);
    this.#listOf(root, entry[0], batch).push(entry);
  }

  #remove(root: Root, element: unknown, batch: Batch): void {
    if (!belongs(root.shard, element)) {
      this.#unknown -= 1;
      return;
    }
    batch.removed.push(element);
    const list = this.#listOf(root, element[0], batch);
    const at = list.indexOf(element);
    if (at >= 0) list.splice(at, 1);
  }

  /** The record's entries as they will be. */
  #listOf({ shard }: Root, id: string, batch: Batch): Entry[] {
    const [table, lists] = shard === metaShard ? [this.#meta, batch.meta] : [this.#records, batch.records];
    const known = lists.get(id);
    if (known !== undefined) return known;
    const list = [...(table.entries.get(id) ?? none)];
    lists.set(id, list);
    return list;
  }

  #takeOver({ records, meta, added, removed }: Batch, origin: unknown, isLocal: boolean): void {
    if (records.size === 0 && meta.size === 0) return;
    for (const [id, entries] of records) this.#records.replace(id, entries);
    for (const [id, entries] of meta) this.#meta.replace(id, entries);
    this.#version += 1;
    const [ids, metaIds] = [new Set(records.keys()), new Set(meta.keys())];
    const change: IndexChange = { ids, metaIds, added, removed, origin, isLocal };
    for (const listener of this.#listeners) listener(change);
  }
}

const newBatch = (): Batch => ({ records: new Map(), meta: new Map(), added: [], removed: [] });

/** Whether a glance shows that the record lives: it was never deleted, and has a register or a lone base with fields. */
function isPlainlyAlive(entries: readonly Entry[]): boolean {
  let hasRegister = false;
  for (const entry of entries) {
    if (isTomb(entry)) return false;
    hasRegister ||= isRegister(entry);
  }
  if (hasRegister) return true;
  const [first] = entries;
  if (entries.length === 1 && first !== undefined && isBase(first)) for (const _ in first[1]) return true;
  return false;
}

/** Whether an entry stands in the root that its record belongs to. */
function isInPlace(shard: number, [id]: Entry): boolean {
  return shard === metaShard || (isRecordId(id) && shardOf(id) === shard);
}

/** Whether an element is an entry of this format that stands where it has to. */
function belongs(shard: number, element: unknown): element is Entry {
  return isEntry(element) && isInPlace(shard, element);
}

/** Index of a document; kept up to date until closed. */
export function createListIndex(doc: Y.Doc): ListIndex {
  return new ListIndex(doc);
}
