// The only functions that change a list document on behalf of a person. Every write is an intent: plain JSON that the
// journal keeps until it is stored, that undo looks at, and that a rebase replays under the same stamps (DOC-R15, R19).
import type * as Y from 'yjs';
import { canonicalJson } from './canonical-json.ts';
import { type Change, createChange, removeChange, restoreChange, setChange } from './change.ts';
import type { Clock } from './clock.ts';
import {
  compareStamps,
  type Entry,
  type Fields,
  type FieldValue,
  isTomb,
  type Stamp,
  stampOf,
} from './entry.ts';
import { isRecordId, META, shardName, shardOf } from './layout.ts';
import type { ListIndex } from './list-index.ts';
import { partsOf, viewOf } from './live.ts';

export type IntentKind = 'create' | 'set' | 'delete' | 'restore' | 'purge' | 'erase';

/** One record's part of a write. `before` holds what was shown; a field that was not there is missing in it. */
export type IntentPart = {
  readonly id: string;
  readonly remove: readonly Entry[];
  readonly append: readonly Entry[];
  readonly before: Readonly<Record<string, FieldValue>>;
};

/** One action of a person, as JSON. */
export type Intent = {
  readonly kind: IntentKind;
  readonly target: 'records' | 'meta';
  readonly stamp: Stamp;
  readonly parts: readonly IntentPart[];
};

export type UndoResult =
  | { readonly ok: true; readonly intent: Intent }
  | { readonly ok: false; readonly reason: 'changed-since' };

type WriterOptions = { doc: Y.Doc; index: ListIndex; clock: Clock; origin?: unknown; newId?: () => string };

/** 22 random base64url characters: 132 bits. */
export function randomRecordId(): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return Array.from(crypto.getRandomValues(new Uint8Array(22)), (byte) => alphabet[byte & 63]).join('');
}

/** Applies a change to the array that holds the record. Elements are found by identity; call inside a transaction. */
export function applyChange(array: Y.Array<unknown>, change: Change): void {
  if (change.remove.length > 0) {
    const gone = new Set<unknown>(change.remove);
    const elements = array.toArray();
    for (let at = elements.length - 1; at >= 0; at--) if (gone.has(elements[at])) array.delete(at, 1);
  }
  if (change.append.length > 0) array.push([...change.append]);
}

/** Writes for one document, in the name of one clock (device and tab). */
export class ListWriter {
  readonly #options: WriterOptions;

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  /** Adds a record; a given id must match `[A-Za-z0-9_-]{1,64}` (RangeError). */
  create(fields: Fields, options: { id?: string } = {}): { id: string; intent: Intent } {
    const id = options.id ?? (this.#options.newId ?? randomRecordId)();
    const intent = this.createMany([{ id, fields }]);
    return { id, intent };
  }

  /** Adds many records in one transaction under one stamp: creation and import. */
  createMany(rows: readonly { id: string; fields: Fields }[]): Intent {
    for (const { id } of rows)
      if (!isRecordId(id)) throw new RangeError('a record id is 1 to 64 of A-Z a-z 0-9 _ -');
    return this.#commit(
      'create',
      'records',
      rows.map((row) => row.id),
      (id, _entries, stamp, at) => createChange(id, rows[at]?.fields ?? {}, stamp),
    );
  }

