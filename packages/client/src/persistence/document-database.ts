// One document's local database: rows of Yjs updates in y-indexeddb's layout, and beside them, in `custom`, the
// journal of edits that the server has not confirmed, the edits it refused, row checksums, and the marks.
//
//   updates   1, 2, 3 …            Uint8Array, one Yjs V1 update
//   custom    wedsync/marks        Marks
//             crc/<row>            crc32c of that row (rows written by y-indexeddb itself have none)
//             journal/<key>        JournalEntry, deleted once stored
//             set-aside/<key>      SetAsideEntry, until the person exports or discards it
//             snapshot             { generation, snapshot }: the first rows in plain values, for a cold start
//             damaged/<row>        DamagedRow: bytes that did not decode, kept for support
import { crc32c } from '@wedsync/shared';
import { openDatabase, request, type Stores, transact } from './idb.ts';
import { StorageError } from './storage-fault.ts';
import type { StorageOptions } from './storage-options.ts';

/** One action that is not yet confirmed by the server (DOCUMENT rule 19). */
export type JournalEntry<Intent = unknown> = {
  /** Unique for ever: `<random of the tab session>/<counter>`, so that keys of one session sort by age. */
  readonly key: string;
  /** What the person did, in words for the undo menu. */
  readonly name: string;
  readonly recordIds: readonly string[];
  /** Ms since 1970, corrected by server time. */
  readonly at: number;
  readonly intent: Intent;
};

export type SetAsideEntry<Intent = unknown> = JournalEntry<Intent> & { readonly reason: string };

export type DamagedRow = { readonly bytes: Uint8Array; readonly reason: string; readonly at: number };

/** What is known of the database as a whole. */
export type Marks = {
  /** Random; a new one after every rebase, so that a tab with the document of before cannot write into it. */
  readonly generation: string;
  /** The relay's lineage id of the rows in here. */
  readonly lineage?: string;
  /** When this device first had the whole document. */
  readonly fetchedAt?: number;
  /** When everything of this device was last confirmed as stored. */
  readonly lastStoredAt?: number;
  /** Why the next connection must start from the relay's state instead of merging (a refused code name). */
  readonly mustRebase?: string | undefined;
};

export type StoredRow = {
  readonly key: number;
  readonly bytes: Uint8Array;
  /** `unchecked`: there is no checksum, the bytes must be decoded before they are applied. */
  readonly check: 'ok' | 'unchecked' | 'mismatch';
};

export type Contents<Intent = unknown> = {
  readonly rows: readonly StoredRow[];
  readonly journal: readonly JournalEntry<Intent>[];
  readonly setAside: readonly SetAsideEntry<Intent>[];
  readonly marks: Marks;
};

/** Everything that is written together in one transaction. */
export type Commit<Intent = unknown> = {
  /** The generation that the writer's document belongs to; another one in the database refuses the commit. */
  readonly generation: string;
  readonly rows?: readonly Uint8Array[];
  readonly dropRows?: readonly number[];
  readonly damaged?: readonly { readonly key: number; readonly row: DamagedRow }[];
  readonly journal?: readonly JournalEntry<Intent>[];
  readonly dropJournal?: readonly string[];
  readonly setAside?: readonly SetAsideEntry<Intent>[];
  readonly dropSetAside?: readonly string[];
  readonly marks?: Partial<Marks>;
  /** In the place of the last one; it goes with the next edit, which it does not show. */
  readonly snapshot?: unknown;
  /**
   * A rebase: all rows go, `rows` take their place under `marks.generation`. Refused with `journal-grew` when the
   * journal holds an entry that is not among these keys: another tab has added one since it was read.
   */
  readonly replace?: { readonly knownJournal: ReadonlySet<string> };
  readonly durability: 'strict' | 'relaxed';
};

/** `found` is absent when the database was emptied under us (site data cleared). */
export type CommitResult =
  | { readonly ok: true; readonly rowKeys: readonly number[] }
  | { readonly ok: false; readonly reason: 'other-generation'; readonly found?: string }
  | { readonly ok: false; readonly reason: 'journal-grew' };

