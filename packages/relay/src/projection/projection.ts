// Keeps the read model and the field history up to date with the logs: woken by every append, and asking now and
// then for lists that another relay left behind.
import { isListId } from '@wedsync/shared';
import type { Logger } from 'pino';
import type { EventBus } from '../events.ts';
import { callJson, type Rpc } from '../store/rpc.ts';
import type { DocumentWriter } from '../writer/document-writer.ts';

export interface ProjectionOptions {
  readonly rpc: Rpc;
  readonly writer: Pick<DocumentWriter, 'readProjection' | 'noteProjected'>;
  readonly events: EventBus;
  readonly log: Logger;
  readonly schedule: (ms: number, callback: () => void) => () => void;
}

export interface Projection {
  /** Projects a list to the end of its log; resolves when that is done. Rejects when the database is away. */
  catchUp(listId: string): Promise<void>;
  /** Ends after the step that is under way. */
  close(): Promise<void>;
}

/** Typing makes many small updates; they are projected together. */
const GATHER_MS = 50;
const POLL_MS = 5_000;
const FAILED_MS = 1_000;
const BEHIND_LIMIT = 100;

export function createProjection(options: ProjectionOptions): Projection {
  const { rpc, writer, events, log } = options;
  const behind = new Set<string>();
  let running: Promise<void> | undefined;
  let cancelTimer: (() => void) | undefined;
  let cancelPoll: (() => void) | undefined;
  let isClosed = false;

  const send = (listId: string, from: number, to: number, chunk: { rows: string; history: string }) =>
    rpc('ws_project', {
      p_doc: listId,
      p_from: String(from),
      p_to: String(to),
      p_rows: chunk.rows,
      p_history: chunk.history,
    });

  /** Pieces first, the last of them with the step: until then nothing counts as projected. */
  async function catchUp(listId: string): Promise<void> {
    const step = await writer.readProjection(listId);
    if (step === undefined) return;
    const { fromSeq, toSeq, chunks, recordIds } = step;
    const last = chunks.at(-1) ?? { rows: '[]', history: '[]' };
    for (const chunk of chunks.slice(0, -1))
      if ((await send(listId, fromSeq, fromSeq, chunk)) !== 'ok') return;
    // Another relay was first: what it projected is noted when the document is read the next time.
    if ((await send(listId, fromSeq, toSeq, last)) !== 'ok') return;
    await writer.noteProjected(listId, toSeq);
    if (recordIds.length > 0) events.emit('record.changed', { listId, recordIds });
  }

  async function work(): Promise<void> {
    for (const listId of behind) {
      if (isClosed) return;
      behind.delete(listId);
      try {
        await catchUp(listId);
      } catch (error) {
        log.warn({ error, listId }, 'a list could not be projected');
        behind.add(listId);
        return start(FAILED_MS);
      }
    }
  }

  function start(afterMs: number): void {
    if (isClosed || cancelTimer !== undefined || behind.size === 0) return;
    cancelTimer = options.schedule(afterMs, () => {
      cancelTimer = undefined;
      if (running !== undefined) return;
      running = work().finally(() => {
        running = undefined;
        start(GATHER_MS);
      });
    });
  }

  async function poll(): Promise<void> {
    try {
      const args = { p_limit: String(BEHIND_LIMIT) };
      for (const listId of await callJson<string[]>(rpc, 'ws_unprojected', args)) behind.add(listId);
      start(0);
    } catch (error) {
      log.debug({ error }, 'the database did not say which lists are behind');
    }
    if (!isClosed) cancelPoll = options.schedule(POLL_MS, () => void poll());
  }

  const unsubscribe = events.on('log.appended', ({ documentId }) => {
    if (!isListId(documentId)) return;
    behind.add(documentId);
    start(GATHER_MS);
  });
  void poll();

  return {
    catchUp,
    async close() {
      isClosed = true;
      unsubscribe();
      cancelTimer?.();
      cancelPoll?.();
      await running;
    },
  };
}
