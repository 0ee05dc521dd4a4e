// Computes what a write removes and appends for one record (DOC-R7, R8, R11, R13). Pure: entries in, change out.
import {
  type BaseEntry,
  type Entry,
  type Fields,
  type FieldValue,
  isErased,
  type RegisterEntry,
  type Stamp,
  scopeOf,
  stampKey,
  supOf,
  type TombEntry,
} from './entry.ts';
import {
  kindsOf,
  type LiveValue,
  partsOf,
  type RecordKinds,
  shownOf,
  snapshotOf,
  supersededOf,
} from './live.ts';
import { MERGED_INTO } from './merge.ts';

/** Entries to delete (by identity) and to append, in one transaction. */
export type Change = { readonly remove: readonly Entry[]; readonly append: readonly Entry[] };

/** Which live values a write may overwrite: a person's overwrites all it sees (rule 8), an integration's fewer. */
export type Overwrites = (field: string, value: LiveValue) => boolean;
export const overwritesAll: Overwrites = () => true;

type Sup = Map<string, Map<string, Stamp>>;

const nothing: Change = { remove: [], append: [] };
const keyOf = ({ hlc, actor }: Stamp): string => stampKey(hlc, actor);

function addSup(sup: Sup, field: string, stamp: Stamp): void {
  const stamps = sup.get(field);
  if (stamps === undefined) sup.set(field, new Map([[keyOf(stamp), stamp]]));
  else stamps.set(keyOf(stamp), stamp);
}

/** The fields of a base that are live, split into those that a write overwrites and whether others stay. */
function baseUnder(
  base: BaseEntry,
  parts: RecordKinds,
  isOverwritten: Overwrites,
): { overwritten: string[]; isKept: boolean } {
  const [, fields, hlc, actor] = base;
  const superseded = supersededOf(base, parts);
  const overwritten: string[] = [];
  let isKept = false;
  for (const field of Object.keys(fields)) {
    if (superseded.has(field)) continue;
    if (isOverwritten(field, { value: fields[field] ?? null, hlc, actor, entry: base }))
      overwritten.push(field);
    else isKept = true;
  }
  return { overwritten, isKept };
}

/** What overwriting does to the bases and registers of a record: what goes, and which stamps the successors name. */
function overwrite(parts: RecordKinds, isOverwritten: Overwrites): { remove: Set<Entry>; sup: Sup } {
  const remove = new Set<Entry>();
  const sup: Sup = new Map();
  const keptKeys = new Set<string>();
  for (const base of parts.bases) {
    const { overwritten, isKept } = baseUnder(base, parts, isOverwritten);
    if (!isKept) {
      remove.add(base);
      continue;
    }
    const stamp = { hlc: base[2], actor: base[3] };
    keptKeys.add(keyOf(stamp));
    for (const field of overwritten) addSup(sup, field, stamp);
  }
  const goneKeys = new Set<string>();
  for (const entry of remove) goneKeys.add(stampKey(entry[2] as number, entry[3] as number));
  for (const register of parts.registers) {
    const [, field, value, hlc, actor] = register;
    if (!isOverwritten(field, { value, hlc, actor, entry: register })) continue;
    remove.add(register);
    if (register.length === 5) continue;
    // Stamps of bases that go in this transaction need no naming any more; all others may still arrive somewhere.
    for (const stamp of supOf(register)) {
      const key = keyOf(stamp);
      if (!goneKeys.has(key) || keptKeys.has(key)) addSup(sup, field, stamp);
    }
  }
  return { remove, sup };
}

function register(
  id: string,
  field: string,
  value: FieldValue,
  stamp: Stamp,
  sup: Iterable<Stamp>,
): RegisterEntry {
  const entry: [string, string, FieldValue, number, number, ...number[]] = [
    id,
    field,
    value,
    stamp.hlc,
    stamp.actor,
  ];
  for (const { hlc, actor } of sup) entry.push(hlc, actor);
  return entry;
}

/**
 * Rule 10: creation and import. A record exists by its fields, so that one without any gets `createdAt` from
 * `createdAtMs` (UTC ms).
 */
export function createChange(id: string, fields: Fields, stamp: Stamp, createdAtMs = 0): Change {
  const isEmpty = Object.keys(fields).length === 0;
  return {
    remove: [],
    append: [[id, isEmpty ? { createdAt: createdAtMs } : { ...fields }, stamp.hlc, stamp.actor]],
  };
}

/** Rule 7: a write of several fields under one stamp. On an erased record it only removes what is left beside (rule 13). */
export function setChange(
  id: string,
  entries: readonly Entry[],
  options: { fields: Fields; stamp: Stamp; overwrites?: Overwrites },
): Change {
  const { fields, stamp, overwrites = overwritesAll } = options;
  const kinds = kindsOf(entries);
  if (isErased(kinds.tombs)) return sweepChange(entries);
  const { remove, sup } = overwrite(
    kinds,
    (field, value) => Object.hasOwn(fields, field) && overwrites(field, value),
  );
  const append = Object.keys(fields).map((field) =>
    register(id, field, fields[field] ?? null, stamp, sup.get(field)?.values() ?? []),
  );
  return { remove: [...remove], append };
}

function tombScope(tombs: readonly TombEntry[], sup: Sup): void {
  for (const tomb of tombs) for (const { field, stamp } of scopeOf(tomb)) addSup(sup, field, stamp);
}

