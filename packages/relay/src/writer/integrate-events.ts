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
  mergeChain,
  removeChange,
  shardName,
  shardOf,
} from '@wedsync/shared';
import type { EventBatch, EventResult, SourceEvent } from './event.ts';
import { Knowledge } from './knowledge.ts';
import type { Mirror } from './mirror.ts';

/** External ids beyond this stay in the links table alone. */
const MAX_REGISTER_LENGTH = 256;

/** The record that an id was given for. A system that was filled from this list may use our own ids. */
export function recordIdOf(
  mirror: Mirror,
  batch: EventBatch,
  known: Knowledge,
  ids: readonly [string, ...string[]],
): string {
  const linked = ids.map((id) => known.links.get(id)).find((id) => id !== undefined);
  if (linked !== undefined) return linked;
  const own = ids.find((id) => mirror.index.entriesOf(id).length > 0);
  if (own !== undefined) return own;
  const derived = ids.map((id) => derivedRecordId(batch.listId, batch.source.id, id));
  return derived.find((id) => mirror.index.entriesOf(id).length > 0) ?? derived[0] ?? '';
}

/** The couple that an id means: where a person has merged its record into another one, that one. */
function coupleOf(
  mirror: Mirror,
  batch: EventBatch,
  known: Knowledge,
  ids: readonly [string, ...string[]],
): string {
  const recordId = recordIdOf(mirror, batch, known, ids);
  return mergeChain(mirror.index, recordId).at(-1) ?? recordId;
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
  known: Knowledge,
  event: SourceEvent & { readonly kind: 'upsert' | 'delete' },
  recordId: string,
): IntegrationEvent {
  const extField = `ext:${batch.source.id}`;
  const view = mirror.index.get(recordId);
  const ownId = view?.stamps[extField] === undefined ? undefined : view.values[extField];
  // Two of this source's couples that a person has merged: the id that is there stays.
  const isFollowed = (known.links.get(event.externalId) ?? recordId) !== recordId;
  const isLinked = ownId === event.externalId || (isFollowed && typeof ownId === 'string');
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

/** Writes one event to a record that is known; `kind` is what DOCUMENT knows. */
function applyTo(
  mirror: Mirror,
  batch: EventBatch,
  known: Knowledge,
  event: SourceEvent & { readonly kind: 'upsert' | 'delete' },
  recordId: string,
): EventResult {
  const settledBefore = event.occurredAtMs - batch.source.settleMs;
  const outcome = integrate(toIntegrationEvent(mirror, batch, known, event, recordId), {
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
  if (result.externalId !== null && !known.links.has(result.externalId))
    known.links.set(result.externalId, recordId);
  return result;
}

/**
 * Rule 13: the couple goes for good, under whichever id it is known, and so do later words about it; what it was merged
 * into holds its values too.
 */
function erase(mirror: Mirror, batch: EventBatch, event: SourceEvent, firstId: string): EventResult {
  const { sourceId, eventKey } = { sourceId: batch.source.id, eventKey: event.eventKey };
  const stamp = integrationStamp({ sourceId, eventId: eventKey, occurredAtMs: event.occurredAtMs });
  // The derived id too: without its link a later word would make the couple again.
  const derived = derivedRecordId(batch.listId, sourceId, event.externalId);
  const chain = mergeChain(mirror.index, firstId);
  const recordId = chain.at(-1) ?? firstId;
  mirror.doc.transact(() => {
    introduce(mirror, batch, event);
    for (const id of new Set([...chain, derived])) {
      const entries = mirror.index.entriesOf(id);
      applyChange(
        mirror.doc.getArray(shardName(shardOf(id))),
        removeChange(id, entries, { stamp, kind: 'erase' }),
      );
    }
  });
  const { id, event: name } = event;
  const result = {
    id,
    event: name,
    recordId,
    externalId: null,
    watermarks: {},
    fields: [],
    reason: null,
  } as const;
  const mergedRecords = Object.fromEntries(chain.slice(0, -1).map((id) => [id, recordId]));
  return { ...result, state: 'applied', erased: true, mergedRecords };
}

/** Fields of a couple that belong to it alone, and not to the one that it is merged into. */
const OWN_FIELD = /^(?:ext:|note:|createdAt$)/;

/** What only the losing couple said goes over to the one that stays; then it is deleted, as far as the event may. */
function merge(
  mirror: Mirror,
  batch: EventBatch,
  known: Knowledge,
  event: SourceEvent,
  recordId: string,
): EventResult {
  const merged = (event.mergedIds ?? []).map((id) => [id, coupleOf(mirror, batch, known, [id])] as const);
  const losers = [...new Set(merged.map(([, id]) => id))].filter(
    (id) => id !== recordId && mirror.index.get(id)?.state === 'alive',
  );
  const touched = new Set<string>();
  for (const loser of losers) {
    const stands = mirror.index.get(recordId)?.values ?? {};
    const values = Object.entries(mirror.index.get(loser)?.values ?? {}).filter(
      ([field, value]) => !OWN_FIELD.test(field) && value !== null && (stands[field] ?? null) === null,
    );
    const moved = applyTo(
      mirror,
      batch,
      known,
      { ...event, kind: 'upsert', fields: Object.fromEntries(values) },
      recordId,
    );
    for (const field of moved.fields) touched.add(field);
    applyTo(mirror, batch, known, { ...event, kind: 'delete', fields: {} }, loser);
  }
  const links = Object.fromEntries([
    [event.externalId, recordId],
    ...merged.map(([id]) => [id, recordId] as const),
  ]);
  for (const [id, record] of Object.entries(links)) known.links.set(id, record);
  return {
    id: event.id,
    event: event.event,
    recordId,
    externalId: event.externalId,
    state: 'applied',
    reason: null,
    fields: [...touched],
    watermarks: known.watermarks(recordId),
    links,
    mergedRecords: Object.fromEntries(losers.map((id) => [id, recordId])),
  };
}

/**
 * Writes to where the couple lives. The link stays with the record that it was made for: when the merge is taken back,
 * its events are its own again.
 */
function update(
  mirror: Mirror,
  batch: EventBatch,
  known: Knowledge,
  event: SourceEvent & { readonly kind: 'upsert' },
  recordId: string,
): EventResult {
  const survivor = mergeChain(mirror.index, recordId).at(-1) ?? recordId;
  if (survivor === recordId) return applyTo(mirror, batch, known, event, recordId);
  known.links.set(event.externalId, recordId);
  const result = applyTo(mirror, batch, known, event, survivor);
  return result.externalId === null ? result : { ...result, links: { [event.externalId]: recordId } };
}

function applyEvent(mirror: Mirror, batch: EventBatch, known: Knowledge, event: SourceEvent): EventResult {
  const { externalId, aliases = [], kind } = event;
  const recordId = recordIdOf(mirror, batch, known, [externalId, ...aliases]);
  switch (kind) {
    case 'erase':
      return erase(mirror, batch, event, recordId);
    case 'merge':
      return merge(mirror, batch, known, event, mergeChain(mirror.index, recordId).at(-1) ?? recordId);
    case 'detach': {
      const isOwn = recordId === derivedRecordId(batch.listId, batch.source.id, externalId);
      if (isOwn && mirror.index.entriesOf(recordId).length > 0)
        return applyTo(mirror, batch, known, { ...event, kind: 'delete' }, recordId);
      const { id, event: name } = event;
      const nothing = { fields: [], watermarks: {}, externalId: null } as const;
      return { id, event: name, recordId: null, state: 'ignored', reason: 'not-ours', ...nothing };
    }
    // The source's own copy went when the two were merged; the couple that stayed is not the source's to delete.
    case 'delete':
      return applyTo(mirror, batch, known, { ...event, kind }, recordId);
    case 'upsert':
      return update(mirror, batch, known, { ...event, kind }, recordId);
  }
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
