// The incremental index of a list document: which entries belong to which record, and what they show. After a
// transaction only the shards that changed are compared, and only the records that changed are read again (DOC-7).
import * as Y from 'yjs';
import { type Entry, isBase, isEntry } from './entry.ts';
import { isRecordId, META, ROOT_NAMES, SHARD_COUNT, shardOf } from './layout.ts';
import { type RecordState, type RecordView, viewOf } from './live.ts';
import { diffOrdered } from './ordered-diff.ts';

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
/** What a root array held when it was last looked at. */
type Root = { readonly array: Y.Array<unknown>; readonly shard: number; elements: readonly unknown[] };

const metaShard = SHARD_COUNT;
const none: readonly Entry[] = [];

/** Records of one or more root arrays: the shards, or `meta`. */
class RecordTable {
  readonly entries = new Map<string, readonly Entry[]>();
  readonly #views = new Map<string, RecordView>();

  replace(id: string, entries: readonly Entry[]): void {
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

  /** Without reading the record where a glance is enough: most have one base and nothing else. */
  state(id: string, entries: readonly Entry[]): RecordState | undefined {
    const first = entries[0];
    if (entries.length === 1 && first !== undefined && isBase(first))
      for (const _ in first[1]) return 'alive';
    return this.view(id)?.state;
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
    for (const [name, type] of doc.share) this.#addRoot(name, type);
    this.#absorb([...this.#roots.values()], undefined, true);
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
    const root: Root = { array, shard, elements: [] };
    this.#roots.set(array, root);
    return root;
  }

  readonly #onTransaction = (transaction: Y.Transaction) => {
    if (transaction.changed.size === 0) return;
    const changed: Root[] = [];
    for (const type of transaction.changed.keys()) {
      const root = this.#roots.get(type) ?? this.#lateRoot(type);
      if (root !== undefined) changed.push(root);
    }
    if (changed.length > 0) this.#absorb(changed, transaction.origin, transaction.local);
  };

  /** A root that somebody got after this index was made. */
  #lateRoot(type: unknown): Root | undefined {
    if (!(type instanceof Y.AbstractType) || type.parent !== null) return undefined;
    for (const [name, other] of this.doc.share) if (other === type) return this.#addRoot(name, type);
    return undefined;
  }

  #absorb(roots: readonly Root[], origin: unknown, isLocal: boolean): void {
    const [ids, metaIds] = [new Set<string>(), new Set<string>()];
    const [added, removed]: [Entry[], Entry[]] = [[], []];
    for (const root of roots) {
      if (root.array.length === 0 && root.elements.length === 0) continue;
      const isMeta = root.shard === metaShard;
      const table = isMeta ? this.#meta : this.#records;
      const elements = root.array.toArray();
      const fresh = new Map<string, Entry[]>();
      const listOf = (id: string): Entry[] => {
        let list = fresh.get(id);
        if (list === undefined) {
          list = [...(table.entries.get(id) ?? none)];
          fresh.set(id, list);
        }
        return list;
      };
      diffOrdered(root.elements, elements, {
        onAdded: (element) => {
          if (!belongs(root.shard, element)) {
            this.#unknown += 1;
            return;
          }
          added.push(element);
          listOf(element[0]).push(element);
        },
        onRemoved: (element) => {
          if (!belongs(root.shard, element)) {
            this.#unknown -= 1;
            return;
          }
          removed.push(element);
          const list = listOf(element[0]);
          list.splice(list.indexOf(element), 1);
        },
      });
      root.elements = elements;
      for (const [id, entries] of fresh) {
        table.replace(id, entries);
        (isMeta ? metaIds : ids).add(id);
      }
    }
    if (ids.size === 0 && metaIds.size === 0) return;
    this.#version += 1;
    const change: IndexChange = { ids, metaIds, added, removed, origin, isLocal };
    for (const listener of this.#listeners) listener(change);
  }
}

/** Whether an element is an entry of this format that stands where it has to. */
function belongs(shard: number, element: unknown): element is Entry {
  if (!isEntry(element)) return false;
  return shard === metaShard || (isRecordId(element[0]) && shardOf(element[0]) === shard);
}

/** Index of a document; kept up to date until closed. */
export function createListIndex(doc: Y.Doc): ListIndex {
  return new ListIndex(doc);
}
