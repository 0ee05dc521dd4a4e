// What an external system's event may do to a record (DOC-R9 to R12, R14): it overwrites only what it can have known,
// everything else stays as a sibling. Pure: the same event gives the same change on every relay.
import { sha256 } from '@noble/hashes/sha2.js';
import {
  type Change,
  createChange,
  foldChange,
  type Overwrites,
  removeSomeChange,
  setChange,
} from './change.ts';
import { deviceOfActor, integrationDevice, integrationStamp, isIntegrationActor } from './clock.ts';
import {
  compareStamps,
  type Entry,
  type Fields,
  type FieldValue,
  isErased,
  isFieldName,
  type Stamp,
  stampOf,
  type TombEntry,
} from './entry.ts';
import { type LiveValue, partsOf, type RecordParts } from './live.ts';

export type IntegrationEvent = {
  readonly sourceId: string;
  /** Unique per delivery of the source; ties within a millisecond are broken by it. */
  readonly eventId: string;
  /** UTC ms; already not later than the first receipt (rule 9). */
  readonly occurredAtMs: number;
  readonly kind: 'upsert' | 'delete';
  readonly recordId: string;
  /** Changed fields only; nothing absent, empty or placeholder. */
  readonly fields: Fields;
  /** Values that the event says it replaces. */
  readonly previous?: Fields;
};

export type IntegrationContext = {
  readonly entries: readonly Entry[];
  /** Highest stamp (hlc) of this source already dealt with, per field; own keys only. */
  readonly watermarks: Readonly<Record<string, number>>;
  /** Rule 9 (b) and (d): acknowledged as sent to this source, or stored longer than the settle window before the event. */
  readonly isSettled: (field: string, value: LiveValue) => boolean;
};

export type IntegrationOutcome =
  | {
      readonly outcome: 'applied';
      readonly change: Change;
      readonly stamp: Stamp;
      readonly fields: readonly string[];
      readonly replaced: readonly LiveValue[];
      readonly watermarks: Readonly<Record<string, number>>;
    }
  /** Nothing to write: the event names no field, or newer events of the source came first. */
  | {
      readonly outcome: 'nothing';
      readonly reason: 'same' | 'older';
      readonly watermarks: Readonly<Record<string, number>>;
    }
  /** Kept with a note: older than the deletion, or the record was erased. */
  | { readonly outcome: 'set-aside'; readonly reason: 'deleted-later' | 'erased' };

/** Record id of an integration's couple: the same on every relay, created or updated first (rule 10). */
export function derivedRecordId(listId: string, sourceId: string, externalId: string): string {
  const digest = sha256(new TextEncoder().encode(`${listId}\n${sourceId}\n${externalId}`));
  const base64 = btoa(String.fromCharCode(...digest));
  return base64.replaceAll('+', '-').replaceAll('/', '_').slice(0, 22);
}

/** Watermark key under which a source's deletions are remembered. */
export const DELETE_WATERMARK = '#deleted';

/**
 * What the event does to the record's entries. Without people's writes in between, and as long as nothing is settled,
 * any order of a set of events ends in the same shown state: each source's latest word per field stands, and so does
 * its latest deletion.
 */
export function integrate(event: IntegrationEvent, context: IntegrationContext): IntegrationOutcome {
  const parts = partsOf(context.entries);
  if (isErased(parts.tombs)) return { outcome: 'set-aside', reason: 'erased' };
  const known = readEvent(event, context, parts);
  const { stamp } = known;
  if (event.kind === 'delete') return remove(event, context, known);
  const isAfterOwnDelete = known.isNewer(DELETE_WATERMARK);
  const isDeletedByPerson = parts.tombs.some(
    (tomb) => !isIntegrationActor(tomb[4]) && compareStamps(stampOf(tomb), stamp) > 0,
  );
  if (isDeletedByPerson) return { outcome: 'set-aside', reason: 'deleted-later' };
  if (isAfterOwnDelete) return upsert(event, context, known);
  return fold(event, parts, known);
}

