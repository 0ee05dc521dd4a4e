// One couple's note in its document: reading, writing by diff, and a text area kept equal in both directions.
import { createSubscribable, type Subscribable } from '@wedsync/shared';
import type * as Y from 'yjs';
import type { JournalEntry } from '../persistence/document-database.ts';
import type { NoteHandle, NoteState } from './note-handle.ts';
import type { Replica } from './replica.ts';
import { type DeltaStep, diffText, moveCaret, placeSplice, type Splice } from './text-splice.ts';

/** The journal's form of a change to a note. */
export type NoteIntent = { readonly type: 'note'; readonly recordId: string; readonly splice: Splice };

/** Repeats a journaled change on another copy of the notes. */
export function replayNote(doc: Y.Doc, { intent }: JournalEntry): void {
  const { type, recordId, splice } = intent as NoteIntent;
  if (type !== 'note') throw new TypeError('not a change of a note');
  const text = doc.getText(recordId);
  const { at, removed, inserted } = placeSplice(text.toString(), splice);
  doc.transact(() => {
    text.delete(at, removed.length);
    text.insert(at, inserted);
  });
}

export type NoteTextOptions = {
  readonly recordId: string;
  readonly replica: Pick<Replica, 'act' | 'doc' | 'isLoaded'>;
  readonly state: Subscribable<NoteState>;
  /** Called by `close`. */
  readonly onClose: () => void;
};

export type NoteText = NoteHandle & {
  /** The notes' document was replaced: read from this one. */
  attach(doc: Y.Doc): void;
};

/** A handle on one note. The document must be loaded before anything is written. */
export function createNoteText(options: NoteTextOptions): NoteText {
  const { recordId, replica } = options;
  const text = createSubscribable('');
  const areas = new Set<Area>();
  let source: Y.Text | undefined;

  const onEvent = (event: Y.YTextEvent, transaction: Y.Transaction): void => {
    text.set(event.target.toString());
    for (const area of areas) if (area !== transaction.origin) area.onRemote(event.delta as DeltaStep[]);
  };

  function attach(doc: Y.Doc): void {
    source?.unobserve(onEvent);
    source = doc.getText(recordId);
    source.observe(onEvent);
    const before = text.value;
    const after = source.toString();
    text.set(after);
    const splice = diffText(before, after);
    if (splice === undefined) return;
    const { at, removed, inserted } = splice;
    const delta = [{ retain: at }, { insert: inserted }, { delete: removed.length }];
    for (const area of areas) area.onRemote(delta);
  }

  function write(splice: Splice, by?: Area): void {
    const { at, removed, inserted } = splice;
    replica.act((doc) => {
      const target = doc.getText(recordId);
      doc.transact(() => {
        if (removed.length > 0) target.delete(at, removed.length);
        if (inserted.length > 0) target.insert(at, inserted);
      }, by);
      const intent: NoteIntent = { type: 'note', recordId, splice };
      return { name: 'Edit note', recordIds: [recordId], intent };
    });
  }

  if (replica.isLoaded.value) attach(replica.doc);
  const endings = new Set<() => void>();
  return {
    recordId,
    text,
    state: options.state,
    attach,
    apply(next) {
      const splice = diffText(text.value, next);
      if (splice !== undefined) write(splice);
    },
    bind(textarea) {
      const end = bindTextarea(textarea, { text, write, areas });
      endings.add(end);
      return () => {
        endings.delete(end);
        end();
      };
    },
    close() {
      for (const end of endings) end();
      endings.clear();
      source?.unobserve(onEvent);
      source = undefined;
      options.onClose();
    },
  };
}

/** One bound text area; the origin of the transactions in which it writes. */
type Area = { onRemote(delta: readonly DeltaStep[]): void };

type Binding = {
  readonly text: Subscribable<string>;
  readonly write: (splice: Splice, by: Area) => void;
  readonly areas: Set<Area>;
};

function bindTextarea(textarea: HTMLTextAreaElement, { text, write, areas }: Binding): () => void {
  /** What the text area showed when it was last equal to the note. */
  let shown = text.value;
  /** Changes by others during a composition: the area must not be touched then. */
  let missed: (readonly DeltaStep[])[] = [];
  let isComposing = false;

  const show = (start: number, end: number): void => {
    shown = text.value;
    if (textarea.value === shown) return;
    textarea.value = shown;
    textarea.setSelectionRange(start, end);
  };
  const take = (): void => {
    if (isComposing) return;
    const splice = diffText(shown, textarea.value);
    let caret = textarea.selectionEnd;
    if (splice !== undefined) {
      // Found in the text as it was: move it past what others have changed since.
      const at = missed.reduce(moveCaret, splice.at);
      write(placeSplice(text.value, { ...splice, at }), area);
      caret = missed.reduce(moveCaret, caret);
    }
    missed = [];
    show(caret, caret);
  };
  const area: Area = {
    onRemote(delta) {
      if (isComposing) {
        missed.push(delta);
        return;
      }
      show(moveCaret(textarea.selectionStart, delta), moveCaret(textarea.selectionEnd, delta));
    },
  };
  const onStart = (): void => {
    isComposing = true;
  };
  const onEnd = (): void => {
    isComposing = false;
    take();
  };
  show(0, 0);
  areas.add(area);
  textarea.addEventListener('input', take);
  textarea.addEventListener('compositionstart', onStart);
  textarea.addEventListener('compositionend', onEnd);
  return () => {
    areas.delete(area);
    textarea.removeEventListener('input', take);
    textarea.removeEventListener('compositionstart', onStart);
    textarea.removeEventListener('compositionend', onEnd);
  };
}