export type DocumentDatabase<Intent = unknown> = {
  readonly name: string;
  /** All rows but the `known` ones, with journal and marks, as of one moment. Makes the marks if missing. */
  read(known?: ReadonlySet<number>): Promise<Contents<Intent>>;
  /** The same without rows. */
  readJournal(): Promise<Contents<Intent>>;
  /** What was kept to be shown until the rows are read; undefined when it is not of this copy. */
  readSnapshot(): Promise<unknown>;
  /** Resolves on the transaction's `complete`. Rejects with `StorageError`. */
  commit(commit: Commit<Intent>): Promise<CommitResult>;
  close(): void;
};

const MARKS_KEY = 'wedsync/marks';
const SNAPSHOT_KEY = 'snapshot';

type StoredSnapshot = { readonly generation: string; readonly snapshot: unknown };

const prefix = (start: string): IDBKeyRange => IDBKeyRange.bound(`${start}/`, `${start}0`, false, true);

export type DocumentDatabaseOptions = {
  readonly name: string;
  readonly storage: StorageOptions;
  readonly createGeneration?: () => string;
};

/** Nothing is opened before the first use; a connection that the browser closed is opened again at the next use. */
export function createDocumentDatabase<Intent = unknown>(
  options: DocumentDatabaseOptions,
): DocumentDatabase<Intent> {
  const { name, storage, createGeneration = () => crypto.randomUUID() } = options;
  let connection: Promise<IDBDatabase> | undefined;
  let isClosed = false;

  const connect = (): Promise<IDBDatabase> => {
    if (isClosed) return Promise.reject(new StorageError('closed', name));
    if (connection === undefined) {
      const opening = openDatabase({
        name,
        factory: storage.indexedDB,
        timeoutMs: storage.limits.openMs,
        onClosed: () => {
          if (connection === opening) connection = undefined;
        },
      });
      connection = opening;
      opening.catch(() => {
        if (connection === opening) connection = undefined;
      });
    }
    return connection;
  };

  const run: typeof transact = async (database, transactionOptions, work) => {
    try {
      return await transact(database, transactionOptions, work);
    } catch (error) {
      if (error instanceof StorageError && error.kind === 'closed') connection = undefined;
      throw error;
    }
  };

  async function read(known: ReadonlySet<number> | 'no-rows'): Promise<Contents<Intent>> {
    const database = await connect();
    const contents = await run(database, { mode: 'readonly' }, (stores) =>
      readContents<Intent>(stores, known),
    );
    if (contents !== undefined) return contents;
    return await run(database, { mode: 'readwrite', durability: 'strict' }, async (stores) => {
      const marks: Marks = { generation: createGeneration() };
      // Another tab may have been faster between the two transactions.
      const already = await request<Marks | undefined>(stores.custom.get(MARKS_KEY));
      if (already === undefined) await request(stores.custom.put(marks, MARKS_KEY));
      return (await readContents<Intent>(stores, known)) ?? { rows: [], journal: [], setAside: [], marks };
    });
  }

  return {
    name,
    read: (known = NOTHING) => read(known),
    readJournal: () => read('no-rows'),
    async readSnapshot() {
      const database = await connect();
      return await run(database, { mode: 'readonly' }, async ({ custom }) => {
        const [marks, stored] = await Promise.all([
          request<Marks | undefined>(custom.get(MARKS_KEY)),
          request<StoredSnapshot | undefined>(custom.get(SNAPSHOT_KEY)),
        ]);
        return stored?.generation === marks?.generation ? stored?.snapshot : undefined;
      });
    },
    async commit(commit) {
      const database = await connect();
      return await run(database, { mode: 'readwrite', durability: commit.durability }, (stores) =>
        write(stores, commit),
      );
    },
    close() {
      isClosed = true;
      connection?.then((database) => database.close()).catch(() => undefined);
      connection = undefined;
    },
  };
}

