// The relay's own writing and reading of list documents: brings the worker's copy up to the log, lets it compute,
// commits with a compare-and-swap of the writer's clock, and computes again when somebody else was quicker.
import { AppError, crc32c, FORMAT, type RestoreCounts } from '@wedsync/shared';
import type { EventBus } from '../events.ts';
import type { DocumentHead, DocumentStore } from '../store/document-store.ts';
import { callJson, type Rpc } from '../store/rpc.ts';
import type { DocumentThread } from './document-thread.ts';
import type { EventBatch, EventContext, EventResult, OwnRecords } from './event.ts';
import { candidateRecordIds } from './integrate-events.ts';
import type { CapturedVersion } from './restore-version.ts';
import type { AllRows, Computed, Projection, WriterIdentity } from './tasks.ts';

export interface DocumentWriterOptions {
  readonly rpc: Rpc;
  readonly store: DocumentStore;
  readonly thread: DocumentThread;
  readonly events: EventBus;
}

export type ApplyOutcome =
  | { readonly outcome: 'committed'; readonly results: readonly EventResult[] }
  /** Another worker has the events by now: nothing was written. */
  | { readonly outcome: 'lease-lost' }
  | { readonly outcome: 'gone' };

export interface DocumentWriter {
  /** Writes what events of one source mean and marks them as done, in one transaction. `token` is their lease. */
  applyEvents(batch: Omit<EventBatch, 'context'>, token: string): Promise<ApplyOutcome>;
  /** Writes records of the relay's own that are not there yet. Safe to repeat. Throws `not-found`. */
  writeOwn(listId: string, own: OwnRecords): Promise<void>;
  /** A list's first record: name and format. Safe to repeat. */
  ensureList(list: { readonly id: string; readonly name: string; readonly atMs: number }): Promise<void>;
  /** The list as it is now. Throws `not-found`. */
  capture(listId: string): Promise<CapturedVersion>;
  /** What restoring would change. Throws `not-found`. */
  previewRestore(listId: string, content: Uint8Array): Promise<RestoreCounts>;
  /**
   * Brings the list back to a captured version, as an edit of the person `by`. Undefined, and nothing written, when
   * the list has moved on from `atSeq`. Throws `not-found`.
   */
  restore(listId: string, restore: Restore): Promise<RestoreCounts | undefined>;
  /** What the read model must be told, after reading the log to its end; undefined when it is up to date. */
  readProjection(documentId: string): Promise<Projection | undefined>;
  noteProjected(documentId: string, seq: number): Promise<void>;
  /** Every record as of the end of the log; undefined for an unknown document. */
  readAll(documentId: string): Promise<AllRows | undefined>;
}

/**
 * `content` as captured; `by` is the user id that the log names as the author; `atMs` the stamp, UTC; `atSeq` the row
 * up to which what is replaced has been kept.
 */
export type Restore = {
  readonly content: Uint8Array;
  readonly by: string;
  readonly atMs: number;
  readonly atSeq: number;
};

/** `stopped`: the list is not where it may be written; nothing was. */
type WriteOutcome = { readonly outcome: 'stopped' } | ApplyOutcome;

type CommitAnswer =
  | { ok: true; seq: number | null; storedAt: number }
  | { ok: false; code: 'clock' | 'lease' | 'gone' };

type Commit = {
  readonly documentId: string;
  readonly head: DocumentHead;
  readonly sender: string;
  readonly sourceId: string;
  readonly token: string;
  readonly computed: Computed;
};

/** Tries against other relays that write the same document; each try reads what they wrote first. */
const MAX_ATTEMPTS = 8;

