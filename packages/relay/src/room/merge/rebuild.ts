// A new generation of a document (DOCUMENT rule 20): the same live content under one new Yjs client id, without
// anything that was deleted. Runs in the merge thread.
import { randomInt } from 'node:crypto';
import { createListDoc, type DocumentKind, scanUpdate } from '@wedsync/shared';
import * as Y from 'yjs';

/** What makes a document heavy: every transaction looks at each client id, every load at each struct. */
export interface DocumentShape {
  readonly clients: number;
  /** Live entries, or characters of notes. */
  readonly live: number;
  /** Structs that are only there because something was deleted. */
  readonly deleted: number;
}

export function shapeOf(doc: Y.Doc): DocumentShape {
  let live = 0;
  let deleted = 0;
  for (const structs of doc.store.clients.values())
    for (const struct of structs) {
      if (struct.deleted) deleted += 1;
      else live += struct.length;
    }
  return { clients: doc.store.clients.size, live, deleted };
}

/** As the relay's own writer has it; an id that was here before would be taken for its old bearer. */
function newClientId(doc: Y.Doc): number {
  for (;;) {
    const id = randomInt(1, 2 ** 31);
    if (!doc.store.clients.has(id)) return id;
  }
}

/** Root names in one order. Roots that were never looked at have no type of their own yet. */
const rootsOf = (doc: Y.Doc) => [...doc.share.keys()].sort();

/** What a root shows, as text to be compared: whatever JSON-like values an entry of a newer app may hold. */
function print(doc: Y.Doc, kind: DocumentKind, root: string): string {
  const shown = kind === 'notes' ? doc.getText(root).toDelta() : doc.getArray(root).toArray();
  return JSON.stringify(shown, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
}

/**
 * The live content of a list or of notes as one update; entries of unknown shape are taken as they are.
 * Undefined when the result would not show the very same, or would not pass the room's own guard.
 */
export function rebuildDocument(doc: Y.Doc, kind: DocumentKind): Uint8Array | undefined {
  if (kind === 'free') return undefined;
  const roots = rootsOf(doc);
  const fresh = kind === 'list' ? createListDoc() : new Y.Doc();
  fresh.clientID = newClientId(doc);
  fresh.transact(() => {
    for (const root of roots) {
      if (kind === 'notes') fresh.getText(root).applyDelta(doc.getText(root).toDelta());
      else fresh.getArray(root).push(doc.getArray(root).toArray());
    }
  });
  const update = Y.encodeStateAsUpdate(fresh);
  fresh.destroy();
  return showsTheSame(doc, update, kind, roots) ? update : undefined;
}

function showsTheSame(doc: Y.Doc, update: Uint8Array, kind: DocumentKind, roots: readonly string[]): boolean {
  if (!scanUpdate(update, kind).ok) return false;
  const again = new Y.Doc();
  Y.applyUpdate(again, update);
  const isSame =
    again.store.pendingStructs === null &&
    again.store.clients.size <= 1 &&
    roots.every((root) => print(doc, kind, root) === print(again, kind, root));
  again.destroy();
  return isSame;
}
