// Events of a source about a couple whose record a person has merged into another one, on the relay's own copy.
import {
  actorOf,
  createClock,
  createListDoc,
  createListIndex,
  createWriter,
  derivedRecordId,
  mergedInto,
} from '@wedsync/shared';
import { expect, it } from 'vitest';
import * as Y from 'yjs';
import type { EventResult, SourceEvent } from './event.ts';
import { integrateEvents } from './integrate-events.ts';
import { Mirror } from './mirror.ts';

const listId = `l_${'x'.repeat(22)}`;
const atMs = Date.UTC(2026, 10, 22);
const goes = derivedRecordId(listId, 'src_form', 'f1');

/** A list in which the form's couple was merged into one that a person had added. */
function openMerged(): Mirror {
  const doc = createListDoc();
  const clock = createClock({ now: () => atMs - 1000, actor: actorOf(1, 1) });
  const writer = createWriter({ doc, index: createListIndex(doc), clock });
  writer.create({ firstName: 'Ines' }, { id: 'ines' });
  writer.create({ firstName: 'Ines', 'ext:src_form': 'f1' }, { id: goes });
  writer.mergeInto(goes, 'ines');
  const mirror = new Mirror({ lineage: 'x', seq: 0, projectedSeq: 0 });
  mirror.apply({ seq: 1, update: Y.encodeStateAsUpdate(doc), sender: 'person', storedAtMs: atMs - 1000 });
  return mirror;
}

function send(mirror: Mirror, event: Pick<SourceEvent, 'kind' | 'fields'>): EventResult {
  const context = { links: { f1: goes }, watermarks: [], stored: [] };
  const source = { id: 'src_form', name: 'Booking form', settleMs: 0 };
  const events = [
    { id: 1, event: 'x', eventKey: 'e1', occurredAtMs: atMs, externalId: 'f1', ...event },
  ] as const;
  let results: readonly EventResult[] = [];
  mirror.write({ id: 7, clock: 0, sender: 'src_form' }, () => {
    results = integrateEvents(mirror, { listId, source, events, context });
  });
  const [result] = results;
  if (result === undefined) throw new Error('nothing came of it');
  return result;
}

it('HOOK-7 an update reaches the couple that stayed, and the link stays as it was', () => {
  const mirror = openMerged();
  const result = send(mirror, { kind: 'upsert', fields: { venue: 'Mill House' } });
  expect(result).toMatchObject({ state: 'applied', recordId: 'ines', links: { f1: goes } });
  expect(mirror.index.get('ines')?.values).toEqual({
    firstName: 'Ines',
    venue: 'Mill House',
    'ext:src_form': 'f1',
  });
});

it('HOOK-7 a deletion by the source leaves the couple that stayed', () => {
  const mirror = openMerged();
  send(mirror, { kind: 'delete', fields: {} });
  expect(mirror.index.get('ines')?.state).toBe('alive');
  expect(mergedInto(mirror.index.get(goes))).toBe('ines');
});

it('HOOK-7 a privacy deletion forgets both records and what points at them', () => {
  const mirror = openMerged();
  const result = send(mirror, { kind: 'erase', fields: {} });
  expect(result).toMatchObject({ recordId: 'ines', erased: true, mergedRecords: { [goes]: 'ines' } });
  for (const id of ['ines', goes]) expect(mirror.index.get(id)?.state).toBe('absent');
});
