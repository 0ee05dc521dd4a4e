// The log in memory with the faults of a database: slow, away, and answers that are lost, or come very late, after the
// write was done. What it holds is checked with each write, where nobody can take a mistake for one of those faults.
import { AppError } from '@wedsync/shared';
import type { Random } from '@wedsync/shared/testing';
import * as Y from 'yjs';
import type { SnapshotToStore } from '../../src/room/compaction.ts';
import type { AppendResult, AppendRow } from '../../src/store/append-row.ts';
import type { Generation } from '../../src/store/document-store.ts';
import type { SyncStore } from '../../src/sync.ts';
import { createMemoryStore } from '../helpers/memory-store.ts';
import type { VirtualTime } from './virtual-time.ts';

/** A row of the log as everybody may hear of it. */
export interface StoredRow extends AppendRow {
  readonly seq: number;
  readonly lineage: string;
}

export interface FaultStore {
  /** As a relay sees it; calls of a relay that was killed never answer. */
  connect(relay: string, isAlive: () => boolean): SyncStore;
  /** Stores a row without any fault: the relay's own writer has tests of its own for those. */
  append(row: AppendRow, relay: string): Promise<AppendResult | undefined>;
  /** Everything that was ever stored under this lineage, applied row by row: what no snapshot may change. */
  readonly truth: Y.Doc;
  readonly lineage: string;
  /** The document as a relay would load it now. */
  loaded(): Promise<Y.Doc>;
  /** How often a call fails, or answers late, from now on. */
  faults: { away: boolean; slow: number; lost: number };
  readonly counts: {
    rows: number;
    snapshots: number;
    generations: number;
    /** Answers that were lost; of these, to an append that was done. */
    lost: number;
    lostAppends: number;
  };
}

export interface FaultStoreOptions {
  readonly documentId: string;
  readonly time: VirtualTime;
  readonly random: Random;
  /** Told of every row that was stored, and the relay that sent it. */
  readonly onRow: (row: StoredRow, relay: string) => void;
  /** Takes what must never happen; an error here would look like a fault of the database. */
  readonly violations: string[];
}

const SLOWEST_MS = 400;
/** Longer than an empty room stays: a connection that hangs. */
const HANG_MS = 8_000;
const HANGS = 0.04;

/** What two documents must have in common to be the same: how far each client goes, and what is shown. */
function digestOf(doc: Y.Doc): string {
  const clocks = [...Y.decodeStateVector(Y.encodeStateVector(doc))].sort(([a], [b]) => a - b);
  const shards = ['s0', 's1', 's2'].map((name) => doc.getArray(name).toJSON());
  return JSON.stringify([clocks, doc.store.pendingStructs !== null, shards]);
}