  /** Writes fields of one record: overwrites every value that is visible here (rule 8). */
  set(id: string, fields: Fields): Intent {
    return this.#commit('set', 'records', [id], (_, entries, stamp) =>
      setChange(id, entries, { fields, stamp }),
    );
  }

  delete(ids: readonly string[]): Intent {
    return this.#remove('delete', ids);
  }

  /** Deletes for good: the old values leave the document. */
  purge(ids: readonly string[]): Intent {
    return this.#remove('purge', ids);
  }

  /** Privacy deletion: absent whatever else is live. */
  erase(ids: readonly string[]): Intent {
    return this.#remove('erase', ids);
  }

  restore(ids: readonly string[]): Intent {
    return this.#commit('restore', 'records', ids, restoreChange);
  }

  /** Writes fields of a record of the list itself (see META). */
  setMeta(id: string, fields: Fields): Intent {
    return this.#commit('set', 'meta', [id], (_, entries, stamp) =>
      setChange(id, entries, { fields, stamp }),
    );
  }

  /** Takes an own action back by a new write, where every value it wrote still stands alone (rule 15). */
  undo(intent: Intent): UndoResult {
    if (!intent.parts.every((part) => this.#stands(intent, part)))
      return { ok: false, reason: 'changed-since' };
    const ids = intent.parts.map((part) => part.id);
    if (intent.kind === 'create') return { ok: true, intent: this.#remove('delete', ids) };
    if (intent.kind === 'delete') return { ok: true, intent: this.restore(ids) };
    if (intent.kind === 'restore') return { ok: true, intent: this.#remove('delete', ids) };
    if (intent.kind !== 'set') return { ok: false, reason: 'changed-since' };
    const undone = this.#commit('set', intent.target, ids, (id, entries, stamp, at) => {
      const part = intent.parts[at];
      const fields = Object.fromEntries(
        (part?.append ?? []).map((entry) => [entry[1], part?.before[String(entry[1])] ?? null]),
      );
      return setChange(id, entries, { fields, stamp });
    });
    return { ok: true, intent: undone };
  }

  /** Appends what an intent wrote again, under its own stamps, and removes what it had overwritten (rule 19). */
  replay(intents: readonly Intent[]): void {
    this.#options.doc.transact(() => {
      for (const intent of intents) {
        for (const part of intent.parts) {
          const present = new Map(
            this.#entries(intent.target, part.id).map((entry) => [canonicalJson(entry), entry]),
          );
          const remove = part.remove.flatMap((entry) => {
            const found = present.get(canonicalJson(entry));
            return found === undefined ? [] : [found];
          });
          const append = part.append.filter((entry) => !present.has(canonicalJson(entry)));
          applyChange(this.#array(intent.target, part.id), { remove, append });
        }
      }
    }, this.#options.origin);
  }

  #remove(kind: 'delete' | 'purge' | 'erase', ids: readonly string[]): Intent {
    return this.#commit(kind, 'records', ids, (id, entries, stamp) =>
      removeChange(id, entries, { stamp, kind }),
    );
  }

  #commit(
    kind: IntentKind,
    target: Intent['target'],
    ids: readonly string[],
    change: (id: string, entries: readonly Entry[], stamp: Stamp, at: number) => Change,
  ): Intent {
    const stamp = this.#options.clock.next();
    const parts = ids.map((id, at) => {
      const entries = this.#entries(target, id);
      const { remove, append } = change(id, entries, stamp, at);
      return { id, remove, append, before: { ...viewOf(id, entries).values } };
    });
    const byShard = new Map<Y.Array<unknown>, { remove: Entry[]; append: Entry[] }>();
    for (const part of parts) {
      const array = this.#array(target, part.id);
      const merged = byShard.get(array) ?? { remove: [], append: [] };
      for (const entry of part.remove) merged.remove.push(entry);
      for (const entry of part.append) merged.append.push(entry);
      byShard.set(array, merged);
    }
    this.#options.doc.transact(() => {
      for (const [array, merged] of byShard) applyChange(array, merged);
    }, this.#options.origin);
    return { kind, target, stamp, parts };
  }

  #entries(target: Intent['target'], id: string): readonly Entry[] {
    return target === 'meta' ? this.#options.index.metaEntriesOf(id) : this.#options.index.entriesOf(id);
  }

  #array(target: Intent['target'], id: string): Y.Array<unknown> {
    return this.#options.doc.getArray(target === 'meta' ? META : shardName(shardOf(id)));
  }

  /** Whether exactly this intent's own values are live (or exactly its own tomb stands). */
  #stands(intent: Intent, part: IntentPart): boolean {
    const parts = partsOf(this.#entries(intent.target, part.id));
    const isOwn = (stamp: Stamp) => compareStamps(stamp, intent.stamp) === 0;
    if (intent.kind === 'delete' || intent.kind === 'purge' || intent.kind === 'erase') {
      return (
        parts.live.size === 0 && parts.tombs.length > 0 && parts.tombs.every((tomb) => isOwn(stampOf(tomb)))
      );
    }
    const fields = part.append
      .filter((entry) => !isTomb(entry))
      .flatMap((entry) => (typeof entry[1] === 'object' ? Object.keys(entry[1] ?? {}) : [String(entry[1])]));
    const touched = intent.kind === 'set' ? fields : [...new Set([...fields, ...parts.live.keys()])];
    if (parts.tombs.length > 0) return false;
    return touched.every((field) => {
      const live = parts.live.get(field);
      // A restore leaves what others had edited meanwhile as it was: only the restored values must be its own.
      if (intent.kind === 'restore' && !fields.includes(field)) return true;
      return live?.length === 1 && live[0] !== undefined && isOwn(live[0]);
    });
  }
}

export function createWriter(options: WriterOptions): ListWriter {
  return new ListWriter(options);
}
