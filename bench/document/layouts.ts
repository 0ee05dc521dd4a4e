// The two layouts that are compared: the project's own through its public functions, and the naive one that a Yjs
// tutorial would suggest, a Y.Map of Y.Maps, with an index of plain objects beside it.
import { actorOf, createClock, createListDoc, createListIndex, createWriter } from '@wedsync/shared';
import * as Y from 'yjs';
import type { Edit, Row } from './couples.ts';

/** One open document with its index, as an app holds it. */
export type OpenList = {
  readonly doc: Y.Doc;
  import(rows: readonly Row[]): void;
  edit(edit: Edit): void;
  /** Reads one shown value from the index. */
  read(id: string, field: string): unknown;
  /** Ids of all shown records. */
  ids(): readonly string[];
};

export type Layout = {
  readonly name: string;
  createDoc(): Y.Doc;
  open(doc: Y.Doc): OpenList;
};

let tabs = 0;

export const wedsync: Layout = {
  name: 'this layout',
  createDoc: createListDoc,
  open(doc) {
    const index = createListIndex(doc);
    tabs += 1;
    const clock = createClock({ now: Date.now, actor: actorOf(1, 1 + (tabs % 1023)) });
    const writer = createWriter({ doc, index, clock });
    return {
      doc,
      import: (rows) => {
        writer.createMany(rows);
      },
      edit: ({ id, field, value }) => {
        writer.set(id, { [field]: value });
      },
      read: (id, field) => index.get(id)?.values[field],
      ids: () => [...index.ids()],
    };
  },
};

export const naive: Layout = {
  name: 'nested Y.Map',
  createDoc: () => {
    const doc = new Y.Doc();
    doc.getMap('records');
    return doc;
  },
  open(doc) {
    const records = doc.getMap<Y.Map<unknown>>('records');
    const index = new Map<string, Record<string, unknown>>();
    for (const [id, record] of records) index.set(id, record.toJSON());
    records.observeDeep((events) => {
      for (const event of events) {
        if (event.target === records) {
          for (const id of (event as Y.YMapEvent<Y.Map<unknown>>).keysChanged)
            index.set(id, records.get(id)?.toJSON() ?? {});
          continue;
        }
        const id = String(event.path[0]);
        const next = { ...index.get(id) };
        for (const field of (event as Y.YMapEvent<unknown>).keysChanged)
          next[field] = (event.target as Y.Map<unknown>).get(field);
        index.set(id, next);
      }
    });
    return {
      doc,
      import: (rows) => {
        doc.transact(() => {
          for (const { id, fields } of rows) records.set(id, new Y.Map(Object.entries(fields)));
        });
      },
      edit: ({ id, field, value }) => {
        records.get(id)?.set(field, value);
      },
      read: (id, field) => index.get(id)?.[field],
      ids: () => [...index.keys()],
    };
  },
};

/** Loads a state and opens it. */
export function load(layout: Layout, state: Uint8Array): OpenList {
  const doc = layout.createDoc();
  Y.applyUpdate(doc, state);
  return layout.open(doc);
}
