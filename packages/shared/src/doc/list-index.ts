// The incremental index of a list document: which entries belong to which record, and what they show. After a
// transaction only the shards that changed are walked, and only the records that changed are read again (DOC-7).
import type * as Y from 'yjs';
import { type Entry, isEntry } from './entry.ts';
import { META, SHARD_COUNT, shardName, shardOf } from './layout.ts';
import { type RecordState, type RecordView, viewOf } from './live.ts';

/** What one transaction changed. */
export type IndexChange = {
  readonly ids: ReadonlySet<string>;
  readonly metaIds: ReadonlySet<string>;
  /** Entries that came and went, with the array they stand in (`meta` or a shard). */
  readonly added: readonly Entry[];
  readonly removed: readonly Entry[];
  readonly origin: unknown;
  readonly isLocal: boolean;
};

type Listener = (change: IndexChange) => void;
type Shard = { elements: readonly unknown[]; unknown: number };

const emptyShard: Shard = { elements: [], unknown: 0 };

/** Records of one or more root arrays: the shards, or `meta`. */
class RecordTable {
  readonly entries = new Map<string, readonly Entry[]>();
  readonly #views = new Map<string, RecordView>();
  readonly #states = new Map<string, RecordState>();

  replace(id: string, entries: readonly Entry[]): void {
    this.#views.delete(id);
    this.#states.delete(id);
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
    this.#states.set(id, view.state);
    return view;
  }

  state(id: string): RecordState {
    return this.#states.get(id) ?? this.view(id)?.state ?? 'absent';
  }
}

/** Live, read-only view of a list document. Owner closes it; the document stays. */
export class ListIndex {
  readonly doc: Y.Doc;
  readonly #records = new RecordTable();
  readonly #meta = new RecordTable();
  readonly #shards: Shard[] = new Array(SHARD_COUNT).fill(emptyShard);
  #metaShard: Shard = emptyShard;
  readonly #arrays = new Map<unknown, number>();
  readonly #listeners = new Set<Listener>();
  #version = 0;

  constructor(doc: Y.Doc) {
    this.doc = doc;
    for (let shard = 0; shard < SHARD_COUNT; shard++) this.#arrays.set(doc.getArray(shardName(shard)), shard);
    this.#arrays.set(doc.getArray(META), SHARD_COUNT);
    this.#absorb([...this.#arrays.values()], undefined, true);
    doc.on('afterTransaction', this.#onTransaction);
  }

  /** Grows with every change; equal versions mean equal content. */
  get version(): number {
    return this.#version;
  }

  /** Elements that are no entries of this format: kept, counted, not shown (DOC-5). */
  get unknownCount(): number {
    return this.#shards.reduce((sum, shard) => sum + shard.unknown, this.#metaShard.unknown);
  }

  get(id: string): RecordView | undefined {
    return this.#records.view(id);
  }

  /** Entries of a record as they stand in the document, for the writer. */
  entriesOf(id: string): readonly Entry[] {
    return this.#records.entries.get(id) ?? [];
  }

  /** Ids of records shown in the list: alive, or deleted by one and edited by another. */
  *ids(): Generator<string> {
    for (const id of this.#records.entries.keys()) {
      const state = this.#records.state(id);
      if (state === 'alive' || state === 'edit-delete') yield id;
    }
  }

  /** Ids of deleted records that can be restored. */
  *trash(): Generator<string> {
    for (const id of this.#records.entries.keys()) {
      const view = this.#records.view(id);
      if (view?.state === 'trashed' && !view.isPurged) yield id;
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
    return this.#meta.entries.get(id) ?? [];
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

  readonly #onTransaction = (transaction: Y.Transaction) => {
    const changed: number[] = [];
    for (const type of transaction.changed.keys()) {
      const shard = this.#arrays.get(type);
      if (shard !== undefined) changed.push(shard);
    }
    if (changed.length > 0) this.#absorb(changed, transaction.origin, transaction.local);
  };

  #absorb(shards: readonly number[], origin: unknown, isLocal: boolean): void {
    const [ids, metaIds] = [new Set<string>(), new Set<string>()];
    const [added, removed]: [Entry[], Entry[]] = [[], []];
    for (const shard of shards) {
      const isMeta = shard === SHARD_COUNT;
      const elements = this.doc.getArray(isMeta ? META : shardName(shard)).toArray();
      const before = isMeta ? this.#metaShard : this.#shards[shard];
      if (elements.length === 0 && before?.elements.length === 0) continue;
      const next = this.#readShard(shard, elements, before ?? emptyShard, { added, removed });
      if (isMeta) this.#metaShard = next.shard;
      else this.#shards[shard] = next.shard;
      const table = isMeta ? this.#meta : this.#records;
      for (const [id, entries] of next.groups) table.replace(id, entries);
      for (const id of next.groups.keys()) (isMeta ? metaIds : ids).add(id);
    }
    if (ids.size === 0 && metaIds.size === 0) return;
    this.#version += 1;
    const change: IndexChange = { ids, metaIds, added, removed, origin, isLocal };
    for (const listener of this.#listeners) listener(change);
  }

  /** Entries grouped by the ids whose set of entries differs from `before`. */
  #readShard(
    shard: number,
    elements: readonly unknown[],
    before: Shard,
    out: { added: Entry[]; removed: Entry[] },
  ): { shard: Shard; groups: Map<string, Entry[]> } {
    const old = new Set(before.elements);
    const groups = new Map<string, Entry[]>();
    const belongs = (element: unknown): element is Entry =>
      isEntry(element) && (shard === SHARD_COUNT || shardOf(element[0]) === shard);
    let unknown = before.unknown;
    for (const element of elements) {
      if (old.delete(element)) continue;
      if (!belongs(element)) {
        unknown += 1;
        continue;
      }
      out.added.push(element);
      groups.set(element[0], []);
    }
    for (const element of old) {
      if (!belongs(element)) {
        unknown -= 1;
        continue;
      }
      out.removed.push(element);
      groups.set(element[0], []);
    }
    if (groups.size > 0) {
      for (const element of elements) {
        if (!Array.isArray(element)) continue;
        const group = groups.get(element[0]);
        if (group !== undefined && isEntry(element)) group.push(element);
      }
    }
    return { shard: { elements, unknown }, groups };
  }
}

/** Index of a document; kept up to date until closed. */
export function createListIndex(doc: Y.Doc): ListIndex {
  return new ListIndex(doc);
}