export function createFaultStore(options: FaultStoreOptions): FaultStore {
  const { documentId, time, random, violations } = options;
  const memory = createMemoryStore();
  memory.createList(documentId, {});
  let truth = new Y.Doc();
  /** The rows of this lineage that no snapshot has yet, and the state before them. */
  let rowsSince: { seq: number; data: Uint8Array }[] = [];
  let base = new Y.Doc();
  const counts = { rows: 0, snapshots: 0, generations: 0, lost: 0, lostAppends: 0 };

  const never = () => new Promise<never>(() => undefined);
  const wait = (ms: number) => new Promise<void>((done) => time.schedule(ms, () => done()));
  const slowness = () => wait(random.chance(HANGS) ? random.int(HANG_MS) : random.int(SLOWEST_MS));

  function log() {
    const found = memory.logs.get(documentId);
    if (found === undefined) throw new Error('the list is gone');
    return found;
  }

  /** One call over the line: late, failed before, done, failed after; and nothing comes back to the dead. */
  async function call<T>(isAlive: () => boolean, work: () => Promise<T>, onLost?: () => void): Promise<T> {
    if (random.chance(store.faults.slow)) await slowness();
    if (!isAlive() && random.chance(0.5)) return never();
    if (store.faults.away) throw new AppError('storage-unavailable');
    const answer = await work();
    if (random.chance(store.faults.slow)) await slowness();
    if (!isAlive()) return never();
    if (random.chance(store.faults.lost)) {
      counts.lost += 1;
      onLost?.();
      throw new AppError('storage-unavailable', { message: 'the answer was lost' });
    }
    return answer;
  }

  /** Each row builds on what was stored before it, under the same lineage. */
  function noteRow(row: AppendRow, relay: string, seq: number): void {
    options.onRow({ ...row, seq, lineage: log().lineage }, relay);
    Y.applyUpdate(truth, row.data);
    if (truth.store.pendingStructs !== null || truth.store.pendingDs !== null)
      violations.push(`row ${seq} builds on something that is not there`);
    rowsSince.push({ seq, data: row.data });
    counts.rows += 1;
    checkRows();
  }

  /** Snapshot and rows are together all that was ever stored: none between is missing. */
  function checkRows(): void {
    const { snapshot, rows, head } = log();
    const first = (snapshot?.seq ?? 0) + 1;
    if (rows.length !== head - first + 1 || rows.some(({ seq }, index) => seq !== first + index))
      violations.push(`the log has not all of the rows ${first} to ${head}`);
  }

  /** It is what the rows up to its sequence came to, no more and no less. */
  function noteSnapshot({ seq, update }: SnapshotToStore): void {
    counts.snapshots += 1;
    for (const row of rowsSince) if (row.seq <= seq) Y.applyUpdate(base, row.data);
    rowsSince = rowsSince.filter((row) => row.seq > seq);
    const snapshot = new Y.Doc();
    Y.applyUpdate(snapshot, update);
    if (digestOf(snapshot) !== digestOf(base))
      violations.push(`the snapshot of row ${seq} is not what was stored`);
    checkRows();
  }

  /** The same is shown as before, under another lineage. */
  function noteGeneration({ update }: Generation): void {
    const rebuilt = new Y.Doc();
    Y.applyUpdate(rebuilt, update);
    for (const name of truth.share.keys()) {
      const [before, after] = [truth, rebuilt].map((doc) => JSON.stringify(doc.getArray(name)));
      if (before !== after) violations.push(`${name} is not what was stored: ${before} ${after}`);
    }
    truth = rebuilt;
    base = new Y.Doc();
    Y.applyUpdate(base, update);
    rowsSince = [];
    counts.generations += 1;
    checkRows();
  }

  async function append(rows: readonly AppendRow[], relay: string) {
    const results = await memory.append(rows);
    for (const [index, row] of rows.entries()) {
      const result = results[index];
      if (result?.ok === true) noteRow(row, relay, result.seq);
    }
    return results;
  }

  const store: FaultStore = {
    get truth() {
      return truth;
    },
    get lineage() {
      return log().lineage;
    },
    counts,
    faults: { away: false, slow: 0, lost: 0 },
    connect: (relay, isAlive) => ({
      ...memory,
      load: (id) => call(isAlive, () => memory.load(id)),
      readAfter: (id, seq) => call(isAlive, () => memory.readAfter(id, seq)),
      heads: (ids) => call(isAlive, () => memory.heads(ids)),
      append: (rows) =>
        call(
          isAlive,
          () => append(rows, relay),
          () => {
            counts.lostAppends += 1;
          },
        ),
      putSnapshot: (snapshot) =>
        call(isAlive, async () => {
          const outcome = await memory.putSnapshot(snapshot);
          if (outcome === 'ok') noteSnapshot(snapshot);
          return outcome;
        }),
      putGeneration: (id, generation) =>
        call(isAlive, async () => {
          const outcome = await memory.putGeneration(id, generation);
          if (outcome === 'ok') noteGeneration(generation);
          return outcome;
        }),
    }),
    append: async (row, relay) => (await append([row], relay))[0],
    async loaded() {
      const { snapshot, rows } = await memory.load(documentId);
      const doc = new Y.Doc();
      if (snapshot !== undefined) Y.applyUpdate(doc, snapshot.update);
      for (const { update } of rows) Y.applyUpdate(doc, update);
      return doc;
    },
  };
  return store;
}
