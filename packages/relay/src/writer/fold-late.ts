// What a source said about a couple before it deleted them, arriving after the deletion: it changes nothing that is
// shown and brings nobody back, but it goes into what the trash keeps. So events in any order leave the same.
import {
  actorOf,
  applyChange,
  DELETE_WATERMARK,
  type Entry,
  type Fields,
  type FieldValue,
  integrationDevice,
  isTomb,
  type Stamp,
  scopeOf,
  shardName,
  shardOf,
  stampOf,
  type TombEntry,
} from '@wedsync/shared';
import type { Mirror } from './mirror.ts';

/** A late event of a source, and the highest stamps of that source dealt with per field. */
export interface LateEvent {
  readonly sourceId: string;
  readonly recordId: string;
  readonly stamp: Stamp;
  readonly fields: Fields;
  readonly watermarks: Readonly<Record<string, number>>;
}

/** Tombs of this source alone: what a person put into the trash stays as they saw it. */
function ownTombs(entries: readonly Entry[], actor: number): TombEntry[] | undefined {
  const tombs = entries.filter(isTomb);
  return tombs.every((tomb) => stampOf(tomb).actor === actor && tomb[2] !== false) ? tombs : undefined;
}

/**
 * Puts the values of a late event into the trash's copy where they are the latest known ones. Returns the new
 * watermarks of the fields it took; none when there was nothing to take, or the deletion is not the source's own.
 */
export function foldLate(mirror: Mirror, late: LateEvent): Readonly<Record<string, number>> {
  const { recordId, watermarks } = late;
  const deletedHlc = watermarks[DELETE_WATERMARK];
  const actor = actorOf(integrationDevice(late.sourceId), 0);
  const entries = mirror.index.entriesOf(recordId);
  const tombs = deletedHlc === undefined ? undefined : ownTombs(entries, actor);
  if (deletedHlc === undefined || tombs === undefined) return {};
  const snapshot: Record<string, FieldValue> = {};
  let hlc = deletedHlc;
  const scope: (string | number)[] = [];
  for (const tomb of tombs) {
    // Only purged ones have no snapshot: then nothing is to be kept.
    if (tomb[2] === null || tomb[2] === false) return {};
    Object.assign(snapshot, tomb[2]);
    hlc = Math.max(hlc, tomb[3]);
    for (const { field, stamp } of scopeOf(tomb)) scope.push(field, stamp.hlc, stamp.actor);
  }
  const taken = Object.keys(late.fields).filter((field) => late.stamp.hlc > (watermarks[field] ?? -1));
  if (taken.length === 0) return {};
  for (const field of taken) snapshot[field] = late.fields[field] ?? null;
  mirror.doc.transact(() => {
    applyChange(mirror.doc.getArray(shardName(shardOf(recordId))), {
      remove: tombs,
      append: [[recordId, 0, snapshot, hlc, actor, ...scope]],
    });
  });
  return Object.fromEntries(taken.map((field) => [field, late.stamp.hlc]));
}
