// The log in memory with the faults of a database: slow, away, and answers that are lost after the write was done.
import { AppError } from '@wedsync/shared';
import type { Random } from '@wedsync/shared/testing';
import * as Y from 'yjs';
import type { AppendRow } from '../../src/store/append-row.ts';
import type { SyncStore } from '../../src/sync.ts';
import { createMemoryStore } from '../helpers/memory-store.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface FaultStore {
  /** As a relay sees it; calls of a relay that was killed never answer. */
  connect(isAlive: () => boolean): SyncStore;
  /** Everything that was ever stored under this lineage, applied row by row: what no snapshot may change. */
  readonly truth: Y.Doc;
  readonly lineage: string | undefined;
  /** The document as a relay would load it now. */
  loaded(): Promise<Y.Doc>;
  /** How often a call fails, or answers late, from now on. */
  faults: { away: boolean; slow: number; lost: number };
  readonly counts: { rows: number; snapshots: number; lost: number; generations: number };
}

const SLOWEST_MS = 400;

export interface FaultStoreOptions {
  readonly documentId: string;
  readonly time: VirtualTime;
  readonly random: Random;
  /** Told of every row that was stored. */
  readonly onRow: (row: AppendRow) => void;
  /** Takes what must never happen; an error here would look like a fault of the database. */
  readonly violations: string[];
}

export function createFaultStore(options: FaultStoreOptions): FaultStore {
  const { documentId, time, random, violations } = options;
  const memory = createMemoryStore();
  memory.createList(documentId, {});
  let truth = new Y.Doc();
  const counts = { rows: 0, snapshots: 0, lost: 0, generations: 0 };

  const never = () => new Promise<never>(() => undefined);
  const wait = (ms: number) => new Promise<void>((done) => time.schedule(ms, () => done()));

  /** One call over the line: late, failed before, done, failed after; and nothing comes back to the dead. */
  async function call<T>(isAlive: () => boolean, work: () => Promise<T>): Promise<T> {
    if (random.chance(store.faults.slow)) await wait(random.int(SLOWEST_MS));
    if (!isAlive() && random.chance(0.5)) return never();
    if (store.faults.away) throw new AppError('storage-unavailable');
    const answer = await work();
    if (random.chance(store.faults.slow)) await wait(random.int(SLOWEST_MS));
    if (!isAlive()) return never();
    if (random.chance(store.faults.lost)) {
      counts.lost += 1;
      throw new AppError('storage-unavailable', { message: 'the answer was lost' });
    }
    return answer;
  }

  /** Each row builds on what was stored before it, under the same lineage. */
  function note(row: AppendRow): void {
    options.onRow(row);
    Y.applyUpdate(truth, row.data);
    if (truth.store.pendingStructs !== null || truth.store.pendingDs !== null)
      violations.push('a row of the log builds on something that is not there');
    counts.rows += 1;
  }

  const store: FaultStore = {
    get truth() {
      return truth;
    },
    get lineage() {
      return memory.logs.get(documentId)?.lineage;
    },
    counts,
    faults: { away: false, slow: 0, lost: 0 },
    connect: (isAlive) => ({
      ...memory,
      load: (id) => call(isAlive, () => memory.load(id)),
      readAfter: (id, seq) => call(isAlive, () => memory.readAfter(id, seq)),
      heads: (ids) => call(isAlive, () => memory.heads(ids)),
      append: (rows) =>
        call(isAlive, async () => {
          const results = await memory.append(rows);
          for (const [index, row] of rows.entries()) if (results[index]?.ok === true) note(row);
          return results;
        }),
      putSnapshot: (snapshot) =>
        call(isAlive, async () => {
          const outcome = await memory.putSnapshot(snapshot);
          if (outcome === 'ok') counts.snapshots += 1;
          return outcome;
        }),
      putGeneration: (id, generation) =>
        call(isAlive, async () => {
          const outcome = await memory.putGeneration(id, generation);
          if (outcome !== 'ok') return outcome;
          const rebuilt = new Y.Doc();
          Y.applyUpdate(rebuilt, generation.update);
          for (const name of truth.share.keys()) {
            const [before, after] = [truth, rebuilt].map((doc) => JSON.stringify(doc.getArray(name)));
            if (before !== after) violations.push(`${name} is not what was stored: ${before} ${after}`);
          }
          truth = rebuilt;
          counts.generations += 1;
          return outcome;
        }),
    }),
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