function tomb(id: string, snapshot: Fields | null | false, stamp: Stamp, sup: Sup): TombEntry {
  const entry: [string, 0, Fields | null | false, number, number, ...(string | number)[]] = [
    id,
    0,
    snapshot,
    stamp.hlc,
    stamp.actor,
  ];
  for (const [field, stamps] of sup)
    for (const { hlc, actor } of stamps.values()) entry.push(field, hlc, actor);
  return entry;
}

/** Shown values laid over the snapshots of `tombs`. */
function snapshotUnder(
  tombs: readonly TombEntry[],
  live: Iterable<readonly [string, readonly LiveValue[]]>,
): Fields {
  const values: Record<string, FieldValue> = { ...snapshotOf(tombs) };
  for (const [field, standing] of live) {
    // Only a tomb says that a couple is merged: left over from a restore it means nothing any more.
    if (field === MERGED_INTO) continue;
    const shown = shownOf(field, standing);
    if (shown !== undefined) values[field] = shown.value;
  }
  return values;
}

/**
 * Rule 11, by a person. `kind` decides what the tomb keeps: the shown values, nothing (purge), or erasure. `mergedInto`:
 * the record that this one lives on in.
 */
export function removeChange(
  id: string,
  entries: readonly Entry[],
  options: { stamp: Stamp; kind: 'delete' | 'purge' | 'erase'; mergedInto?: string },
): Change {
  const parts = partsOf(entries);
  const { remove, sup } = overwrite(parts, overwritesAll);
  tombScope(parts.tombs, sup);
  // Erasure stays: a later deletion by somebody who does not show the record must not end it.
  const kind = isErased(parts.tombs) ? 'erase' : options.kind;
  const snapshots = {
    delete: () => ({
      ...snapshotUnder(parts.tombs, parts.live),
      ...(options.mergedInto === undefined ? {} : { [MERGED_INTO]: options.mergedInto }),
    }),
    purge: () => null,
    erase: () => false as const,
  };
  const append = tomb(id, snapshots[kind](), options.stamp, sup);
  return { remove: [...remove, ...parts.tombs], append: [append] };
}

/**
 * Rule 11, by an integration: only what it may overwrite goes, and only its own earlier tombs. The snapshot holds just
 * that, so that the result is the same whichever of several deletions came first.
 */
export function removeSomeChange(
  id: string,
  entries: readonly Entry[],
  options: { stamp: Stamp; overwrites: Overwrites; isOwnTomb: (tomb: TombEntry) => boolean },
): Change {
  const parts = partsOf(entries);
  const { remove, sup } = overwrite(parts, options.overwrites);
  const own = parts.tombs.filter(options.isOwnTomb);
  tombScope(own, sup);
  const going = [...parts.live].map(
    ([field, values]) => [field, values.filter((value) => options.overwrites(field, value))] as const,
  );
  return {
    remove: [...remove, ...own],
    append: [tomb(id, snapshotUnder(own, going), options.stamp, sup)],
  };
}

/** Lays values into a tomb's snapshot: they were live before that deletion, though they are only heard of now. */
export function foldChange(old: TombEntry, fields: Fields): Change {
  const [id, kind, snapshot, ...rest] = old;
  const kept = typeof snapshot === 'object' && snapshot !== null ? snapshot : {};
  return { remove: [old], append: [[id, kind, { ...kept, ...fields }, ...rest] as TombEntry] };
}

/** Rule 13: what stands beside the tomb of an erased record goes. Nothing for records that are not erased. */
export function sweepChange(entries: readonly Entry[]): Change {
  const { bases, registers, tombs } = kindsOf(entries);
  return isErased(tombs) ? { remove: [...bases, ...registers], append: [] } : nothing;
}

/** Rule 13: tombs go; what only their snapshots held becomes live again; their scope is inherited per field. */
export function restoreChange(id: string, entries: readonly Entry[], stamp: Stamp): Change {
  const parts = partsOf(entries);
  if (isErased(parts.tombs)) return sweepChange(entries);
  const snapshot = snapshotOf(parts.tombs);
  // Purged: nothing to bring back, and its tombs keep older values from coming back.
  if (parts.live.size === 0 && Object.keys(snapshot).length === 0) return nothing;
  const scope: Sup = new Map();
  tombScope(parts.tombs, scope);
  const append: Entry[] = [];
  for (const field of Object.keys(snapshot)) {
    if (parts.live.has(field) || field === MERGED_INTO) continue;
    append.push(register(id, field, snapshot[field] ?? null, stamp, scope.get(field)?.values() ?? []));
    scope.delete(field);
  }
  // The tombs' scope must outlive them, or an older value would come back. A live field carries it in a register of its
  // shown value, beside the live ones: taking their place would revive what somebody overwrites meanwhile.
  for (const [field, stamps] of scope) {
    const live = parts.live.get(field) ?? [];
    const kept = new Set(
      live.flatMap(({ entry }) => (entry[1] === field ? supOf(entry as RegisterEntry).map(keyOf) : [])),
    );
    const missing = [...stamps.values()].filter((stamp) => !kept.has(keyOf(stamp)));
    if (missing.length > 0)
      append.push(register(id, field, shownOf(field, live)?.value ?? null, stamp, missing));
  }
  return { remove: parts.tombs, append };
}
