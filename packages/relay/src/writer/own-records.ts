// Records that the relay writes in its own name: a list's first meta record, demo couples. Written once: what is
// there already is left alone, so that a repeat after a crash changes nothing.
import {
  actorOf,
  createChange,
  type Entry,
  hlcFromMs,
  integrationDevice,
  META,
  shardName,
  shardOf,
} from '@wedsync/shared';
import type { OwnRecords } from './event.ts';
import type { Mirror } from './mirror.ts';

/** The device number of the relay's own writes, on every relay. */
const RELAY_ACTOR = actorOf(integrationDevice('relay'), 0);

/** All in one transaction. Call inside `Mirror.write`. */
export function writeOwnRecords(mirror: Mirror, own: OwnRecords): void {
  const stamp = { hlc: hlcFromMs(own.atMs), actor: RELAY_ACTOR };
  const byArray = new Map<string, Entry[]>();
  const add = (name: string, entries: readonly Entry[]) =>
    byArray.set(name, [...(byArray.get(name) ?? []), ...entries]);
  for (const { id, fields } of own.meta)
    if (mirror.index.metaEntriesOf(id).length === 0) add(META, createChange(id, fields, stamp).append);
  for (const { id, fields } of own.records)
    if (mirror.index.entriesOf(id).length === 0)
      add(shardName(shardOf(id)), createChange(id, fields, stamp).append);
  mirror.doc.transact(() => {
    for (const [name, entries] of byArray) mirror.doc.getArray(name).push(entries);
  });
}
