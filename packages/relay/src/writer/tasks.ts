// What the document worker does, by name: the messages between the relay's main thread and the worker, and the
// worker's side of them. One mirror per document, least recently used ones are forgotten.
import { mergeChain, type RestoreCounts } from '@wedsync/shared';
import type { EventBatch, EventResult, OwnRecords } from './event.ts';
import type { HistoryRow } from './history-row.ts';
import { integrateEvents } from './integrate-events.ts';
import { Mirror, type MirrorBase, type MirrorRow, type OwnUpdate } from './mirror.ts';
import { writeOwnRecords } from './own-records.ts';
import { allRows, type ProjectionChunk, projectionChunks } from './projection-chunks.ts';
import { type CapturedVersion, captureVersion, previewRestore, restoreVersion } from './restore-version.ts';

/** The relay's Yjs client id in a document, its next clock, and who the log names as the author. */
export type WriterIdentity = { readonly id: number; readonly clock: number; readonly sender: string };

export type Task =
  | { readonly task: 'position'; readonly documentId: string }
  | { readonly task: 'load'; readonly documentId: string; readonly base: MirrorBase }
  | { readonly task: 'rows'; readonly documentId: string; readonly rows: readonly MirrorRow[] }
  | { readonly task: 'survivors'; readonly documentId: string; readonly recordIds: readonly string[] }
  | {
      readonly task: 'integrate';
      readonly documentId: string;
      readonly writer: WriterIdentity;
      readonly batch: EventBatch;
    }
  | {
      readonly task: 'own';
      readonly documentId: string;
      readonly writer: WriterIdentity;
      readonly own: OwnRecords;
    }
  | {
      readonly task: 'committed';
      readonly documentId: string;
      readonly seq: number;
      readonly storedAtMs: number;
    }
  | { readonly task: 'capture'; readonly documentId: string }
  | { readonly task: 'preview'; readonly documentId: string; readonly content: Uint8Array }
  | {
      readonly task: 'restore';
      readonly documentId: string;
      readonly writer: WriterIdentity;
      readonly content: Uint8Array;
      readonly atMs: number;
    }
  | { readonly task: 'drop'; readonly documentId: string }
  | { readonly task: 'project'; readonly documentId: string }
  | { readonly task: 'all'; readonly documentId: string }
  | { readonly task: 'projected'; readonly documentId: string; readonly seq: number };

export type Position = { readonly lineage: string; readonly seq: number; readonly projectedSeq: number };

/** An update that waits for its commit, and what each event came to. */
export type Computed = {
  readonly update: Uint8Array | undefined;
  readonly clock: number;
  readonly history: readonly HistoryRow[];
  readonly results: readonly EventResult[];
};

export type Projection = {
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly recordIds: readonly string[];
  readonly chunks: readonly ProjectionChunk[];
};

/** `rows`: JSON arrays of rows for `ws_rebuild`. */
export type AllRows = {
  readonly seq: number;
  readonly recordIds: readonly string[];
  readonly rows: readonly string[];
};

export type Answers = {
  position: Position | undefined;
  load: Position;
  /** Undefined when the document is not loaded (any more). */
  rows: Position | undefined;
  /** Records that some of these were merged into. */
  survivors: readonly string[] | undefined;
  integrate: Computed | undefined;
  own: Computed | undefined;
  committed: undefined;
  capture: CapturedVersion | undefined;
  preview: RestoreCounts | undefined;
  restore: (Computed & { readonly counts: RestoreCounts }) | undefined;
  drop: undefined;
  project: Projection | undefined;
  all: AllRows | undefined;
  projected: undefined;
};

type Held = { readonly mirror: Mirror; own: OwnUpdate | undefined };

const positionOf = ({ lineage, seq, projectedSeq }: Mirror): Position => ({ lineage, seq, projectedSeq });

/** @param maxDocuments how many mirrors are kept; one of 10,000 couples takes about 15 MB */
export function createTaskRunner(maxDocuments: number): <T extends Task>(task: T) => Answers[T['task']] {
  const mirrors = new Map<string, Held>();

  function drop(documentId: string): void {
    mirrors.get(documentId)?.mirror.close();
    mirrors.delete(documentId);
  }

  function hold(documentId: string, base: MirrorBase): Mirror {
    drop(documentId);
    for (const oldest of mirrors.keys()) {
      if (mirrors.size < maxDocuments) break;
      drop(oldest);
    }
    const mirror = new Mirror(base);
    mirrors.set(documentId, { mirror, own: undefined });
    return mirror;
  }

  function find(documentId: string): Held | undefined {
    const held = mirrors.get(documentId);
    if (held === undefined) return undefined;
    mirrors.delete(documentId);
    mirrors.set(documentId, held);
    return held;
  }

  function write(
    held: Held,
    writer: WriterIdentity,
    change: (mirror: Mirror) => readonly EventResult[],
  ): Computed | undefined {
    let results: readonly EventResult[] = [];
    const own = held.mirror.write(writer, () => {
      results = change(held.mirror);
    });
    if (own === undefined) return undefined;
    held.own = own;
    return { update: own.update, clock: own.clock, history: own.history, results };
  }

  function run(task: Task, held: Held | undefined): Answers[Task['task']] {
    if (task.task === 'load') return positionOf(hold(task.documentId, task.base));
    if (held === undefined) return undefined;
    switch (task.task) {
      case 'position':
        return positionOf(held.mirror);
      case 'rows':
        for (const row of task.rows) held.mirror.apply(row);
        return positionOf(held.mirror);
      case 'survivors':
        return [...new Set(task.recordIds.flatMap((id) => mergeChain(held.mirror.index, id).slice(1)))];
      case 'integrate':
        return write(held, task.writer, (mirror) => integrateEvents(mirror, task.batch));
      case 'own':
        return write(held, task.writer, (mirror) => {
          writeOwnRecords(mirror, task.own);
          return [];
        });
      case 'committed':
        if (held.own !== undefined) held.mirror.committed(held.own, task);
        held.own = undefined;
        return undefined;
      case 'capture':
        return captureVersion(held.mirror);
      case 'preview':
        return previewRestore(held.mirror, task.content);
      case 'restore': {
        let counts: RestoreCounts = { changed: 0, broughtBack: 0, removed: 0, leftOut: 0 };
        const computed = write(held, task.writer, (mirror) => {
          counts = restoreVersion(mirror, task.content, task.atMs);
          return [];
        });
        return computed === undefined ? undefined : { ...computed, counts };
      }
      case 'drop':
        return drop(task.documentId) as undefined;
      case 'all':
        return allRows(held.mirror);
      case 'project':
        return projectionChunks(held.mirror);
      case 'projected':
        held.mirror.projected(task.seq);
        return undefined;
    }
  }

  return <T extends Task>(task: T) => run(task, find(task.documentId)) as Answers[T['task']];
}
