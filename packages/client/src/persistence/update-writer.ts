// The one queue through which a tab writes a document's local database. While a transaction is running everything
// that arrives waits for the next one, so a burst of typing costs two transactions, not a hundred.
import { createSubscribable, type Subscribable } from '@wedsync/shared';
import type {
  CommitResult,
  DocumentDatabase,
  JournalEntry,
  Marks,
  SetAsideEntry,
} from './document-database.ts';
import { type StorageFault, toStorageFault } from './storage-fault.ts';

/** Between two tries while the disk is full or the database is gone; an edit in between tries at once. */
const RETRY_MS = { first: 1_000, most: 30_000 } as const;

/** Rows that hold more than the encoded state needs: merge them when the person pauses, or at the ceiling. */
const COMPACT = {
  /** Below this the second copy is not worth a write. */
  leastBytes: 8 * 1024,
  /** Share of the merged row that the rows after it may reach: total size stays below 1.25 of the state at rest. */
  share: 0.25,
  mostRows: 500,
  idleMs: 2_000,
  /** Continuous editing may put compaction off for this long (y-indexeddb: for ever). */
  ceilingMs: 10_000,
  /** After a failed compaction (it needs room for a second copy on a disk that is nearly full). */
  pauseMs: 60_000,
} as const;

/** What one call writes; all parts land in the same transaction. */
export type WriteEntry = {
  readonly update?: Uint8Array;
  readonly journal?: JournalEntry;
  readonly dropJournal?: readonly string[];
  readonly setAside?: readonly SetAsideEntry[];
  readonly dropSetAside?: readonly string[];
  readonly marks?: Partial<Marks>;
  /** Set for a person's edits. What came from the relay can be fetched again: it is not flushed one by one. */
  readonly isStrict: boolean;
  /**
   * The transaction is complete. `rowKey` is the update's own row; undefined without an update and when the update
   * went into a merged row, which holds more than its author may know. Called at most once.
   */
  readonly onSaved?: (rowKey: number | undefined) => void;
  /** The device cannot keep it at present: it stays queued, and may leave the tab (in-memory mode). At most once. */
  readonly onMemory?: () => void;
};

export type UpdateWriter = {
  readonly fault: Subscribable<StorageFault | undefined>;
  push(entry: WriteEntry): void;
  /** A row that this tab's document holds too, by load or by another tab's message; compaction may delete it. */
  adopt(rowKey: number, bytes: number): void;
  /** Resolves when everything pushed so far is saved or known to be in memory only. */
  flush(): Promise<void>;
  /** Stops without writing what waits and hands it back (a rebase takes it over). */
  stop(): readonly WriteEntry[];
};

export type UpdateWriterOptions = {
  readonly database: Pick<DocumentDatabase, 'commit'>;
  readonly generation: string;
  readonly now: () => number;
  /** The disk is known to refuse: new edits may leave the tab at once, while it is tried again. */
  readonly isInMemory: () => boolean;
  /** The merged state for compaction, or undefined while it must not run (not the leader, pending structs). */
  readonly encodeState: () => Uint8Array | undefined;
  /** The database now belongs to another generation (`found`), or was emptied (absent). The writer has stopped. */
  readonly onOtherGeneration: (found: string | undefined) => void;
};

type Batch = { readonly entries: readonly WriteEntry[]; readonly state: Uint8Array | undefined };

