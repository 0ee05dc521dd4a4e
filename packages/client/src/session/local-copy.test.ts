import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { expect, it, vi } from 'vitest';
import * as Y from 'yjs';
import type { JournalEntry } from '../persistence/document-database.ts';
import { STORAGE_LIMITS } from '../persistence/storage-options.ts';
import { type LocalCopy, openLocalCopy } from './local-copy.ts';
import { collectUpdate } from './replay.ts';

const DATABASE = 'wedsync:person-anna:l_0123456789abcdefghijkl';
const textsOf = (doc: Y.Doc): Y.Array<unknown> => doc.getArray('texts');
const replay = (doc: Y.Doc, { intent }: JournalEntry): void => textsOf(doc).push([intent]);

async function openCopy(): Promise<LocalCopy> {
  const copy = openLocalCopy({
    databaseName: DATABASE,
    createDoc: () => new Y.Doc(),
    replay,
    now: () => 0,
    mayCompact: () => true,
    storage: { indexedDB: new IDBFactory(), limits: STORAGE_LIMITS },
    onDoc: () => undefined,
    onLocalUpdate: () => undefined,
    onLeaving: () => undefined,
    onRelayed: () => undefined,
    onReloaded: () => undefined,
  });
  await vi.waitFor(() => expect(copy.isLoaded.value).toBe(true));
  return copy;
}

function write(copy: LocalCopy, text: string): void {
  const entry: JournalEntry = { key: `tab/${text}`, name: 'Edit', recordIds: ['a'], at: 0, intent: text };
  const update = collectUpdate(copy.doc, () => replay(copy.doc, entry));
  if (update === undefined) throw new Error('nothing was written');
  copy.write(entry, update);
}

it('DOC-10 LOCAL-1 a handshake that waits for the disk waits for a copy that is being replaced', async () => {
  const copy = await openCopy();
  write(copy, 'before');
  await copy.flush();
  const order: string[] = [];
  const replaced = copy.replace({
    doc: new Y.Doc(),
    marks: {},
    reasonAgainst() {
      // The writer stands still from here on until the new copy is on disk: an edit can only wait, and "nothing is on
      // its way to the disk" would be said of an edit that is.
      write(copy, 'meanwhile');
      void copy.flush().then(() => {
        order.push('flushed');
        expect(copy.pending.all().map(({ isSaved }) => isSaved)).toEqual([true, true]);
      });
      return undefined;
    },
  });
  expect(await replaced).toBe(true);
  order.push('replaced');
  await vi.waitFor(() => expect(order).toEqual(['replaced', 'flushed']));
  expect(textsOf(copy.doc).toArray()).toEqual(['before', 'meanwhile']);
  await copy.close();
});
