// What the entries of one record mean: live values, shown values, conflicts, state (DOC-R4, R5, R6, R12). Pure.
import { isFutureStamp } from './clock.ts';
import {
  type BaseEntry,
  compareStamped,
  compareStamps,
  type Entry,
  type FieldValue,
  isBase,
  isErased,
  isRegister,
  isTomb,
  type RegisterEntry,
  registerHead,
  type Stamp,
  scopeOf,
  stampOf,
  type TombEntry,
} from './entry.ts';

export type LiveValue = Stamp & { readonly value: FieldValue; readonly entry: BaseEntry | RegisterEntry };
export type RecordState = 'absent' | 'alive' | 'trashed' | 'edit-delete';

/** The entries of one record, by kind. */
export type RecordKinds = {
  readonly bases: readonly BaseEntry[];
  readonly registers: readonly RegisterEntry[];
  readonly tombs: readonly TombEntry[];
};

/** The entries of one record, by kind, with its live values per field, winner first. */
export type RecordParts = RecordKinds & { readonly live: ReadonlyMap<string, readonly LiveValue[]> };

/** One record as shown. Immutable; a new object only when the record changed. Its maps inherit no names. */
export type RecordView = {
  readonly id: string;
  readonly state: RecordState;
  /** Shown value per field; `null` where somebody cleared it. */
  readonly values: Readonly<Record<string, FieldValue>>;
  /** Stamp of each shown value; none for values that come from a tomb's snapshot. */
  readonly stamps: Readonly<Record<string, Stamp>>;
  /** Fields with two or more distinct live values, winner first, each value once (rule 6). */
  readonly conflicts: Readonly<Record<string, readonly LiveValue[]>>;
  /** Stamp of the latest deletion, while there is one. */
  readonly deletedAt?: Stamp;
  /** Deleted, and nothing is left to restore: purged, or deleted before anything was known of it. */
  readonly isPurged: boolean;
};

/** Fields that hold one value per source or tag, so that two values are no disagreement. */
export function neverConflicts(field: string): boolean {
  return /^(?:createdAt|photo)$|^(?:tag|ext|note):/.test(field);
}

const noFields: ReadonlySet<string> = new Set();

/** The fields of a base that a register or a tomb names as superseded. */
export function supersededOf(base: BaseEntry, { registers, tombs }: RecordKinds): ReadonlySet<string> {
  const [, , hlc, actor] = base;
  let fields: Set<string> | undefined;
  for (const register of registers) {
    for (let i = registerHead; i + 1 < register.length; i += 2) {
      if (register[i] !== hlc || register[i + 1] !== actor) continue;
      fields ??= new Set();
      fields.add(register[1]);
    }
  }
  for (const tomb of tombs) {
    for (const { field, stamp } of scopeOf(tomb)) {
      if (stamp.hlc !== hlc || stamp.actor !== actor) continue;
      fields ??= new Set();
      fields.add(field);
    }
  }
  return fields ?? noFields;
}

function addLive(live: Map<string, LiveValue[]>, field: string, value: LiveValue): void {
  const values = live.get(field);
  if (values === undefined) live.set(field, [value]);
  else if (!values.some((other) => compareStamps(other, value) === 0 && other.value === value.value))
    values.push(value);
}

/** Sorts the entries of one record by kind. */
export function kindsOf(entries: readonly Entry[]): RecordKinds {
  const [bases, registers, tombs]: [BaseEntry[], RegisterEntry[], TombEntry[]] = [[], [], []];
  for (const entry of entries) {
    if (isRegister(entry)) registers.push(entry);
    else if (isBase(entry)) bases.push(entry);
    else if (isTomb(entry)) tombs.push(entry);
  }
  return { bases, registers, tombs };
}

/** Rule 4. Same stamp and value count once; winner first by rule 5. */
export function partsOf(entries: readonly Entry[]): RecordParts {
  const kinds = kindsOf(entries);
  return { ...kinds, live: liveOf(kinds) };
}

function liveOf(kinds: RecordKinds): Map<string, LiveValue[]> {
  const live = new Map<string, LiveValue[]>();
  for (const register of kinds.registers) {
    const [, field, value, hlc, actor] = register;
    addLive(live, field, { value, hlc, actor, entry: register });
  }
  for (const base of kinds.bases) {
    const [, fields, hlc, actor] = base;
    const superseded = supersededOf(base, kinds);
    for (const field of Object.keys(fields)) {
      const value = fields[field];
      if (value !== undefined && !superseded.has(field))
        addLive(live, field, { value, hlc, actor, entry: base });
    }
  }
  for (const values of live.values()) if (values.length > 1) values.sort((a, b) => compareStamped(b, a));
  return live;
}

/** Snapshots of all tombs, the latest on top (rule 11). */
export function snapshotOf(tombs: readonly TombEntry[]): Record<string, FieldValue> {
  const ordered = tombs
    .map((tomb) => ({ ...stampOf(tomb), value: tomb[2] }))
    .sort((a, b) => compareStamped(a, b));
  const snapshot: Record<string, FieldValue> = Object.create(null);
  for (const { value } of ordered)
    if (typeof value === 'object' && value !== null) Object.assign(snapshot, value);
  return snapshot;
}

function latestTomb(tombs: readonly TombEntry[]): Stamp | undefined {
  if (tombs.length === 0) return undefined;
  return tombs.map(stampOf).reduce<Stamp | undefined>((latest, stamp) => {
    return latest === undefined || compareStamps(stamp, latest) > 0 ? stamp : latest;
  }, undefined);
}

/**
 * The live value that is shown: the winner; of `createdAt` the lowest, since the couple was there when it was first
 * created (rule 6).
 */
