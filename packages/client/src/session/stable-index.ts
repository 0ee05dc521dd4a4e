// The index that the screens hold: the same object for the life of a session, whatever document is behind it.
import type { ListIndex as DocumentIndex, IndexChange } from '@wedsync/shared';
import type { ListIndex } from './document-view.ts';

/** What an index is read by: a document's, or what stands for it until it is read. */
export type IndexSource = Pick<DocumentIndex, 'get' | 'getMeta' | 'subscribe'> & {
  ids(): Iterable<string>;
  trash(): Iterable<string>;
  metaIds(): Iterable<string>;
};

export type StableIndex = ListIndex & {
  /** The index of the document in use; all records count as changed. */
  use(next: IndexSource): void;
};

export function createStableIndex(): StableIndex {
  let current: IndexSource | undefined;
  let endCurrent: (() => void) | undefined;
  let version = 0;
  const listeners = new Set<(change: IndexChange) => void>();
  const cached = new Map<string, { version: number; ids: readonly string[] }>();

  const tell = (change: IndexChange): void => {
    version += 1;
    for (const listener of [...listeners]) listener(change);
  };

  /** Generators of the index as arrays, made once per version. */
  function list(name: 'ids' | 'trash' | 'metaIds'): readonly string[] {
    const known = cached.get(name);
    if (known?.version === version) return known.ids;
    const ids = current === undefined ? [] : [...current[name]()];
    cached.set(name, { version, ids });
    return ids;
  }

  return {
    get: (id) => current?.get(id),
    getMeta: (id) => current?.getMeta(id),
    ids: () => list('ids'),
    trash: () => list('trash'),
    metaIds: () => list('metaIds'),
    get version() {
      return version;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    use(next) {
      const before = current;
      endCurrent?.();
      const was = { ids: list('ids'), trash: list('trash'), metaIds: list('metaIds') };
      current = next;
      endCurrent = next.subscribe(tell);
      cached.clear();
      const ids = new Set([...was.ids, ...was.trash, ...list('ids'), ...list('trash')]);
      const metaIds = new Set([...was.metaIds, ...list('metaIds')]);
      if (ids.size === 0 && metaIds.size === 0 && before === undefined) return;
      // What has just been listed is asked for again under the version that is told.
      for (const [name, known] of cached) cached.set(name, { ...known, version: version + 1 });
      tell({ ids, metaIds, added: [], removed: [], origin: undefined, isLocal: false });
    },
  };
}