type Known = {
  readonly stamp: Stamp;
  readonly parts: RecordParts;
  readonly overwrites: Overwrites;
  readonly isOwnTomb: (tomb: TombEntry) => boolean;
  readonly isNewer: (field: string) => boolean;
};

function readEvent(event: IntegrationEvent, context: IntegrationContext, parts: RecordParts): Known {
  const stamp = integrationStamp(event);
  const device = integrationDevice(event.sourceId);
  const { previous = {} } = event;
  return {
    stamp,
    parts,
    // What is stamped later than the event was not there when the event happened, whatever it says it replaces.
    overwrites: (field, value) =>
      context.isSettled(field, value) ||
      (compareStamps(value, stamp) < 0 &&
        (deviceOfActor(value.actor) === device ||
          (Object.hasOwn(previous, field) && previous[field] === value.value))),
    isOwnTomb: (tomb) => deviceOfActor(tomb[4]) === device && isIntegrationActor(tomb[4]),
    isNewer: (field) =>
      !Object.hasOwn(context.watermarks, field) || stamp.hlc > (context.watermarks[field] ?? -1),
  };
}

/** Always a tomb, even of a record that nothing is known of yet: a later word about it must find it deleted. */
function remove(event: IntegrationEvent, context: IntegrationContext, known: Known): IntegrationOutcome {
  const { stamp, parts, overwrites } = known;
  if (!known.isNewer(DELETE_WATERMARK)) return { outcome: 'nothing', reason: 'older', watermarks: {} };
  const change = removeSomeChange(event.recordId, context.entries, known);
  const replaced = [...parts.live].flatMap(([field, values]) =>
    values.filter((value) => overwrites(field, value)),
  );
  return {
    outcome: 'applied',
    change,
    stamp,
    fields: [],
    replaced,
    watermarks: { [DELETE_WATERMARK]: stamp.hlc },
  };
}

/** The source's own deletion was heard of first: its older values belong into the trash, not into the list. */
function fold(event: IntegrationEvent, parts: RecordParts, known: Known): IntegrationOutcome {
  const own = parts.tombs.find(
    (tomb) => known.isOwnTomb(tomb) && compareStamps(stampOf(tomb), known.stamp) > 0,
  );
  // Somebody restored, purged or deleted it again since: what they saw stands.
  if (own === undefined || own[2] === null) return { outcome: 'set-aside', reason: 'deleted-later' };
  const { fields, watermarks } = newerFields(event, known);
  if (Object.keys(fields).length === 0) return { outcome: 'nothing', reason: 'older', watermarks };
  const change = foldChange(own, fields);
  return { outcome: 'applied', change, stamp: known.stamp, fields: [], replaced: [], watermarks };
}

function newerFields(
  event: IntegrationEvent,
  { isNewer, stamp }: Known,
): { fields: Record<string, FieldValue>; watermarks: Record<string, number> } {
  const fields: Record<string, FieldValue> = {};
  const watermarks: Record<string, number> = {};
  for (const [field, value] of Object.entries(event.fields)) {
    if (!isFieldName(field) || !isNewer(field)) continue;
    fields[field] = value;
    watermarks[field] = stamp.hlc;
  }
  return { fields, watermarks };
}

/**
 * A value that stands there already is written all the same, with its later stamp: a third value from between the two
 * would win over it in one order of arrival, and lose in the other.
 */
function upsert(event: IntegrationEvent, context: IntegrationContext, known: Known): IntegrationOutcome {
  const { stamp, parts, overwrites } = known;
  const { fields, watermarks } = newerFields(event, known);
  const written = Object.keys(fields);
  if (written.length === 0) {
    const reason = Object.keys(event.fields).length > 0 ? 'older' : 'same';
    return { outcome: 'nothing', reason, watermarks };
  }
  const replaced = written.flatMap((field) =>
    (parts.live.get(field) ?? []).filter((value) => overwrites(field, value)),
  );
  const change =
    context.entries.length === 0
      ? createChange(event.recordId, fields, stamp)
      : setChange(event.recordId, context.entries, { fields, stamp, overwrites });
  return { outcome: 'applied', change, stamp, fields: written, replaced, watermarks };
}
