// New generations of documents (DOCUMENT rule 20): a document with too many Yjs client ids, or of little but
// tombstones, is rebuilt in the thread from its live entries and swapped in under a new lineage, if nothing was
// appended meanwhile. Its sockets are then sent away to come back and rebase.
import { randomInt } from 'node:crypto';
import { AppError, type DocumentKind } from '@wedsync/shared';
import * as Y from 'yjs';
import type { Generation, SwapOutcome } from '../store/document-store.ts';
import type { StoredDocument } from './load.ts';
import type { MergePool } from './merge/merge-pool.ts';
import type { DocumentShape } from './merge/rebuild.ts';
import type { RoomRegistry } from './registry.ts';
import type { Room } from './room.ts';

export interface GenerationsOptions {
  readonly registry: Pick<RoomRegistry, 'get' | 'fail'>;
  /** Rejects `not-found` for an unknown document. */
  readonly load: (documentId: string) => Promise<StoredDocument>;
  readonly putGeneration: (documentId: string, generation: Generation) => Promise<SwapOutcome>;
  readonly pool: MergePool;
  readonly kindOf: (documentId: string) => DocumentKind;
  /** More Yjs client ids than this make a document due. */
  readonly clientIds: number;
  /** ms since 1970 */
  readonly now: () => number;
  readonly onRebuilt: (documentId: string, rebuilt: Rebuilt) => void;
  readonly onError: (documentId: string, error: unknown) => void;
}

/** What it was, and how many bytes are left of how many. */
export interface Rebuilt extends DocumentShape {
  readonly bytesBefore: number;
  readonly bytesAfter: number;
}

export interface Generations {
  /** Rebuilds the document of a room soon if its shape asks for it; at most once in a while. */
  consider(room: Room, shape: DocumentShape): void;
  /** Rebuilds a document now. Rejects `not-found`, `invalid-request` for a free document, and retryably. */
  rebuild(documentId: string): Promise<Rebuilt>;
  /** Resolves when what is queued by now is done. */
  idle(): Promise<void>;
  close(): void;
}

/** Rebuilding makes every device load the list again: not more often than this, whatever happens. */
const PAUSE_MS = 6 * 60 * 60 * 1_000;
/** Other relays and the relay's own writer may append while it is rebuilt. */
const MAX_TRIES = 5;
/** "Mostly tombstones": this many for each live entry, and enough of them to be worth it. */
const DELETED_PER_LIVE = 5;
const MIN_DELETED = 10_000;

export function needsGeneration({ clients, live, deleted }: DocumentShape, clientIds: number): boolean {
  return clients > clientIds || (deleted >= MIN_DELETED && deleted >= live * DELETED_PER_LIVE);
}

export function createGenerations(options: GenerationsOptions): Generations {
  const { registry, now } = options;
  /** One at a time in the whole relay, as compaction is. */
  let chain: Promise<void> = Promise.resolve();
  const triedAt = new Map<string, number>();
  let isClosed = false;

  async function once(documentId: string): Promise<Rebuilt | undefined> {
    const { lineage, headSeq: seq, snapshot, rows } = await options.load(documentId);
    const updates = rows.map(({ update }) => update);
    const result = await options.pool.run({
      type: 'rebuild',
      kind: options.kindOf(documentId),
      snapshot: snapshot?.update,
      updates,
    });
    if (!result.ok) throw new AppError('internal', { message: `the rebuilt document is ${result.code}` });
    // Nothing live is left: then nobody has written yet.
    const [client, clock] = [...Y.decodeStateVector(result.stateVector)][0] ?? [randomInt(1, 2 ** 31), 0];
    const { update } = result;
    const outcome = await options.putGeneration(documentId, { lineage, seq, update, client, clock });
    if (outcome !== 'ok') return undefined;
    if (registry.get(documentId)?.lineage === lineage) registry.fail(documentId, 'lineage-changed');
    const bytesBefore = updates.reduce((sum, { length }) => sum + length, snapshot?.update.length ?? 0);
    const shape = result.shape ?? { clients: 0, live: 0, deleted: 0 };
    return { ...shape, bytesBefore, bytesAfter: update.length };
  }

  /** What is edited here meanwhile waits before the log, so that only others can be quicker. */
  async function rebuild(documentId: string): Promise<Rebuilt> {
    triedAt.set(documentId, now());
    const release = await registry.get(documentId)?.holdLog();
    try {
      for (let tries = 0; tries < MAX_TRIES && !isClosed; tries += 1) {
        const rebuilt = await once(documentId);
        if (rebuilt === undefined) continue;
        options.onRebuilt(documentId, rebuilt);
        return rebuilt;
      }
    } finally {
      // After the swap the room is gone, and what it held is refused: the devices bring it under the new lineage.
      release?.();
    }
    throw new AppError('storage-conflict', { message: 'the document is written by others all the time' });
  }

  function queue<T>(work: () => Promise<T>): Promise<T> {
    const own = chain.then(work);
    chain = own.then(
      () => undefined,
      () => undefined,
    );
    return own;
  }

  function forgetOld(): void {
    for (const [documentId, at] of triedAt) if (at <= now() - PAUSE_MS) triedAt.delete(documentId);
  }

  return {
    consider({ documentId }, shape) {
      forgetOld();
      if (isClosed || options.kindOf(documentId) === 'free' || triedAt.has(documentId)) return;
      if (!needsGeneration(shape, options.clientIds)) return;
      triedAt.set(documentId, now());
      queue(() => rebuild(documentId)).catch((error: unknown) => {
        if (!isClosed) options.onError(documentId, error);
      });
    },
    async rebuild(documentId) {
      if (options.kindOf(documentId) === 'free')
        throw new AppError('invalid-request', {
          message: 'only lists and their notes have entries to rebuild from',
        });
      return await queue(() => rebuild(documentId));
    },
    idle: () => chain,
    close() {
      isClosed = true;
    },
  };
}
