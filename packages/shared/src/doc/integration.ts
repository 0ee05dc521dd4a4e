// What an external system's event may do to a record (DOC-R9 to R12, R14): it overwrites only what it can have known,
// everything else stays as a sibling. Pure: the same event gives the same change on every relay.
import { sha256 } from '@noble/hashes/sha2.js';
import { type Change, createChange, removeChange, setChange } from './change.ts';
import { deviceOfActor, integrationDevice, integrationStamp } from './clock.ts';
import { compareStamps, type Entry, type Fields, type FieldValue, type Stamp, stampOf } from './entry.ts';
import { type LiveValue, partsOf, viewOf } from './live.ts';

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
  /** Highest stamp (hlc) of this source already dealt with, per field. */
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
  /** Nothing to write: the values stand there already, or newer events of the source came first. */
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

/** What the event does to the record's entries. */
export function integrate(event: IntegrationEvent, context: IntegrationContext): IntegrationOutcome {
  const stamp = integrationStamp(event);
  const view = viewOf(event.recordId, context.entries);
  const parts = partsOf(context.entries);
  if (parts.tombs.some((tomb) => tomb[2] === false)) return { outcome: 'set-aside', reason: 'erased' };
  const device = integrationDevice(event.sourceId);
  const overwrites = (field: string, value: LiveValue): boolean =>
    deviceOfActor(value.actor) === device ||
    (event.previous !== undefined &&
      Object.hasOwn(event.previous, field) &&
      event.previous[field] === value.value) ||
    context.isSettled(field, value);
  const isNewer = (field: string) => stamp.hlc > (context.watermarks[field] ?? -1);

  if (event.kind === 'delete') {
    if (!isNewer(DELETE_WATERMARK)) return { outcome: 'nothing', reason: 'older', watermarks: {} };
    const watermarks = { [DELETE_WATERMARK]: stamp.hlc };
    if (view.state === 'absent' || view.state === 'trashed')
      return { outcome: 'nothing', reason: 'same', watermarks };
    const mayRemove = (field: string, value: LiveValue) => isNewer(field) && overwrites(field, value);
    const change = removeChange(event.recordId, context.entries, {
      stamp,
      kind: 'delete',
      overwrites: mayRemove,
    });
    const replaced = [...parts.live].flatMap(([field, values]) =>
      values.filter((value) => mayRemove(field, value)),
    );
    return { outcome: 'applied', change, stamp, fields: [], replaced, watermarks };
  }

  const deletedLater = parts.tombs.some((tomb) => compareStamps(stampOf(tomb), stamp) > 0);
  if (deletedLater || !isNewer(DELETE_WATERMARK)) return { outcome: 'set-aside', reason: 'deleted-later' };
  return upsert(event, { stamp, parts, context, overwrites, isNewer });
}

function upsert(
  event: IntegrationEvent,
  known: {
    stamp: Stamp;
    parts: ReturnType<typeof partsOf>;
    context: IntegrationContext;
    overwrites: (field: string, value: LiveValue) => boolean;
    isNewer: (field: string) => boolean;
  },
): IntegrationOutcome {
  const { stamp, parts, context, overwrites, isNewer } = known;
  const watermarks: Record<string, number> = {};
  const fields: Record<string, FieldValue> = {};
  const replaced: LiveValue[] = [];
  for (const [field, value] of Object.entries(event.fields)) {
    if (!isNewer(field)) continue;
    watermarks[field] = stamp.hlc;
    const live = parts.live.get(field) ?? [];
    const outdated = live.filter((other) => overwrites(field, other));
    const shown = live[0];
    // Already so: nothing is written, unless a value that the event may overwrite still says something else.
    if (shown !== undefined && shown.value === value && outdated.every((other) => other.value === value))
      continue;
    fields[field] = value;
    replaced.push(...outdated);
  }
  const written = Object.keys(fields);
  if (written.length === 0) {
    const isOlder = Object.keys(watermarks).length === 0 && Object.keys(event.fields).length > 0;
    return { outcome: 'nothing', reason: isOlder ? 'older' : 'same', watermarks };
  }
  const change =
    context.entries.length === 0
      ? createChange(event.recordId, fields, stamp)
      : setChange(event.recordId, context.entries, { fields, stamp, overwrites });
  return { outcome: 'applied', change, stamp, fields: written, replaced, watermarks };
}
