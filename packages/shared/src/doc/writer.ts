// The only functions that change a list document on behalf of a person. Every write is an intent: plain JSON that the
// journal keeps until it is stored, that undo looks at, and that a rebase replays under the same stamps (DOC-R15, R19).
import type * as Y from 'yjs';
import { AppError } from '../error/app-error.ts';
import { canonicalJson } from './canonical-json.ts';
import { type Change, createChange, removeChange, restoreChange, setChange, sweepChange } from './change.ts';
import { type Clock, hlcToMs } from './clock.ts';
import {
  compareStamps,
  type Entry,
  type Fields,
  type FieldValue,
  hlcOf,
  isBase,
  isFieldName,
  isTomb,
  type Stamp,
  stampKey,
  stampOf,
} from './entry.ts';
import { isWritable } from './format.ts';
import { isRecordId, META, shardName, shardOf } from './layout.ts';
import type { ListIndex } from './list-index.ts';
import { type LiveValue, partsOf } from './live.ts';
import { survivorIn } from './merge.ts';

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

/** The pure functions that a writer's changes come from. */
export type ChangeFunctions = {
  readonly createChange: typeof createChange;
  readonly setChange: typeof setChange;
  readonly removeChange: typeof removeChange;
  readonly restoreChange: typeof restoreChange;
};

type WriterOptions = {
  doc: Y.Doc;
  index: ListIndex;
  clock: Clock;
  /** Origin of the writer's transactions. */
  origin?: unknown;
  newId?: () => string;
  /** Replaced only to show that tests notice it. */
  changes?: ChangeFunctions;
};

type Target = Intent['target'];
type MakeChange = (id: string, entries: readonly Entry[], stamp: Stamp, at: number) => Change;

const nothingShown: IntentPart['before'] = Object.freeze({});
const allChanges: ChangeFunctions = { createChange, setChange, removeChange, restoreChange };

/** Rule 18: text in NFC, never empty. RangeError for names and numbers that no document can carry. */
function toStored(fields: Fields): Fields {
  let changed: Record<string, FieldValue> | undefined;
  for (const field of Object.keys(fields)) {
    const value = fields[field] ?? null;
    if (!isFieldName(field)) throw new RangeError('a field name is not empty and not __proto__');
    if (typeof value === 'number' && !Number.isFinite(value)) throw new RangeError('a number is finite');
    const stored = typeof value === 'string' ? value.normalize('NFC') || null : value;
    if (stored === fields[field]) continue;
    changed ??= { ...fields };
    changed[field] = stored;
  }
  return changed ?? fields;
}

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
    for (let at = elements.length - 1; at >= 0 && gone.size > 0; at--)
      if (gone.delete(elements[at])) array.delete(at, 1);
  }
  if (change.append.length > 0) array.push([...change.append]);
}

/**
 * Writes for one document, in the name of one clock (device and tab). Every write throws AppError `update-needed`, and
 * changes nothing, when the document has a higher format (DOC-9).
 */
export class ListWriter {
  readonly #options: WriterOptions;
  readonly #changes: ChangeFunctions;

  constructor(options: WriterOptions) {
    this.#options = options;
    this.#changes = options.changes ?? allChanges;
  }

  /** Adds a record; a given id must match `[A-Za-z0-9_-]{1,64}` (RangeError). */
  create(fields: Fields, options: { id?: string } = {}): { id: string; intent: Intent } {
    const id = options.id ?? (this.#options.newId ?? randomRecordId)();
    const intent = this.createMany([{ id, fields }]);
    return { id, intent };
  }

  /**
   * Adds many records in one transaction under one stamp: creation and import. Of a record that is there already nothing
   * is overwritten: both sets of values stand, as if two people had created it at once (rule 10).
   */
  createMany(rows: readonly { id: string; fields: Fields }[]): Intent {
    for (const { id } of rows)
      if (!isRecordId(id)) throw new RangeError('a record id is 1 to 64 of A-Z a-z 0-9 _ -');
    const stored = rows.map((row) => toStored(row.fields));
    return this.#commit(
      'create',
      'records',
      rows.map((row) => row.id),
      (id, _entries, stamp, at) =>
        this.#changes.createChange(id, stored[at] ?? {}, stamp, hlcToMs(stamp.hlc)),
    );
  }

  /**
   * Writes fields of one record: overwrites every value that is visible here (rule 8). A record in the trash is restored
   * first by the caller, or it shows as deleted and edited (rule 14).
   */
  set(id: string, fields: Fields): Intent {
    return this.#set('records', id, fields);
  }

