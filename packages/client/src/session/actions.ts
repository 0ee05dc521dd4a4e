// What a person can do to records, each as one journaled edit and one undo step (DOCUMENT rules 7, 8, 11, 13, 14).
import {
  AppError,
  type Fields,
  type FieldValue,
  type Intent,
  isValidValue,
  type ListWriter,
  type RecordView,
  randomRecordId,
  type Subscribable,
} from '@wedsync/shared';
import type { ListIndex } from './document-view.ts';
import { nextTurn } from './in-turns.ts';
import type { FieldChanges, ImportRow, ListActions, UndoResult } from './list-session.ts';
import type { Replica } from './replica.ts';
import type { UndoStack } from './undo-stack.ts';

/** Rows per transaction of an import: a few ms each on a desktop, below 50 ms on a slow phone (UI-4). */
const ROWS_PER_SLICE = 200;

/** The journal's form of an action on records: what `ListWriter.replay` repeats. */
export type RecordsIntent = { readonly type: 'records'; readonly intents: readonly Intent[] };

export type ActionsOptions = {
  readonly replica: Pick<Replica, 'act'>;
  readonly index: ListIndex;
  readonly writer: () => ListWriter;
  readonly undoStack: UndoStack;
  readonly canEdit: Subscribable<boolean>;
  /** Ms since 1970, corrected by server time. */
  readonly now: () => number;
  /** Says who this device is, with the first edit it makes; undefined when that is known already. */
  readonly introduce: (writer: ListWriter) => Intent | undefined;
};

export function createActions(options: ActionsOptions): ListActions {
  const { index, undoStack } = options;

  /** Runs `work` as one edit and remembers it for undo unless `isUndo`. */
  function act(
    name: string,
    work: (writer: ListWriter) => readonly Intent[],
    isUndo = false,
  ): readonly Intent[] {
    if (!options.canEdit.value) throw new AppError('forbidden', { message: 'the list is read-only here' });
    let intents: readonly Intent[] = [];
    options.replica.act(() => {
      const writer = options.writer();
      const done = work(writer);
      intents = done;
      if (done.length === 0) return undefined;
      const introduction = options.introduce(writer);
      const all = introduction === undefined ? done : [...done, introduction];
      const intent: RecordsIntent = { type: 'records', intents: all };
      return { name, recordIds: recordIdsOf(done), intent };
    });
    if (!isUndo && intents.length > 0) undoStack.push({ name, intents });
    return intents;
  }

  let isStepping = false;
  const waitingSteps: (() => void)[] = [];

  /** One after the other, each in as many turns as it takes; a small one is done when this returns. */
  async function step(direction: 'undo' | 'redo'): Promise<UndoResult> {
    if (isStepping) await new Promise<void>((start) => waitingSteps.push(start));
    isStepping = true;
    try {
      return await takeStep(direction);
    } finally {
      const next = waitingSteps.shift();
      if (next === undefined) isStepping = false;
      else next();
    }
  }

  async function takeStep(direction: 'undo' | 'redo'): Promise<UndoResult> {
    const taken = undoStack.begin(direction);
    if (taken === undefined) return { ok: false, reason: 'nothing' };
    let result: UndoResult;
    try {
      for (;;) {
        act(direction === 'undo' ? 'Undo' : 'Redo', (writer) => taken.turn(writer), true);
        if (taken.isDone) break;
        await nextTurn();
      }
    } finally {
      result = taken.end();
      undoStack.save();
    }
    return result;
  }

  return {
    addCouple(fields, name = 'Add couple') {
      assertValid(fields);
      const id = randomRecordId();
      const values: Fields = { createdAt: options.now(), ...withoutNulls(fields) };
      act(name, (writer) => [writer.createMany([{ id, fields: values }])]);
      undoStack.save();
      return id;
    },
    edit(recordId, fields, name = 'Edit') {
      assertValid(fields);
      act(name, (writer) => edit(writer, index.get(recordId), recordId, fields));
      undoStack.save();
    },
    editMany(recordIds, fields, name = `Edit ${recordIds.length} couples`) {
      assertValid(fields);
      act(name, (writer) => editMany(writer, index, recordIds, fields));
      undoStack.save();
    },
    // Not checked: the value stands in the list already, an older or newer app may have written it.
    resolve(recordId, field, value) {
      act('Settle conflict', (writer) => [writer.set(recordId, { [field]: value })]);
      undoStack.save();
    },
    remove(recordIds) {
      const known = recordIds.filter((id) => isShown(index.get(id)));
      act(known.length > 1 ? `Delete ${known.length} couples` : 'Delete couple', (writer) =>
        known.length === 0 ? [] : [writer.delete(known)],
      );
      undoStack.save();
    },
    restore(recordIds) {
      const known = recordIds.filter((id) => ['trashed', 'edit-delete'].includes(index.get(id)?.state ?? ''));
      act(known.length > 1 ? `Restore ${known.length} couples` : 'Restore couple', (writer) =>
        known.length === 0 ? [] : [writer.restore(known)],
      );
      undoStack.save();
    },
    merge(goesId, staysId, fields) {
      if (!isShown(index.get(goesId)) || !isShown(index.get(staysId))) return;
      act('Merge couples', (writer) => [
        ...(Object.keys(fields).length === 0 ? [] : [writer.set(staysId, fields)]),
        writer.mergeInto(goesId, staysId),
      ]);
      undoStack.save();
    },
    async importRows(rows, { name = `Import ${rows.length} couples`, onProgress } = {}) {
      for (const { fields, others = [] } of rows) for (const each of [fields, ...others]) assertValid(each);
      const batch = randomRecordId();
      const recordIds: string[] = [];
      const written: Intent[] = [];
      for (let at = 0; at < rows.length; at += ROWS_PER_SLICE) {
        const slice = rows.slice(at, at + ROWS_PER_SLICE);
        const ids = slice.map(({ recordId }) => recordId ?? randomRecordId());
        recordIds.push(...ids);
        written.push(...act(name, (writer) => importSlice(writer, slice, ids), true));
        onProgress?.(Math.min(at + ROWS_PER_SLICE, rows.length), rows.length);
        await nextTurn();
      }
      if (written.length > 0) undoStack.push({ name, intents: written });
      undoStack.save();
      return { batch, recordIds };
    },
    setMeta(metaId, fields, name = 'Change list settings') {
      act(name, (writer) => [writer.setMeta(metaId, fields)]);
      undoStack.save();
    },
    undo: () => step('undo'),
    redo: () => step('redo'),
  };

  function importSlice(writer: ListWriter, slice: readonly ImportRow[], ids: readonly string[]): Intent[] {
    const added: { id: string; fields: Fields }[] = [];
    const intents: Intent[] = [];
    const disputed: Intent[] = [];
    slice.forEach((row, at) => {
      const id = ids[at] ?? randomRecordId();
      const known = index.get(id);
      if (known === undefined || known.state === 'absent') {
        // As if several people had created it at once (DOCUMENT rule 10); who comes last is shown.
        for (const fields of row.others ?? [])
          disputed.push(writer.createMany([{ id, fields: withoutNulls(fields) }]));
        added.push({ id, fields: { createdAt: options.now(), ...withoutNulls(row.fields) } });
      } else intents.push(...edit(writer, known, id, row.fields));
    });
    if (added.length > 0) intents.unshift(writer.createMany(added));
    return [...disputed, ...intents];
  }
}

