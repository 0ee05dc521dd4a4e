// What journaled actions wanted to write, as plain fields: read from a backup file or from edits that were set aside.
import { type Entry, type FieldValue, isBase, isEntry, isRegister, stampOf } from '@wedsync/shared';

export type WantedField = { readonly value: FieldValue; readonly hlc: number };

/** Per record: the newest wanted value of each field, or that it was to be deleted or restored. */
export type Wanted = {
  readonly fields: ReadonlyMap<string, WantedField>;
  readonly state?: 'delete' | 'restore';
};

type OpenWanted = { fields: Map<string, WantedField>; state?: 'delete' | 'restore' };

/** Reads intents of actions on records; anything else, and what has another shape, is left out. Never throws. */
export function wantedOf(journal: readonly unknown[]): ReadonlyMap<string, Wanted> {
  const wanted = new Map<string, OpenWanted>();
  for (const intent of journal.flatMap(intentsOf)) {
    if (field(intent, 'target') !== 'records') continue;
    for (const part of listOf(field(intent, 'parts'))) {
      const id = field(part, 'id');
      if (typeof id !== 'string') continue;
      const record: OpenWanted = wanted.get(id) ?? { fields: new Map() };
      wanted.set(id, record);
      const kind = field(intent, 'kind');
      if (kind === 'delete' || kind === 'restore') record.state = kind;
      for (const entry of listOf(field(part, 'append')).filter(isEntry)) take(record.fields, entry);
    }
  }
  return wanted;
}

function take(fields: Map<string, WantedField>, entry: Entry): void {
  const { hlc } = stampOf(entry);
  const written = isBase(entry)
    ? Object.entries(entry[1])
    : isRegister(entry)
      ? [[entry[1], entry[2]] as const]
      : [];
  for (const [name, value] of written)
    if ((fields.get(name)?.hlc ?? -1) < hlc) fields.set(name, { value, hlc });
}

const intentsOf = (entry: unknown): unknown[] => listOf(field(field(entry, 'intent'), 'intents'));
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
