// The log of documents in memory, for tests of the sync service alone: as strict as the database about sequences
// and compare-and-swap, and with switches for the faults that a database has.
import { AppError, parseDocumentId, type Role } from '@wedsync/shared';
import type { SnapshotToStore } from '../../src/room/compaction.ts';
import type { Quarantined } from '../../src/session/services.ts';
import type { AppendRow } from '../../src/store/append-row.ts';
import type { SyncStore } from '../../src/sync.ts';

interface StoredLog {
  lineage: string;
  head: number;
  snapshot: { seq: number; update: Uint8Array } | undefined;
  rows: { seq: number; update: Uint8Array; sender: string }[];
}

export interface MemoryStore extends SyncStore {
  readonly logs: Map<string, StoredLog>;
  readonly quarantined: Quarantined[];
  readonly roles: Map<string, Role>;
  /** Makes a list document and its owner's right. */
  createList(listId: string, members: Readonly<Record<string, Role>>): void;
  /** While set, every call fails as if the database were away. */
  isAway: boolean;
  /** While set, appends wait for it before they are stored. */
  gate: Promise<void> | undefined;
}

const emptyLog = (): StoredLog => ({ lineage: 'memory', head: 0, snapshot: undefined, rows: [] });

export function createMemoryStore(): MemoryStore {
  const logs = new Map<string, StoredLog>();
  const roles = new Map<string, Role>();
  const quarantined: Quarantined[] = [];

  function check(): void {
    if (store.isAway) throw new AppError('storage-unavailable');
  }

  const store: MemoryStore = {
    logs,
    roles,
    quarantined,
    isAway: false,
    gate: undefined,
    createList(listId, members) {
      logs.set(listId, emptyLog());
      for (const [userId, role] of Object.entries(members)) roles.set(`${listId} ${userId}`, role);
    },
    async load(documentId) {
      check();
      const document = parseDocumentId(documentId);
      const isMadeOnUse =
        document?.kind === 'free' || (document?.kind === 'notes' && logs.has(document.listId));
      if (!logs.has(documentId) && isMadeOnUse) logs.set(documentId, emptyLog());
      const log = logs.get(documentId);
      if (log === undefined) throw new AppError('not-found');
      const after = log.snapshot?.seq ?? 0;
      return {
        lineage: log.lineage,
        headSeq: log.head,
        snapshot: log.snapshot,
        rows: log.rows.filter(({ seq }) => seq > after),
      };
    },
    async append(rows: readonly AppendRow[]) {
      await store.gate;
      check();
      return rows.map(({ documentId, lineage, data, sender }) => {
        const log = logs.get(documentId);
        if (log === undefined) return { ok: false, code: 'not-found' } as const;
        if (lineage !== undefined && lineage !== log.lineage)
          return { ok: false, code: 'lineage-changed' } as const;
        log.head += 1;
        log.rows.push({ seq: log.head, update: new Uint8Array(data), sender });
        return { ok: true, seq: log.head } as const;
      });
    },
    async readAfter(documentId, after) {
      check();
      return (logs.get(documentId)?.rows ?? []).filter(({ seq }) => seq > after).slice(0, 100);
    },
    async heads(documentIds) {
      check();
      return documentIds.map((documentId) => {
        const log = logs.get(documentId);
        return log && { seq: log.head, lineage: log.lineage };
      });
    },
    async putSnapshot({ documentId, seq, oldSeq, update }: SnapshotToStore) {
      check();
      const log = logs.get(documentId);
      if (log === undefined || (log.snapshot?.seq ?? 0) !== oldSeq) return 'conflict';
      log.snapshot = { seq, update };
      log.rows = log.rows.filter((row) => row.seq > seq);
      return 'ok';
    },
    async putGeneration(documentId, { lineage, seq, update }) {
      check();
      const log = logs.get(documentId);
      if (log === undefined || log.lineage !== lineage || log.head !== seq) return 'conflict';
      const head = seq + 1;
      logs.set(documentId, { lineage: `memory ${head}`, head, snapshot: { seq: head, update }, rows: [] });
      return 'ok';
    },
    async quarantine(refused) {
      check();
      quarantined.push(refused);
    },
    async rolesOf(rights) {
      check();
      return rights.map(({ listId, userId }) => roles.get(`${listId} ${userId}`) ?? '');
    },
  };
  return store;
}
