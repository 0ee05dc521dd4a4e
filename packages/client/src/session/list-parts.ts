// What belongs to one Y.Doc of a list: its index and its writer, made once per document.
import {
  type Clock,
  createListIndex,
  createWriter,
  type Entry,
  type ListIndex,
  type ListWriter,
  stampOf,
} from '@wedsync/shared';
import type * as Y from 'yjs';
import type { JournalEntry } from '../persistence/document-database.ts';
import type { RecordsIntent } from './actions.ts';
import { LOCAL } from './origin.ts';

export type ListParts = { readonly index: ListIndex; readonly writer: ListWriter };

export type ListPartsOf = {
  of(doc: Y.Doc): ListParts;
  /** Repeats a journaled action (DOCUMENT rule 19). */
  replay(doc: Y.Doc, entry: JournalEntry): void;
  /** Lets the clock take note of every stamp in a document, now and later (rule 16); returns its own undo. */
  follow(doc: Y.Doc): () => void;
};

export function createListParts(clock: Clock): ListPartsOf {
  const parts = new WeakMap<Y.Doc, ListParts>();

  function of(doc: Y.Doc): ListParts {
    const known = parts.get(doc);
    if (known !== undefined) return known;
    const index = createListIndex(doc);
    const made = { index, writer: createWriter({ doc, index, clock, origin: LOCAL }) };
    parts.set(doc, made);
    return made;
  }

  return {
    of,
    replay(doc, { intent }) {
      const { type, intents } = intent as RecordsIntent;
      if (type !== 'records') throw new TypeError('not an action on records');
      of(doc).writer.replay(intents);
    },
    follow(doc) {
      const { index } = of(doc);
      const note = (entry: Entry): void => void clock.receive(stampOf(entry).hlc);
      for (const id of index.ids()) for (const entry of index.entriesOf(id)) note(entry);
      return index.subscribe(({ added, isLocal }) => {
        if (!isLocal) for (const entry of added) note(entry);
      });
    },
  };
}
