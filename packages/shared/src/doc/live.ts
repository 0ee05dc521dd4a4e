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
  type Stamp,
  scopeOf,
  stampKey,
  stampOf,
  supOf,
  type TombEntry,
} from './entry.ts';

export type LiveValue = Stamp & { readonly value: FieldValue; readonly entry: BaseEntry | RegisterEntry };
export type RecordState = 'absent' | 'alive' | 'trashed' | 'edit-delete';

/** The entries of one record, by kind, with its live values per field, winner first. */
export type RecordParts = {
  readonly bases: readonly BaseEntry[];
  readonly registers: readonly RegisterEntry[];
  readonly tombs: readonly TombEntry[];
  readonly live: ReadonlyMap<string, readonly LiveValue[]>;
  /** Per field the base stamps (as keys) that a register or a tomb supersedes. */
  readonly sup: ReadonlyMap<string, ReadonlySet<string>>;
};

/** One record as shown. Immutable; a new object only when the record changed. Maps have no prototype. */
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

function collectSup(
  registers: readonly RegisterEntry[],
  tombs: readonly TombEntry[],
): Map<string, Set<string>> {
  const sup = new Map<string, Set<string>>();
  const add = (field: string, stamp: Stamp) => {
    const stamps = sup.get(field);
    if (stamps === undefined) sup.set(field, new Set([stampKey(stamp.hlc, stamp.actor)]));
    else stamps.add(stampKey(stamp.hlc, stamp.actor));
  };
  for (const register of registers) {
    if (register.length > 5) for (const stamp of supOf(register)) add(register[1], stamp);
  }
  for (const tomb of tombs) for (const { field, stamp } of scopeOf(tomb)) add(field, stamp);
  return sup;
}

function addLive(live: Map<string, LiveValue[]>, field: string, value: LiveValue): void {
  const values = live.get(field);
  if (values === undefined) live.set(field, [value]);
  else if (!values.some((other) => compareStamps(other, value) === 0 && other.value === value.value))
    values.push(value);
}

/** Rule 4. Same stamp and value count once; winner first by rule 5. */
export function partsOf(entries: readonly Entry[]): RecordParts {
  const [bases, registers, tombs]: [BaseEntry[], RegisterEntry[], TombEntry[]] = [[], [], []];
  for (const entry of entries) {
    if (isRegister(entry)) registers.push(entry);
    else if (isBase(entry)) bases.push(entry);
    else if (isTomb(entry)) tombs.push(entry);
  }
  const sup = collectSup(registers, tombs);
  const live = new Map<string, LiveValue[]>();
  for (const register of registers) {
    const [, field, value, hlc, actor] = register;
    addLive(live, field, { value, hlc, actor, entry: register });
  }
  for (const base of bases) {
    const [, fields, hlc, actor] = base;
    const key = sup.size === 0 ? '' : stampKey(hlc, actor);
    for (const field of Object.keys(fields)) {
      const value = fields[field];
      if (value !== undefined && sup.get(field)?.has(key) !== true)
        addLive(live, field, { value, hlc, actor, entry: base });
    }
  }
  for (const values of live.values()) if (values.length > 1) values.sort((a, b) => compareStamped(b, a));
  return { bases, registers, tombs, live, sup };
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

function stateOf(parts: RecordParts): RecordState {
  if (isErased(parts.tombs)) return 'absent';
  if (parts.live.size === 0) return parts.tombs.length === 0 ? 'absent' : 'trashed';
  return parts.tombs.length === 0 ? 'alive' : 'edit-delete';
}

/** What a record's entries show (rules 5, 6 and 12). */
export function viewOf(id: string, entries: readonly Entry[]): RecordView {
  const parts = partsOf(entries);
  const state = stateOf(parts);
  const values: Record<string, FieldValue> = Object.create(null);
  const stamps: Record<string, Stamp> = Object.create(null);
  const conflicts: Record<string, readonly LiveValue[]> = Object.create(null);
  if (state === 'absent') return { id, state, values, stamps, conflicts, isPurged: false };
  if (parts.tombs.length > 0) Object.assign(values, snapshotOf(parts.tombs));
  for (const [field, live] of parts.live) {
    const shown = shownOf(field, live);
    if (shown === undefined) continue;
    values[field] = shown.value;
    stamps[field] = { hlc: shown.hlc, actor: shown.actor };
    if (live.length > 1 && !neverConflicts(field)) {
      const different = distinct(live);
      if (different.length > 1) conflicts[field] = different;
    }
  }
  const deletedAt = latestTomb(parts.tombs);
  const isPurged = state === 'trashed' && Object.keys(values).length === 0;
  return {
    id,
    state,
    values,
    stamps,
    conflicts,
    isPurged,
    ...(deletedAt === undefined ? {} : { deletedAt }),
  };
}

/** Fields whose shown value comes from a clock too far ahead to be believed: shown, but marked (rule 16). */
export function futureFields(view: RecordView, nowMs: number): string[] {
  return Object.entries(view.stamps)
    .filter(([, stamp]) => isFutureStamp(stamp, nowMs))
    .map(([field]) => field);
}
