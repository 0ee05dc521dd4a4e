// Writes the events of one source into a mirrored document, one after the other, by DOCUMENT rules 9 to 14. Pure but
// for the document: the same events on the same state give the same entries on every relay.
import {
  actorOf,
  applyChange,
  createChange,
  derivedRecordId,
  deviceOfActor,
  type Entry,
  type Fields,
  type IntegrationEvent,
  type IntegrationOutcome,
  integrate,
  integrationDevice,
  integrationStamp,
  META,
  partsOf,
  type Stamp,
  shardName,
  shardOf,
} from '@wedsync/shared';
import type { EventBatch, EventResult, SourceEvent } from './event.ts';
import { foldLate } from './fold-late.ts';
import { Knowledge } from './knowledge.ts';
import type { Mirror } from './mirror.ts';

/** External ids beyond this stay in the links table alone. */
const MAX_REGISTER_LENGTH = 256;

function stampOfEvent({ source }: EventBatch, { eventKey, occurredAtMs }: SourceEvent): Stamp {
  return integrationStamp({ sourceId: source.id, eventId: eventKey, occurredAtMs });
}

function recordIdOf(mirror: Mirror, batch: EventBatch, known: Knowledge, externalId: string): string {
  const linked = known.links.get(externalId);
  if (linked !== undefined) return linked;
  // A system that was filled from this list may use our own ids.
  if (mirror.index.entriesOf(externalId).length > 0) return externalId;
  return derivedRecordId(batch.listId, batch.source.id, externalId);
}

/** Says in the document who the source is, once, so that its values can be named offline. */
function introduce(mirror: Mirror, batch: EventBatch, event: SourceEvent): void {
  const id = `actor:${integrationDevice(batch.source.id)}`;
  if (mirror.index.metaEntriesOf(id).length > 0) return;
  const stamp = stampOfEvent(batch, event);
  const fields = { kind: 'source', label: batch.source.name, sourceId: batch.source.id };
  applyChange(mirror.doc.getArray(META), createChange(id, fields, stamp));
}

/**
 * What the event says it replaces, but for values that another source wrote at a later time: the event cannot mean
 * those, and overwriting them would make the outcome depend on which of the two arrived first.
 */
function knownPrevious(mirror: Mirror, recordId: string, event: SourceEvent, batch: EventBatch): Fields {
  const { live } = partsOf(mirror.index.entriesOf(recordId));
  const { hlc } = stampOfEvent(batch, event);
  const isFromLaterSource = ({ actor, hlc: writtenAt }: Stamp) =>
    writtenAt > hlc && mirror.index.getMeta(`actor:${deviceOfActor(actor)}`)?.values.kind === 'source';
  return Object.fromEntries(
    Object.entries(event.previous ?? {}).filter(
      ([field, value]) =>
        !(live.get(field) ?? []).some((other) => other.value === value && isFromLaterSource(other)),
    ),
  );
}

function toIntegrationEvent(
  mirror: Mirror,
  batch: EventBatch,
  event: SourceEvent,
  recordId: string,
): IntegrationEvent {
  const extField = `ext:${batch.source.id}`;
  const view = mirror.index.get(recordId);
  const isLinked = view?.stamps[extField] !== undefined && view.values[extField] === event.externalId;
  // An event that says nothing we understand neither makes a couple nor brings one back.
  const saysSomething = event.kind === 'upsert' && Object.keys(event.fields).length > 0;
  const needsLink = saysSomething && !isLinked && event.externalId.length <= MAX_REGISTER_LENGTH;
  return {
    sourceId: batch.source.id,
    eventId: event.eventKey,
    occurredAtMs: event.occurredAtMs,
    kind: event.kind,
    recordId,
    fields: needsLink ? { ...event.fields, [extField]: event.externalId } : event.fields,
    previous: knownPrevious(mirror, recordId, event, batch),
  };
}

