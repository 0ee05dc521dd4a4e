// Computes what a write removes and appends for one record (DOC-R7, R8, R11, R13). Pure: entries in, change out.
import {
  type BaseEntry,
  type Entry,
  type Fields,
  type FieldValue,
  type RegisterEntry,
  type Stamp,
  scopeOf,
  stampKey,
  stampOf,
  supOf,
  type TombEntry,
} from './entry.ts';
import { type LiveValue, partsOf, type RecordParts, snapshotOf } from './live.ts';

/** Entries to delete (by identity) and to append, in one transaction. */
export type Change = { readonly remove: readonly Entry[]; readonly append: readonly Entry[] };

/** Which live values a write may overwrite: a person's overwrites all it sees (rule 8), an integration's fewer. */
export type Overwrites = (field: string, value: LiveValue) => boolean;
export const overwritesAll: Overwrites = () => true;

type Sup = Map<string, Map<string, Stamp>>;

const keyOf = ({ hlc, actor }: Stamp): string => stampKey(hlc, actor);

function addSup(sup: Sup, field: string, stamp: Stamp): void {
  const stamps = sup.get(field) ?? new Map<string, Stamp>();
  sup.set(field, stamps.set(stampKey(stamp.hlc, stamp.actor), stamp));
}

/** The bases of which every live field is overwritten: deleted instead of superseded. */
function deadBases(parts: RecordParts, isOverwritten: Overwrites): Set<BaseEntry> {
  const dead = new Set(parts.bases);
  for (const [field, values] of parts.live) {
    for (const value of values) {
      if (dead.has(value.entry as BaseEntry) && !isOverwritten(field, value))
        dead.delete(value.entry as BaseEntry);
    }
  }
  // Two bases of one stamp and value count as one live value: keep the one that is not seen, it carries the same.
  const seen = new Set([...parts.live.values()].flat().map((value) => value.entry));
  for (const base of dead) if (!seen.has(base) && hasLiveTwin(base, parts, isOverwritten)) dead.delete(base);
  return dead;
}

function hasLiveTwin(base: BaseEntry, parts: RecordParts, isOverwritten: Overwrites): boolean {
  const { hlc, actor } = stampOf(base);
  return Object.keys(base[1]).some((field) =>
    parts.live
      .get(field)
      ?.some((value) => value.hlc === hlc && value.actor === actor && !isOverwritten(field, value)),
  );
}

/** What overwriting does to the bases and registers of a record: what goes, and which stamps the successors name. */
function overwrite(parts: RecordParts, isOverwritten: Overwrites): { remove: Set<Entry>; sup: Sup } {
  const remove = new Set<Entry>();
  const sup: Sup = new Map();
  const dead = deadBases(parts, isOverwritten);
  for (const base of dead) remove.add(base);
  const deadKeys = new Set([...dead].map((base) => stampKey(base[2], base[3])));
  for (const register of parts.registers) {
    const [, field, value, hlc, actor] = register;
    if (!isOverwritten(field, { value, hlc, actor, entry: register })) continue;
    remove.add(register);
    for (const stamp of supOf(register))
      if (!deadKeys.has(stampKey(stamp.hlc, stamp.actor))) addSup(sup, field, stamp);
  }
  for (const [field, values] of parts.live) {
    for (const value of values) {
      if (typeof value.entry[1] !== 'object' || dead.has(value.entry as BaseEntry)) continue;
      if (isOverwritten(field, value)) addSup(sup, field, value);
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
  const tail = [...sup].flatMap(({ hlc, actor }) => [hlc, actor]);
  return [id, field, value, stamp.hlc, stamp.actor, ...tail];
}

/** Rule 10: creation and import. */
export function createChange(id: string, fields: Fields, stamp: Stamp): Change {
  return { remove: [], append: [[id, { ...fields }, stamp.hlc, stamp.actor]] };
}

/** Rule 7: a write of several fields under one stamp. */
export function setChange(
  id: string,
  entries: readonly Entry[],
  options: { fields: Fields; stamp: Stamp; overwrites?: Overwrites },
): Change {
  const { fields, stamp, overwrites = overwritesAll } = options;
  const { remove, sup } = overwrite(
    partsOf(entries),
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
  const tail: (string | number)[] = [];
  for (const [field, stamps] of sup)
    for (const { hlc, actor } of stamps.values()) tail.push(field, hlc, actor);
  return [id, 0, snapshot, stamp.hlc, stamp.actor, ...tail];
}

function shownValues(parts: RecordParts): Record<string, FieldValue> {
  const values: Record<string, FieldValue> = { ...snapshotOf(parts.tombs) };
  for (const [field, live] of parts.live) if (live[0] !== undefined) values[field] = live[0].value;
  return values;
}

/** Rule 11. `snapshot` decides what a tomb keeps: the shown values, nothing (purge), or erasure. */
export function removeChange(
  id: string,
  entries: readonly Entry[],
  options: { stamp: Stamp; kind: 'delete' | 'purge' | 'erase'; overwrites?: Overwrites },
): Change {
  const parts = partsOf(entries);
  const { remove, sup } = overwrite(parts, options.overwrites ?? overwritesAll);
  tombScope(parts.tombs, sup);
  const snapshots = { delete: () => shownValues(parts), purge: () => null, erase: () => false as const };
  const append = tomb(id, snapshots[options.kind](), options.stamp, sup);
  return { remove: [...remove, ...parts.tombs], append: [append] };
}

/** Rule 13: tombs go; what only their snapshots held becomes live again; their scope is inherited per field. */
export function restoreChange(id: string, entries: readonly Entry[], stamp: Stamp): Change {
  const parts = partsOf(entries);
  const scope: Sup = new Map();
  tombScope(parts.tombs, scope);
  const append: Entry[] = [];
  const snapshot = snapshotOf(parts.tombs);
  for (const field of Object.keys(snapshot)) {
    if (parts.live.has(field)) continue;
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
    if (missing.length > 0) append.push(register(id, field, live[0]?.value ?? null, stamp, missing));
  }
  return { remove: parts.tombs, append };
}