  /** `set` for many records, in one transaction under one stamp. */
  setMany(rows: readonly { id: string; fields: Fields }[]): Intent {
    const stored = rows.map((row) => toStored(row.fields));
    return this.#commit(
      'set',
      'records',
      rows.map((row) => row.id),
      (id, entries, stamp, at) => this.#changes.setChange(id, entries, { fields: stored[at] ?? {}, stamp }),
    );
  }

  delete(ids: readonly string[]): Intent {
    return this.#remove('delete', 'records', ids);
  }

  /** Deletes a record whose couple lives on in another one: what means the record means that one from now on. */
  mergeInto(id: string, survivorId: string): Intent {
    if (id === survivorId || !isRecordId(survivorId))
      throw new RangeError('a record is merged into another one');
    return this.#remove('delete', 'records', [id], () => survivorId);
  }

  /** Deletes for good: the old values leave the document. */
  purge(ids: readonly string[]): Intent {
    return this.#remove('purge', 'records', ids);
  }

  /** Privacy deletion: absent whatever else is live. */
  erase(ids: readonly string[]): Intent {
    return this.#remove('erase', 'records', ids);
  }

  /** Brings deleted records back as they were; purged and erased ones stay away. */
  restore(ids: readonly string[]): Intent {
    return this.#commit('restore', 'records', ids, this.#changes.restoreChange);
  }

  /** Writes fields of a record of the list itself (see META). */
  setMeta(id: string, fields: Fields): Intent {
    return this.#set('meta', id, fields);
  }

  /** Removes a record of the list itself: a view, a tag, a status. */
  deleteMeta(id: string): Intent {
    return this.#remove('delete', 'meta', [id]);
  }

  /** Removes what others wrote beside the tombs of erased records (rule 13); of other records nothing. */
  sweepErased(ids: readonly string[]): void {
    const left = ids.filter((id) => sweepChange(this.#entries('records', id)).remove.length > 0);
    if (left.length > 0) this.#commit('erase', 'records', left, (_, entries) => sweepChange(entries));
  }

  /**
   * Takes an own action back by a new write, where every value it wrote still stands alone (rule 15). `ownUndos` are
   * stamps (`stampKey`) of this person's undos and redos: a value that one of them put back stands as first written.
   */
  undo(intent: Intent, ownUndos: ReadonlySet<string> = new Set()): UndoResult {
    if (!intent.parts.every((part) => this.#stands(intent, part, ownUndos)))
      return { ok: false, reason: 'changed-since' };
    const ids = intent.parts.map((part) => part.id);
    if (intent.kind === 'create' || intent.kind === 'restore') {
      // Bringing back what had been merged is taken back to merged, not to deleted.
      const survivor = (at: number) => survivorIn(intent.parts[at]?.remove ?? []);
      return { ok: true, intent: this.#remove('delete', intent.target, ids, survivor) };
    }
    if (intent.kind === 'delete')
      return {
        ok: true,
        intent: this.#commit('restore', intent.target, ids, this.#changes.restoreChange),
      };
    if (intent.kind !== 'set') return { ok: false, reason: 'changed-since' };
    const undone = this.#commit('set', intent.target, ids, (id, entries, stamp, at) => {
      const part = intent.parts[at];
      // A field that was not there before is cleared: taking its entry away would bring back what it superseded.
      const before = (field: string) =>
        part !== undefined && Object.hasOwn(part.before, field) ? (part.before[field] ?? null) : null;
      const written = (part?.append ?? []).map((entry) => String(entry[1]));
      const fields = Object.fromEntries(written.map((field) => [field, before(field)]));
      return this.#changes.setChange(id, entries, { fields, stamp });
    });
    return { ok: true, intent: undone };
  }

  /** Appends what intents wrote again, in order, under their own stamps, and removes what they had overwritten (rule 19). */
  replay(intents: readonly Intent[]): void {
    this.#options.doc.transact(() => {
      // The index stands still during the transaction; a later intent may remove what an earlier one appends.
      const current = new Map<string, Map<string, Entry>>();
      for (const { target, parts } of intents) {
        for (const part of parts) {
          const key = `${target} ${part.id}`;
          const present =
            current.get(key) ??
            new Map(this.#entries(target, part.id).map((entry) => [canonicalJson(entry), entry]));
          current.set(key, present);
          const remove: Entry[] = [];
          for (const text of part.remove.map(canonicalJson)) {
            const found = present.get(text);
            if (found !== undefined) remove.push(found);
            present.delete(text);
          }
          const append = part.append.filter((entry) => !present.has(canonicalJson(entry)));
          for (const entry of append) present.set(canonicalJson(entry), entry);
          applyChange(this.#array(target, part.id), { remove, append });
        }
      }
    }, this.#options.origin);
  }

  /**
   * Several writes as one transaction: one change of the index, one update. The index stands still until its end, so no
   * two of them may be of the same record.
   */
  together(work: () => void): void {
    this.#options.doc.transact(work, this.#options.origin);
  }

  #set(target: Target, id: string, fields: Fields): Intent {
    const stored = toStored(fields);
    return this.#commit('set', target, [id], (_, entries, stamp) =>
      this.#changes.setChange(id, entries, { fields: stored, stamp }),
    );
  }

  #remove(
    kind: 'delete' | 'purge' | 'erase',
    target: Target,
    ids: readonly string[],
    survivor: (at: number) => string | undefined = () => undefined,
  ): Intent {
    return this.#commit(kind, target, ids, (id, entries, stamp, at) => {
      const mergedInto = survivor(at);
      return this.#changes.removeChange(id, entries, {
        stamp,
        kind,
        ...(mergedInto === undefined ? {} : { mergedInto }),
      });
    });
  }

  #commit(kind: IntentKind, target: Target, ids: readonly string[], change: MakeChange): Intent {
    const { doc, index, clock, origin } = this.#options;
    if (!isWritable(index)) throw new AppError('update-needed');
    const found = ids.map((id) => this.#entries(target, id));
    // What is overwritten happened before, whatever the other device's clock says (rule 16).
    for (const entries of found) this.#takeNote(entries);
    const stamp = clock.next();
    const parts = ids.map((id, at) => {
      const entries = found[at] ?? [];
      const { remove, append } = change(id, entries, stamp, at);
      const before = (entries.length === 0 ? undefined : this.#shown(target, id)) ?? nothingShown;
      return { id, remove, append, before };
    });
    doc.transact(() => {
      for (const [array, merged] of this.#byArray(target, parts)) applyChange(array, merged);
    }, origin);
    return { kind, target, stamp, parts };
  }

  #takeNote(entries: readonly Entry[]): void {
    const { clock } = this.#options;
    let latest = 0;
    for (const entry of entries) latest = Math.max(latest, hlcOf(entry));
    // Asked one by one only where the latest is too far ahead to be believed.
    if (latest > clock.last && !clock.receive(latest))
      for (const entry of entries) clock.receive(hlcOf(entry));
  }

  /** One change per array: each is walked once, and its new entries stand in one Yjs item. */
  #byArray(target: Target, parts: readonly IntentPart[]): Iterable<readonly [Y.Array<unknown>, Change]> {
    const [only] = parts;
    if (parts.length === 1 && only !== undefined) return [[this.#array(target, only.id), only]];
    const byArray = new Map<Y.Array<unknown>, { remove: Entry[]; append: Entry[] }>();
    for (const part of parts) {
      const array = this.#array(target, part.id);
      const merged = byArray.get(array) ?? { remove: [], append: [] };
      merged.remove.push(...part.remove);
      merged.append.push(...part.append);
      byArray.set(array, merged);
    }
    return byArray;
  }

  #shown(target: Target, id: string): Readonly<Record<string, FieldValue>> | undefined {
    const { index } = this.#options;
    return (target === 'meta' ? index.getMeta(id) : index.get(id))?.values;
  }

  #entries(target: Target, id: string): readonly Entry[] {
    return target === 'meta' ? this.#options.index.metaEntriesOf(id) : this.#options.index.entriesOf(id);
  }

  #array(target: Target, id: string): Y.Array<unknown> {
    return this.#options.doc.getArray(target === 'meta' ? META : shardName(shardOf(id)));
  }

  /** Whether exactly this intent's own values are live (or exactly its own tomb stands). */
  #stands(intent: Intent, part: IntentPart, ownUndos: ReadonlySet<string>): boolean {
    const parts = partsOf(this.#entries(intent.target, part.id));
    const isOwn = (stamp: Stamp) => compareStamps(stamp, intent.stamp) === 0;
    if (intent.kind === 'delete' || intent.kind === 'purge' || intent.kind === 'erase') {
      return (
        parts.live.size === 0 && parts.tombs.length > 0 && parts.tombs.every((tomb) => isOwn(stampOf(tomb)))
      );
    }
    const written = new Map<string, FieldValue>();
    for (const entry of part.append) {
      if (isBase(entry))
        for (const field of Object.keys(entry[1])) written.set(field, entry[1][field] ?? null);
      else if (!isTomb(entry)) written.set(entry[1], entry[2]);
    }
    const fields = [...written.keys()];
    const isPutBack = (field: string, { value, hlc, actor }: LiveValue) =>
      ownUndos.has(stampKey(hlc, actor)) && value === (written.get(field) ?? null);
    const touched = intent.kind === 'set' ? fields : [...new Set([...fields, ...parts.live.keys()])];
    if (parts.tombs.length > 0) return false;
    return touched.every((field) => {
      const live = parts.live.get(field);
      // A restore leaves what others had edited meanwhile as it was: only the restored values must be its own.
      if (intent.kind === 'restore' && !fields.includes(field)) return true;
      const [only] = live ?? [];
      return live?.length === 1 && only !== undefined && (isOwn(only) || isPutBack(field, only));
    });
  }
}

export function createWriter(options: WriterOptions): ListWriter {
  return new ListWriter(options);
}
