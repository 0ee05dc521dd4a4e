// The work on whole documents that must not run beside the sockets: real merges, as pure functions over bytes.
// `worker.ts` runs them in a thread of their own.
import type { DocumentKind } from '@wedsync/shared';
import * as Y from 'yjs';
import { type DocumentShape, rebuildDocument, shapeOf } from './rebuild.ts';

/** A document as the log has it: an optional snapshot and the updates after it, in any order. */
export interface DocumentBytes {
  readonly snapshot: Uint8Array | undefined;
  readonly updates: readonly Uint8Array[];
}

export interface DiffTask extends DocumentBytes {
  readonly type: 'diff';
  /** What the asking device has; the answer is what it lacks. */
  readonly stateVector: Uint8Array;
}

export interface CompactTask extends DocumentBytes {
  readonly type: 'compact';
}

export interface RebuildTask extends DocumentBytes {
  readonly type: 'rebuild';
  readonly kind: DocumentKind;
}

export type MergeTask = DiffTask | CompactTask | RebuildTask;

export type MergeResult =
  | {
      readonly ok: true;
      readonly update: Uint8Array;
      readonly stateVector: Uint8Array;
      /** Of the document as it was; of a `diff` it is not known. */
      readonly shape?: DocumentShape;
    }
  /** `pending`: something in the log refers to bytes that are not there; `unstable`: a reload differs. */
  | { readonly ok: false; readonly code: 'pending' | 'unstable' };

export function runMergeTask(task: MergeTask): MergeResult {
  if (task.type === 'diff') return diff(task);
  return task.type === 'compact' ? compact(task) : rebuild(task);
}

function all({ snapshot, updates }: DocumentBytes): Uint8Array[] {
  return snapshot === undefined ? [...updates] : [snapshot, ...updates];
}

/** Without a Y.Doc: merging and cutting bytes is cheaper than building every item, and loses nothing pending. */
function diff(task: DiffTask): MergeResult {
  const update = Y.diffUpdate(Y.mergeUpdates(all(task)), task.stateVector);
  return { ok: true, update, stateVector: Y.encodeStateVectorFromUpdate(update) };
}

function load(updates: readonly Uint8Array[]): Y.Doc {
  const doc = new Y.Doc({ gc: true });
  // One transaction: 2,000 updates take 9 ms so, and 80 one by one.
  doc.transact(() => {
    for (const update of updates) Y.applyUpdate(doc, update);
  });
  return doc;
}

function hasPending(doc: Y.Doc): boolean {
  return doc.store.pendingStructs !== null || doc.store.pendingDs !== null;
}

/**
 * The whole state as one update, deleted content dropped. What is incomplete is never turned into a snapshot,
 * and a snapshot that does not load to the very same bytes is not used.
 */
function compact(task: CompactTask): MergeResult {
  const doc = load(all(task));
  if (hasPending(doc)) return { ok: false, code: 'pending' };
  const update = Y.encodeStateAsUpdate(doc);
  const again = load([update]);
  const isStable =
    !hasPending(again) && Buffer.from(Y.encodeStateAsUpdate(again)).equals(Buffer.from(update));
  const stateVector = Y.encodeStateVector(doc);
  const shape = shapeOf(doc);
  doc.destroy();
  again.destroy();
  return isStable ? { ok: true, update, stateVector, shape } : { ok: false, code: 'unstable' };
}

/** The same entries under one new Yjs client id; the state vector names it and the clock of its next struct. */
function rebuild(task: RebuildTask): MergeResult {
  const doc = load(all(task));
  if (hasPending(doc)) return { ok: false, code: 'pending' };
  const shape = shapeOf(doc);
  const update = rebuildDocument(doc, task.kind);
  doc.destroy();
  if (update === undefined) return { ok: false, code: 'unstable' };
  return { ok: true, update, stateVector: Y.encodeStateVectorFromUpdate(update), shape };
}