function toResult(event: SourceEvent, recordId: string, outcome: IntegrationOutcome): EventResult {
  const base = { id: event.id, event: event.event, recordId, externalId: event.externalId };
  if (outcome.outcome === 'applied')
    return {
      ...base,
      state: 'applied',
      reason: null,
      fields: outcome.fields,
      watermarks: outcome.watermarks,
    };
  if (outcome.outcome === 'nothing')
    return { ...base, state: 'ignored', reason: outcome.reason, fields: [], watermarks: outcome.watermarks };
  // Of somebody who is to be forgotten nothing is kept, the id in the other system included.
  const externalId = outcome.reason === 'erased' ? null : event.externalId;
  return { ...base, state: 'ignored', reason: outcome.reason, fields: [], watermarks: {}, externalId };
}

/**
 * A source that repeats what is shown writes nothing: so a value's own stamp may be older than the last time a source
 * stood by it. An event of another source from in between must not win over it; the repeat is written down then.
 */
function affirm(mirror: Mirror, known: Knowledge, event: IntegrationEvent): void {
  const { recordId, sourceId } = event;
  const { hlc } = integrationStamp(event);
  const view = mirror.index.get(recordId);
  const append = Object.entries(event.fields).flatMap(([field, value]): Entry[] => {
    const [shown, stamp] = [view?.values[field], view?.stamps[field]];
    if (shown === undefined || stamp === undefined || shown === value || stamp.hlc >= hlc) return [];
    const repeat = known.lastWord(recordId, field, sourceId);
    return repeat === undefined || repeat.hlc <= hlc
      ? []
      : [[recordId, field, shown, repeat.hlc, actorOf(integrationDevice(repeat.sourceId), 0)]];
  });
  if (append.length === 0) return;
  mirror.doc.transact(() => {
    applyChange(mirror.doc.getArray(shardName(shardOf(recordId))), { remove: [], append });
  });
}

/** An event older than its source's own deletion: it goes into the trash's copy of the couple. */
function setAside(
  mirror: Mirror,
  known: Knowledge,
  event: IntegrationEvent,
  result: EventResult,
): EventResult {
  const { sourceId, recordId, fields } = event;
  const watermarks = foldLate(mirror, {
    sourceId,
    recordId,
    stamp: integrationStamp(event),
    fields,
    watermarks: known.watermarks(sourceId, recordId),
  });
  const state = mirror.index.get(recordId)?.state;
  const isShown = state === 'alive' || state === 'edit-delete';
  if (Object.keys(watermarks).length === 0 || !isShown) return { ...result, watermarks };
  return { ...result, state: 'applied', reason: null, watermarks, fields: Object.keys(watermarks) };
}

function applyEvent(mirror: Mirror, batch: EventBatch, known: Knowledge, event: SourceEvent): EventResult {
  const recordId = recordIdOf(mirror, batch, known, event.externalId);
  const settledBefore = event.occurredAtMs - batch.source.settleMs;
  const integrationEvent = toIntegrationEvent(mirror, batch, event, recordId);
  if (event.kind === 'upsert') affirm(mirror, known, integrationEvent);
  const outcome = integrate(integrationEvent, {
    entries: mirror.index.entriesOf(recordId),
    watermarks: known.watermarks(batch.source.id, recordId),
    isSettled: (field, value) => (known.storedAt(recordId, field, value) ?? Infinity) < settledBefore,
  });
  if (outcome.outcome === 'applied') {
    mirror.doc.transact(() => {
      introduce(mirror, batch, event);
      applyChange(mirror.doc.getArray(shardName(shardOf(recordId))), outcome.change);
    });
  }
  const told = toResult(event, recordId, outcome);
  const result = told.reason === 'deleted-later' ? setAside(mirror, known, integrationEvent, told) : told;
  known.advance(batch.source.id, recordId, result.watermarks);
  if (result.externalId !== null) known.links.set(result.externalId, recordId);
  return result;
}

/** Writes what the events mean; results in their order. Call inside `Mirror.write`. */
export function integrateEvents(mirror: Mirror, batch: EventBatch): EventResult[] {
  const known = new Knowledge(batch);
  return batch.events.map((event) => applyEvent(mirror, batch, known, event));
}

/** Record ids whose watermarks and history the events may need, besides the linked ones. */
export function candidateRecordIds(
  listId: string,
  sourceId: string,
  externalIds: readonly string[],
): string[] {
  return [...externalIds, ...externalIds.map((id) => derivedRecordId(listId, sourceId, id))];
}
