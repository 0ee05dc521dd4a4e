// The three kinds of entry and their shape checks (DOC-R3). Entries are immutable JSON arrays; what has another shape
// was written by a newer app or a hostile one: it is kept untouched and counted, never thrown on.
import { canonicalJson } from './canonical-json.ts';

/** What a field can hold: `null` is "cleared", an empty string is never written. */
export type FieldValue = null | boolean | number | string;
export type Fields = Readonly<Record<string, FieldValue>>;
/** When and where a value was written: hybrid logical clock, then actor (31 bits). */
export type Stamp = { readonly hlc: number; readonly actor: number };

/** `[id, {field: value}, hlc, actor]`: creation and import only. */
export type BaseEntry = readonly [string, Fields, number, number];
/** `[id, field, value, hlc, actor, …(hlc, actor)*]`: the tail names base stamps it supersedes for this field. */
export type RegisterEntry = readonly [string, string, FieldValue, number, number, ...number[]];
/** `[id, 0, snapshot | null | false, hlc, actor, …(field, hlc, actor)*]`: deleted; `null` purged, `false` erased. */
export type TombEntry = readonly [string, 0, Fields | null | false, number, number, ...(string | number)[]];
export type Entry = BaseEntry | RegisterEntry | TombEntry;

/** Where the tail of a register begins. */
export const registerHead = 5;
const tombHead = 5;
const maxStamp = Number.MAX_SAFE_INTEGER;
const maxActor = 2 ** 31 - 1;

function isHlc(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= maxStamp;
}

function isActor(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= maxActor;
}

export function isFieldValue(value: unknown): value is FieldValue {
  if (value === null) return true;
  const type = typeof value;
  return type === 'string' || type === 'boolean' || (type === 'number' && Number.isFinite(value));
}

function isFields(value: unknown): value is Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  // Own keys only: a decoded `__proto__` changes the prototype, and is gone when the entry is encoded again.
  for (const key of Object.keys(value))
    if (!isFieldName(key) || !isFieldValue((value as Record<string, unknown>)[key])) return false;
  return true;
}

/** Field names are any text but the empty one and `__proto__`, which no decoder brings over as a key. */
export function isFieldName(name: string): boolean {
  return name !== '' && name !== '__proto__';
}

function isStampTail(entry: readonly unknown[], from: number): boolean {
  if ((entry.length - from) % 2 !== 0) return false;
  for (let i = from; i < entry.length; i += 2) if (!isHlc(entry[i]) || !isActor(entry[i + 1])) return false;
  return true;
}

function isScopedTail(entry: readonly unknown[], from: number): boolean {
  if ((entry.length - from) % 3 !== 0) return false;
  for (let i = from; i < entry.length; i += 3) {
    if (typeof entry[i] !== 'string' || !isHlc(entry[i + 1]) || !isActor(entry[i + 2])) return false;
  }
  return true;
}

export function isBase(entry: Entry): entry is BaseEntry {
  return typeof entry[1] === 'object';
}

export function isTomb(entry: Entry): entry is TombEntry {
  return entry[1] === 0;
}

export function isRegister(entry: Entry): entry is RegisterEntry {
  return typeof entry[1] === 'string';
}

/** Whether an element of a shard is an entry of format 1. Never throws. */
export function isEntry(value: unknown): value is Entry {
  if (!Array.isArray(value) || typeof value[0] !== 'string' || value[0] === '') return false;
  const kind = value[1];
  if (typeof kind === 'object') {
    return value.length === 4 && isFields(kind) && isHlc(value[2]) && isActor(value[3]);
  }
  if (value.length < registerHead || !isHlc(value[3]) || !isActor(value[4])) return false;
  if (typeof kind === 'string')
    return isFieldName(kind) && isFieldValue(value[2]) && isStampTail(value, registerHead);
  if (kind !== 0) return false;
  const snapshot = value[2];
  return (snapshot === null || snapshot === false || isFields(snapshot)) && isScopedTail(value, tombHead);
}

export function stampOf(entry: Entry): Stamp {
  return isBase(entry) ? { hlc: entry[2], actor: entry[3] } : { hlc: entry[3], actor: entry[4] };
}

export function hlcOf(entry: Entry): number {
  return isBase(entry) ? entry[2] : entry[3];
}

/** A stamp as a map key. */
export function stampKey(hlc: number, actor: number): string {
  return `${hlc}:${actor}`;
}

/** Stamps of bases that a register supersedes for its field. */
export function supOf(entry: RegisterEntry): Stamp[] {
  const stamps: Stamp[] = [];
  for (let i = registerHead; i + 1 < entry.length; i += 2) {
    stamps.push({ hlc: entry[i] as number, actor: entry[i + 1] as number });
  }
  return stamps;
}

/** (field, stamp) pairs that a tomb supersedes: per field, since a record-wide scope would lose concurrent values. */
export function scopeOf(entry: TombEntry): { field: string; stamp: Stamp }[] {
  const pairs: { field: string; stamp: Stamp }[] = [];
  for (let i = tombHead; i + 2 < entry.length; i += 3) {
    const [field, hlc, actor] = entry.slice(i, i + 3) as [string, number, number];
    pairs.push({ field, stamp: { hlc, actor } });
  }
  return pairs;
}

/** Whether a record was erased for privacy: absent whatever else is live (DOC-R13). */
export function isErased(tombs: readonly TombEntry[]): boolean {
  return tombs.some((tomb) => tomb[2] === false);
}

/** Rule 5: positive when `a` is shown before `b` (higher hlc, then higher actor). */
export function compareStamps(a: Stamp, b: Stamp): number {
  return a.hlc - b.hlc || a.actor - b.actor;
}

/** Rule 5 with its last tie-break, canonical JSON by UTF-16 unit. */
export function compareStamped(a: Stamp & { value: unknown }, b: Stamp & { value: unknown }): number {
  const byStamp = compareStamps(a, b);
  if (byStamp !== 0) return byStamp;
  const [textA, textB] = [canonicalJson(a.value), canonicalJson(b.value)];
  return textA < textB ? -1 : textA > textB ? 1 : 0;
}