/** One per open document and tab; see `UpdateWriter`. */
export function createUpdateWriter(options: UpdateWriterOptions): UpdateWriter {
  const fault = createSubscribable<StorageFault | undefined>(undefined);
  const rows = new Map<number, number>();
  let baseKey: number | undefined;
  let waiting: WriteEntry[] = [];
  let running: Promise<void> | undefined;
  let isStopped = false;
  let failures = 0;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  let compactTimer: ReturnType<typeof setTimeout> | undefined;
  let compactDueAt: number | undefined;
  let compactAfter = 0;
  let wantsCompaction = false;

  const start = (): void => {
    if (running !== undefined || isStopped) return;
    if (waiting.length === 0 && !wantsCompaction) return;
    running = writeNext().finally(() => {
      running = undefined;
      if (fault.value === undefined) start();
    });
  };

  async function writeNext(): Promise<void> {
    const state = wantsCompaction ? options.encodeState() : undefined;
    wantsCompaction = false;
    const batch: Batch = { entries: waiting, state };
    if (batch.entries.length === 0 && state === undefined) return;
    waiting = [];
    const merged = state === undefined ? [] : [...rows.keys()];
    try {
      const result = await options.database.commit({
        generation: options.generation,
        ...combine(batch),
        dropRows: merged,
        durability: batch.entries.some(({ isStrict }) => isStrict) ? 'strict' : 'relaxed',
      });
      settle(batch, merged, result);
    } catch (error) {
      fail(batch, error);
    }
  }

  function settle(batch: Batch, merged: readonly number[], result: CommitResult): void {
    if (!result.ok) {
      waiting = [...batch.entries, ...waiting];
      isStopped = true;
      clearTimers();
      options.onOtherGeneration(result.reason === 'other-generation' ? result.found : undefined);
      return;
    }
    failures = 0;
    fault.set(undefined);
    const keys = [...result.rowKeys];
    if (batch.state !== undefined) {
      for (const key of merged) rows.delete(key);
      baseKey = keys.shift();
      if (baseKey !== undefined) rows.set(baseKey, batch.state.byteLength);
      compactDueAt = undefined;
    }
    for (const entry of batch.entries) {
      const key = entry.update === undefined || batch.state !== undefined ? undefined : keys.shift();
      if (key !== undefined) rows.set(key, entry.update?.byteLength ?? 0);
      entry.onSaved?.(key);
    }
    planCompaction();
  }

  function fail(batch: Batch, error: unknown): void {
    waiting = [...batch.entries, ...waiting];
    if (batch.state !== undefined) {
      // Perhaps only the second copy did not fit: try the edits alone before calling it a fault.
      compactAfter = options.now() + COMPACT.pauseMs;
      if (batch.entries.length > 0 || waiting.length > 0) return;
      planCompaction();
      return;
    }
    failures += 1;
    fault.set(toStorageFault(error, options.now()));
    waiting = waiting.map(toMemory);
    if (!isStopped) {
      clearTimeout(retryTimer);
      retryTimer = setTimeout(start, Math.min(RETRY_MS.first * 2 ** (failures - 1), RETRY_MS.most));
    }
  }

  function planCompaction(): void {
    const base = baseKey === undefined ? 0 : (rows.get(baseKey) ?? 0);
    let tail = -base;
    for (const size of rows.values()) tail += size;
    const isDue = rows.size > COMPACT.mostRows || tail > Math.max(COMPACT.leastBytes, base * COMPACT.share);
    if (!isDue || isStopped) return;
    const now = options.now();
    compactDueAt ??= now + COMPACT.ceilingMs;
    const at = Math.max(compactAfter, Math.min(now + COMPACT.idleMs, compactDueAt));
    clearTimeout(compactTimer);
    compactTimer = setTimeout(
      () => {
        wantsCompaction = true;
        start();
      },
      Math.max(0, at - now),
    );
  }

  function clearTimers(): void {
    clearTimeout(retryTimer);
    clearTimeout(compactTimer);
  }

  return {
    fault,
    push(entry) {
      if (options.isInMemory()) waiting.push(toMemory(entry));
      else waiting.push(entry);
      start();
    },
    adopt(rowKey, bytes) {
      rows.set(rowKey, bytes);
      // The oldest and largest is the merged one of an earlier session.
      if (baseKey === undefined || bytes > (rows.get(baseKey) ?? 0)) baseKey = rowKey;
      planCompaction();
    },
    async flush() {
      while (running !== undefined || (waiting.length > 0 && fault.value === undefined && !isStopped)) {
        start();
        await running;
      }
    },
    stop() {
      isStopped = true;
      clearTimers();
      const rest = waiting;
      waiting = [];
      return rest;
    },
  };
}

/** Says that it may leave, once. */
function toMemory({ onMemory, ...entry }: WriteEntry): WriteEntry {
  onMemory?.();
  return entry;
}

function combine({ entries, state }: Batch) {
  // An edit can be confirmed while it still waits for room on the disk; then it needs no journal any more.
  const dropped = new Set(entries.flatMap(({ dropJournal = [] }) => dropJournal));
  return {
    rows:
      state === undefined ? entries.flatMap(({ update }) => (update === undefined ? [] : [update])) : [state],
    journal: entries.flatMap(({ journal }) =>
      journal === undefined || dropped.has(journal.key) ? [] : [journal],
    ),
    dropJournal: [...dropped],
    setAside: entries.flatMap(({ setAside = [] }) => setAside),
    dropSetAside: entries.flatMap(({ dropSetAside = [] }) => dropSetAside),
    marks: Object.assign({}, ...entries.map(({ marks = {} }) => marks)) as Partial<Marks>,
  };
}
