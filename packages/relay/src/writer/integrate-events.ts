// Writes the events of one source into a mirrored document, one after the other, by DOCUMENT rules 9 to 14. Pure but
// for the document: the same events on the same state give the same entries on every relay.
import {
  applyChange,
  createChange,
  derivedRecordId,
  type IntegrationEvent,
  type IntegrationOutcome,
  integrate,
  integrationDevice,
  integrationStamp,
  META,
  shardName,
  shardOf,
} from '@wedsync/shared';
import type { EventBatch, EventResult, SourceEvent } from './event.ts';
import { Knowledge } from './knowledge.ts';
import type { Mirror } from './mirror.ts';

/** External ids beyond this stay in the links table alone. */
const MAX_REGISTER_LENGTH = 256;

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
  const stamp = integrationStamp({
    sourceId: batch.source.id,
    eventId: event.eventKey,
    occurredAtMs: event.occurredAtMs,
  });
  const fields = { kind: 'source', label: batch.source.name, sourceId: batch.source.id };
  applyChange(mirror.doc.getArray(META), createChange(id, fields, stamp));
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
    ...(event.previous === undefined ? {} : { previous: event.previous }),
  };
}

function toResult(event: SourceEvent, recordId: string, outcome: IntegrationOutcome): EventResult {
  const { externalId } = event;
  const ignored = {
    id: event.id,
    event: event.event,
    recordId,
    externalId,
    state: 'ignored',
    fields: [],
  } as const;
  if (outcome.outcome === 'applied') {
    const { fields, watermarks } = outcome;
    // Older than the source's own deletion: it went into the trash's copy of the couple.
    if (event.kind === 'upsert' && fields.length === 0)
      return { ...ignored, reason: 'deleted-later', watermarks };
    return { ...ignored, state: 'applied', reason: null, fields, watermarks };
  }
  if (outcome.outcome === 'nothing')
    return { ...ignored, reason: outcome.reason, watermarks: outcome.watermarks };
  // Of somebody who is to be forgotten nothing is kept, the id in the other system included.
  const isErased = outcome.reason === 'erased';
  return { ...ignored, reason: outcome.reason, watermarks: {}, externalId: isErased ? null : externalId };
}

function applyEvent(mirror: Mirror, batch: EventBatch, known: Knowledge, event: SourceEvent): EventResult {
  const recordId = recordIdOf(mirror, batch, known, event.externalId);
  const settledBefore = event.occurredAtMs - batch.source.settleMs;
  const outcome = integrate(toIntegrationEvent(mirror, batch, event, recordId), {
    entries: mirror.index.entriesOf(recordId),
    watermarks: known.watermarks(recordId),
    isSettled: (field, value) => (known.storedAt(recordId, field, value) ?? Infinity) < settledBefore,
  });
  if (outcome.outcome === 'applied') {
    mirror.doc.transact(() => {
      introduce(mirror, batch, event);
      applyChange(mirror.doc.getArray(shardName(shardOf(recordId))), outcome.change);
    });
  }
  const result = toResult(event, recordId, outcome);
  known.advance(recordId, result.watermarks);
  if (result.externalId !== null) known.links.set(result.externalId, recordId);
  return result;
}

/** Writes what the events mean; results in their order. Call inside `Mirror.write`. */
export function integrateEvents(mirror: Mirror, batch: EventBatch): EventResult[] {
  const known = new Knowledge(batch);
  return batch.events.map((event) => {
    const result = applyEvent(mirror, batch, known, event);
    return { ...result, reason: result.reason ?? batch.leftOut?.[event.id] ?? null };
  });
}

/** Record ids whose watermarks and history the events may need, besides the linked ones. */
export function candidateRecordIds(
  listId: string,
  sourceId: string,
  externalIds: readonly string[],
): string[] {
  return [...externalIds, ...externalIds.map((id) => derivedRecordId(listId, sourceId, id))];
}