const NOTHING: ReadonlySet<number> = new Set();

/** Undefined while the database has no marks yet. */
async function readContents<Intent>(
  stores: Stores,
  known: ReadonlySet<number> | 'no-rows',
): Promise<Contents<Intent> | undefined> {
  const [marks, rows, journal, setAside] = await Promise.all([
    request<Marks | undefined>(stores.custom.get(MARKS_KEY)),
    known === 'no-rows' ? [] : readRows(stores, known),
    request<JournalEntry<Intent>[]>(stores.custom.getAll(prefix('journal'))),
    request<SetAsideEntry<Intent>[]>(stores.custom.getAll(prefix('set-aside'))),
  ]);
  return marks === undefined ? undefined : { rows, journal, setAside, marks };
}

async function readRows({ updates, custom }: Stores, known: ReadonlySet<number>): Promise<StoredRow[]> {
  const keys = (await request(updates.getAllKeys())).map(Number).filter((key) => !known.has(key));
  const isAll = known.size === 0;
  const [values, sums] = await Promise.all([
    isAll
      ? request<unknown[]>(updates.getAll())
      : Promise.all(keys.map((key) => request<unknown>(updates.get(key)))),
    Promise.all(keys.map((key) => request<number | undefined>(custom.get(`crc/${key}`)))),
  ]);
  return keys.map((key, at): StoredRow => {
    const value = values[at];
    // y-indexeddb stores a Uint8Array; anything else in its store was not written by either of us.
    const bytes = value instanceof Uint8Array ? value : new Uint8Array();
    const sum = sums[at];
    return { key, bytes, check: sum === undefined ? 'unchecked' : sum === crc32c(bytes) ? 'ok' : 'mismatch' };
  });
}

async function write<Intent>(stores: Stores, commit: Commit<Intent>): Promise<CommitResult> {
  const { updates, custom } = stores;
  const marks = await request<Marks | undefined>(custom.get(MARKS_KEY));
  if (marks?.generation !== commit.generation) {
    return { ok: false, reason: 'other-generation', ...(marks && { found: marks.generation }) };
  }
  if (commit.replace !== undefined) {
    const keys = await request(custom.getAllKeys(prefix('journal')));
    const { knownJournal } = commit.replace;
    if (!keys.every((key) => knownJournal.has(String(key).slice('journal/'.length))))
      return { ok: false, reason: 'journal-grew' };
    updates.clear();
    custom.delete(prefix('crc'));
  }
  for (const key of commit.dropRows ?? []) {
    updates.delete(key);
    custom.delete(`crc/${key}`);
  }
  for (const { key, row } of commit.damaged ?? []) {
    updates.delete(key);
    custom.delete(`crc/${key}`);
    custom.put(row, `damaged/${key}`);
  }
  for (const key of commit.dropJournal ?? []) custom.delete(`journal/${key}`);
  for (const key of commit.dropSetAside ?? []) custom.delete(`set-aside/${key}`);
  for (const entry of commit.journal ?? []) custom.put(entry, `journal/${entry.key}`);
  for (const entry of commit.setAside ?? []) custom.put(entry, `set-aside/${entry.key}`);
  if (commit.replace !== undefined || (commit.journal?.length ?? 0) > 0) custom.delete(SNAPSHOT_KEY);
  if (commit.snapshot !== undefined)
    custom.put({ generation: marks.generation, snapshot: commit.snapshot }, SNAPSHOT_KEY);
  if (commit.marks !== undefined) custom.put({ ...marks, ...commit.marks }, MARKS_KEY);
  const rowKeys = await Promise.all((commit.rows ?? []).map((row) => request(updates.add(row))));
  rowKeys.forEach(
    (key, at) => void custom.put(crc32c(commit.rows?.[at] ?? new Uint8Array()), `crc/${Number(key)}`),
  );
  return { ok: true, rowKeys: rowKeys.map(Number) };
}