/** Only what differs from what is shown, or what somebody disagrees about; out of the trash first (rule 14). */
function edit(writer: ListWriter, view: RecordView | undefined, id: string, fields: FieldChanges): Intent[] {
  const changed = changesOf(view, fields);
  if (Object.keys(changed).length === 0) return [];
  return [...(isDeleted(view) ? [writer.restore([id])] : []), writer.set(id, changed)];
}

/** `edit` for many: one transaction, and before it one for those that were deleted. */
function editMany(
  writer: ListWriter,
  index: ListIndex,
  ids: readonly string[],
  fields: FieldChanges,
): Intent[] {
  const rows = [...new Set(ids)]
    .map((id) => ({ id, fields: changesOf(index.get(id), fields) }))
    .filter((row) => Object.keys(row.fields).length > 0);
  if (rows.length === 0) return [];
  const deleted = rows.map(({ id }) => id).filter((id) => isDeleted(index.get(id)));
  return [...(deleted.length === 0 ? [] : [writer.restore(deleted)]), writer.setMany(rows)];
}

function changesOf(view: RecordView | undefined, fields: FieldChanges): Record<string, FieldValue> {
  const changed: Record<string, FieldValue> = {};
  for (const [field, value] of Object.entries(fields)) {
    const isShownAlready = (view?.values[field] ?? null) === value;
    if (!isShownAlready || view?.conflicts[field] !== undefined) changed[field] = value;
  }
  return changed;
}

const isDeleted = (view: RecordView | undefined): boolean =>
  view?.state === 'trashed' || view?.state === 'edit-delete';

/** Screens and imports have checked before; this is the last line, so that no screen's slip gets into the list. */
function assertValid(fields: FieldChanges): void {
  for (const [field, value] of Object.entries(fields))
    if (!isValidValue(field, value))
      throw new AppError('invalid-value', { message: `not a value of ${field}` });
}

const isShown = (view: RecordView | undefined): boolean =>
  view?.state === 'alive' || view?.state === 'edit-delete';

const withoutNulls = (fields: FieldChanges): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));

/** Distinct records of some intents; records of the list itself are named `meta:<id>`. */
function recordIdsOf(intents: readonly Intent[]): string[] {
  const ids = intents.flatMap(({ target, parts }) =>
    parts.map(({ id }) => (target === 'meta' ? `meta:${id}` : id)),
  );
  return [...new Set(ids)];
}