export function shownOf(field: string, values: readonly LiveValue[]): LiveValue | undefined {
  if (field !== 'createdAt' || values.length < 2) return values[0];
  const times = values.filter((value) => typeof value.value === 'number');
  return times.reduce<LiveValue | undefined>(
    (lowest, value) => (lowest === undefined || Number(value.value) < Number(lowest.value) ? value : lowest),
    times[0] ?? values[0],
  );
}

function distinct(values: readonly LiveValue[]): LiveValue[] {
  return values.filter((value, index) => values.findIndex((other) => other.value === value.value) === index);
}

/** Makes maps of fields: nothing inherited, and quick to read, which objects of `Object.create(null)` are not. */
const FieldMap = function FieldMap(): void {
  // Filled by the caller; a constructor only because of its prototype.
} as unknown as new () => Record<string, never>;
FieldMap.prototype = Object.create(null);
const createFieldMap = <T>(): Record<string, T> => new FieldMap();

type Shown = Pick<RecordView, 'values' | 'stamps' | 'conflicts'>;
const noConflicts: RecordView['conflicts'] = Object.freeze(createFieldMap<readonly LiveValue[]>());

/** What is shown where every field has one live value; undefined where one has more, or several bases stand. */
function showPlain(kinds: RecordKinds): Shown | undefined {
  if (kinds.bases.length > 1) return undefined;
  if (kinds.registers.length === 0 && kinds.bases[0] !== undefined) return showBase(kinds.bases[0]);
  const values = createFieldMap<FieldValue>();
  const stamps = createFieldMap<Stamp>();
  const [base] = kinds.bases;
  const superseded = base === undefined ? noFields : supersededOf(base, kinds);
  const baseStamp = base === undefined ? undefined : { hlc: base[2], actor: base[3] };
  if (base !== undefined && baseStamp !== undefined) {
    // Superseded values first take their place, so that records of the same fields get maps of the same shape.
    for (const field of Object.keys(base[1])) {
      values[field] = base[1][field] ?? null;
      stamps[field] = baseStamp;
    }
  }
  for (const [, field, value, hlc, actor] of kinds.registers) {
    const known = stamps[field];
    if (known !== undefined && (known !== baseStamp || !superseded.has(field))) return undefined;
    values[field] = value;
    stamps[field] = { hlc, actor };
  }
  return { values, stamps, conflicts: noConflicts };
}

function createBaseStamps(names: readonly string[], hlc: number, actor: number) {
  const stamps = createFieldMap<Stamp>();
  const stamp = { hlc, actor };
  for (const name of names) stamps[name] = stamp;
  return { names, hlc, actor, stamps };
}
/** Records of one import, read one after the other, have the same fields and stamp: they share a map. */
let lastBaseStamps = createBaseStamps([], -1, -1);

/** What most records show: one base and nothing else. */
function showBase([, fields, hlc, actor]: BaseEntry): Shown {
  const values = createFieldMap<FieldValue>();
  const last = lastBaseStamps;
  const names = Object.keys(fields);
  let isSame = hlc === last.hlc && actor === last.actor && names.length === last.names.length;
  for (let at = 0; at < names.length; at++) {
    const name = names[at] as string;
    values[name] = fields[name] ?? null;
    isSame &&= name === last.names[at];
  }
  if (!isSame) lastBaseStamps = createBaseStamps(names, hlc, actor);
  return { values, stamps: lastBaseStamps.stamps, conflicts: noConflicts };
}

function showAll(kinds: RecordKinds): Shown {
  const values = createFieldMap<FieldValue>();
  const stamps = createFieldMap<Stamp>();
  const conflicts = createFieldMap<readonly LiveValue[]>();
  if (kinds.tombs.length > 0) Object.assign(values, snapshotOf(kinds.tombs));
  for (const [field, live] of liveOf(kinds)) {
    const shown = shownOf(field, live);
    if (shown === undefined) continue;
    values[field] = shown.value;
    stamps[field] = { hlc: shown.hlc, actor: shown.actor };
    if (live.length === 1 || neverConflicts(field)) continue;
    const different = distinct(live);
    if (different.length > 1) conflicts[field] = different;
  }
  return { values, stamps, conflicts };
}

function stateOf(tombs: readonly TombEntry[], hasLive: boolean): RecordState {
  if (tombs.length === 0) return hasLive ? 'alive' : 'absent';
  return hasLive ? 'edit-delete' : 'trashed';
}

/** What a record's entries show (rules 5, 6 and 12). */
export function viewOf(id: string, entries: readonly Entry[]): RecordView {
  const kinds = kindsOf(entries);
  const { tombs } = kinds;
  if (tombs.length > 0 && isErased(tombs)) {
    const nothing = { values: createFieldMap<FieldValue>(), stamps: createFieldMap<Stamp>() };
    return { id, state: 'absent', ...nothing, conflicts: noConflicts, isPurged: false };
  }
  const { values, stamps, conflicts } = (tombs.length === 0 ? showPlain(kinds) : undefined) ?? showAll(kinds);
  const state = stateOf(tombs, hasKey(stamps));
  const isPurged = state === 'trashed' && !hasKey(values);
  const deletedAt = latestTomb(tombs);
  if (deletedAt === undefined) return { id, state, values, stamps, conflicts, isPurged };
  return { id, state, values, stamps, conflicts, isPurged, deletedAt };
}

function hasKey(fields: object): boolean {
  for (const _ in fields) return true;
  return false;
}

/** Fields whose shown value comes from a clock too far ahead to be believed: shown, but marked (rule 16). */
export function futureFields(view: RecordView, nowMs: number): string[] {
  return Object.entries(view.stamps)
    .filter(([, stamp]) => isFutureStamp(stamp, nowMs))
    .map(([field]) => field);
}