export function createDocumentWriter(options: DocumentWriterOptions): DocumentWriter {
  const { rpc, store, thread, events } = options;
  const turns = new Map<string, Promise<unknown>>();

  /** One piece of work per document at a time. */
  function inTurn<T>(documentId: string, work: () => Promise<T>): Promise<T> {
    const before = turns.get(documentId) ?? Promise.resolve();
    const own = before.then(work, work);
    const settled = own.then(
      () => undefined,
      () => undefined,
    );
    turns.set(documentId, settled);
    void settled.then(() => {
      if (turns.get(documentId) === settled) turns.delete(documentId);
    });
    return own;
  }

  async function load(documentId: string): Promise<DocumentHead | undefined> {
    const stored = await store.load(documentId);
    if (stored === undefined) return undefined;
    const { lineage, snapshot, head, rows } = stored;
    const base = {
      lineage,
      seq: snapshot?.seq ?? 0,
      update: snapshot?.update,
      projectedSeq: head.projectedSeq,
    };
    await thread.run({ task: 'load', documentId, base });
    await thread.run({ task: 'rows', documentId, rows });
    return head;
  }

  /** The worker's copy at the end of the log. Undefined when there is no such document. */
  async function sync(documentId: string): Promise<DocumentHead | undefined> {
    const head = await store.open(documentId);
    if (head === undefined) return undefined;
    let position = await thread.run({ task: 'position', documentId });
    while (position !== undefined && position.lineage === head.lineage && position.seq < head.head) {
      const rows = await store.readAfter(documentId, position.seq);
      // A snapshot has taken the place of the rows that come next.
      if (rows[0]?.seq !== position.seq + 1) break;
      position = await thread.run({ task: 'rows', documentId, rows });
    }
    if (position === undefined || position.lineage !== head.lineage || position.seq < head.head)
      return await load(documentId);
    if (position.projectedSeq < head.projectedSeq)
      await thread.run({ task: 'projected', documentId, seq: head.projectedSeq });
    return head;
  }

  async function send(commit: Commit): Promise<CommitAnswer> {
    const { documentId, head, computed } = commit;
    const { update } = computed;
    return await callJson<CommitAnswer>(rpc, 'ws_apply', {
      p_doc: documentId,
      p_lineage: head.lineage,
      p_clock: String(head.writerClock),
      p_next_clock: String(computed.clock),
      p_data: update === undefined ? '' : Buffer.from(update).toString('base64'),
      p_crc: update === undefined ? '0' : String(crc32c(update)),
      p_sender: commit.sender,
      p_source: commit.sourceId,
      p_token: commit.token,
      p_results: JSON.stringify(computed.results),
      // What a source wrote is in the history with the commit. The relay's own writes may be as large as a list:
      // the projection writes theirs, in pieces between which others get their turn.
      p_history: commit.sourceId === '' ? '[]' : JSON.stringify(computed.history),
    });
  }

  function announce(
    { documentId, head }: Pick<Commit, 'documentId' | 'head'>,
    seq: number,
    data: Uint8Array,
  ) {
    events.emit('log.relayed', { documentId, lineage: head.lineage, seq, data });
    events.emit('log.appended', { documentId, headSeq: seq });
  }

  /** Reads, asks `mayWrite` where it says so, computes, commits; again while another relay is quicker. */
  async function writeInTurn(
    documentId: string,
    by: { readonly sender: string; readonly sourceId: string; readonly token: string },
    compute: (writer: WriterIdentity) => Promise<Computed | undefined>,
    mayWrite: () => Promise<boolean> = async () => true,
  ): Promise<WriteOutcome> {
    const drop = () => thread.run({ task: 'drop', documentId });
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const head = await sync(documentId);
      if (head === undefined) return { outcome: 'gone' };
      if (!(await mayWrite())) return { outcome: 'stopped' };
      const computed = await compute({ id: head.writerId, clock: head.writerClock, sender: by.sender });
      if (computed === undefined) {
        await drop();
        continue;
      }
      let answer: CommitAnswer;
      try {
        answer = await send({ documentId, head, ...by, computed });
      } catch (error) {
        // It may have been committed all the same: only the log knows.
        await drop();
        throw error;
      }
      if (answer.ok) {
        if (computed.update !== undefined && answer.seq !== null) {
          await thread.run({ task: 'committed', documentId, seq: answer.seq, storedAtMs: answer.storedAt });
          announce({ documentId, head }, answer.seq, computed.update);
        }
        return { outcome: 'committed', results: computed.results };
      }
      await drop();
      if (answer.code === 'lease') return { outcome: 'lease-lost' };
      if (answer.code === 'gone') return { outcome: 'gone' };
    }
    throw new AppError('storage-conflict', { message: 'other relays wrote the document first, every time' });
  }

  async function readContext(batch: Omit<EventBatch, 'context'>): Promise<EventContext> {
    const externalIds = [
      ...new Set(
        batch.events.flatMap(({ externalId, aliases = [], mergedIds = [] }) => [
          externalId,
          ...aliases,
          ...mergedIds,
        ]),
      ),
    ];
    const candidates = candidateRecordIds(batch.listId, batch.source.id, externalIds);
    const ask = (recordIds: readonly string[]): Promise<EventContext> =>
      callJson<EventContext>(rpc, 'ws_apply_context', {
        p_source: batch.source.id,
        p_list: batch.listId,
        p_external: externalIds,
        p_candidates: recordIds,
      });
    const context = await ask(candidates);
    // What a person has merged is known in the document alone.
    const survivors = await thread.run({
      task: 'survivors',
      documentId: batch.listId,
      recordIds: [...Object.values(context.links), ...candidates],
    });
    return survivors === undefined || survivors.length === 0
      ? context
      : await ask([...candidates, ...survivors]);
  }

  async function writeOwn(listId: string, own: OwnRecords): Promise<void> {
    const by = { sender: 'service', sourceId: '', token: '' };
    const { outcome } = await inTurn(listId, () =>
      writeInTurn(listId, by, (writer) => thread.run({ task: 'own', documentId: listId, writer, own })),
    );
    if (outcome !== 'committed') throw noList();
  }

  const noList = () => new AppError('not-found', { message: 'there is no such list' });

  /** Reads from the worker's copy, brought up to the log. */
  function read<T>(listId: string, ask: () => Promise<T | undefined>): Promise<T> {
    return inTurn(listId, async () => {
      const answer = (await sync(listId)) === undefined ? undefined : await ask();
      if (answer === undefined) throw noList();
      return answer;
    });
  }

  async function restore(listId: string, restore: Restore): Promise<RestoreCounts | undefined> {
    const { content, by, atMs, atSeq } = restore;
    let counts: RestoreCounts | undefined;
    const compute = async (writer: WriterIdentity) => {
      const computed = await thread.run({ task: 'restore', documentId: listId, writer, content, atMs });
      counts = computed?.counts;
      return computed;
    };
    // What comes from then on the restore has not seen: it stays beside it, as any edit that was made meanwhile.
    const isThere = async () => (await thread.run({ task: 'position', documentId: listId }))?.seq === atSeq;
    const { outcome } = await inTurn(listId, () =>
      writeInTurn(listId, { sender: by, sourceId: '', token: '' }, compute, isThere),
    );
    if (outcome === 'stopped') return undefined;
    if (outcome !== 'committed' || counts === undefined) throw noList();
    return counts;
  }

  return {
    writeOwn,
    capture: (listId) => read(listId, () => thread.run({ task: 'capture', documentId: listId })),
    previewRestore: (listId, content) =>
      read(listId, () => thread.run({ task: 'preview', documentId: listId, content })),
    restore,
    ensureList: ({ id, name, atMs }) =>
      writeOwn(id, { atMs, meta: [{ id: 'list', fields: { name, format: FORMAT } }], records: [] }),
    applyEvents: (batch, token) =>
      inTurn(batch.listId, async () => {
        const by = { sender: `source:${batch.source.id}`, sourceId: batch.source.id, token };
        const ended = await writeInTurn(batch.listId, by, async (writer) =>
          thread.run({
            task: 'integrate',
            documentId: batch.listId,
            writer,
            batch: { ...batch, context: await readContext(batch) },
          }),
        );
        // Nothing is asked before it writes.
        if (ended.outcome === 'stopped') throw new Error('a write of events was stopped');
        return ended;
      }),
    readProjection: (documentId) =>
      inTurn(documentId, async () => {
        const head = await sync(documentId);
        return head === undefined ? undefined : await thread.run({ task: 'project', documentId });
      }),
    readAll: (documentId) =>
      inTurn(documentId, async () =>
        (await sync(documentId)) === undefined ? undefined : await thread.run({ task: 'all', documentId }),
      ),
    noteProjected: (documentId, seq) =>
      inTurn(documentId, async () => {
        await thread.run({ task: 'projected', documentId, seq });
      }),
  };
}
