// What an external system's event may do to a record, rule by rule.
import { describe, expect, it } from 'vitest';
import { createChange, removeChange, setChange } from './change.ts';
import { actorOf, hlcFromMs } from './clock.ts';
import type { Entry, Fields, Stamp } from './entry.ts';
import {
  derivedRecordId,
  type IntegrationContext,
  type IntegrationEvent,
  type IntegrationOutcome,
  integrate,
} from './integration.ts';
import { viewOf } from './live.ts';

const startMs = Date.UTC(2026, 10, 22);
const hourMs = 3_600_000;
const person = (hours: number): Stamp => ({ hlc: hlcFromMs(startMs + hours * hourMs), actor: actorOf(7, 1) });
const couple = createChange('r', { venue: 'Mill', price: '1 EUR' }, person(0)).append;

function upsert(hours: number, fields: Fields, rest: Partial<IntegrationEvent> = {}): IntegrationEvent {
  return {
    sourceId: 'crm',
    eventId: `e${hours}`,
    occurredAtMs: startMs + hours * hourMs,
    kind: 'upsert',
    recordId: 'r',
    fields,
    ...rest,
  };
}

function apply(
  event: IntegrationEvent,
  entries: readonly Entry[],
  rest: Partial<IntegrationContext> = {},
): { outcome: IntegrationOutcome; entries: readonly Entry[] } {
  const outcome = integrate(event, { entries, watermarks: {}, isSettled: () => false, ...rest });
  if (outcome.outcome !== 'applied') return { outcome, entries };
  const gone = new Set(outcome.change.remove);
  return { outcome, entries: [...entries.filter((entry) => !gone.has(entry)), ...outcome.change.append] };
}

const values = (entries: readonly Entry[], field = 'venue') =>
  viewOf('r', entries).conflicts[field]?.map(({ value }) => value) ?? [viewOf('r', entries).values[field]];

describe('what an integration may overwrite', () => {
  it('DOC-R9 a fresh edit of a person stays as a sibling, newer and older', () => {
    expect(values(apply(upsert(1, { venue: 'Barn' }), couple).entries)).toEqual(['Barn', 'Mill']);
    expect(values(apply(upsert(-1, { venue: 'Barn' }), couple).entries)).toEqual(['Mill', 'Barn']);
  });

  it('DOC-R9 its own entries, settled ones and the value it says it replaces go', () => {
    const own = apply(upsert(1, { venue: 'Barn' }), []).entries;
    expect(values(apply(upsert(2, { venue: 'Alm' }), own).entries)).toEqual(['Alm']);
    const settled = apply(upsert(1, { venue: 'Barn' }), couple, { isSettled: () => true });
    expect(values(settled.entries)).toEqual(['Barn']);
    expect(settled.outcome).toMatchObject({ fields: ['venue'], replaced: [{ value: 'Mill' }] });
    const named = upsert(1, { venue: 'Barn' }, { previous: { venue: 'Mill' } });
    expect(values(apply(named, couple).entries)).toEqual(['Barn']);
    // An edit made after the event cannot be what the event replaced.
    const later = setChange('r', couple, { fields: { venue: 'Mill' }, stamp: person(5) });
    const entries = [...couple, ...later.append];
    expect(values(apply(named, entries).entries)).toEqual(['Mill', 'Barn']);
  });

  it('HOOK-2 DOC-R9 a repeat and an older event of the same source change nothing', () => {
    const first = apply(upsert(2, { venue: 'Barn' }), couple);
    expect(first.outcome.outcome).toBe('applied');
    const { watermarks } = first.outcome as { watermarks: Record<string, number> };
    const edited = setChange('r', first.entries, { fields: { venue: 'Hall' }, stamp: person(3) });
    const entries = [...couple, ...edited.append];
    for (const hours of [2, 1]) {
      const again = apply(upsert(hours, { venue: 'Barn' }), entries, { watermarks });
      expect(again.outcome).toMatchObject({ outcome: 'nothing', reason: 'older' });
    }
    expect(apply(upsert(4, { constructor: 'x' }), entries, { watermarks }).outcome.outcome).toBe('applied');
  });
});

describe('deletions', () => {
  const deletion = (hours: number) => upsert(hours, {}, { kind: 'delete' });

  it('DOC-R11 DOC-R12 an integration’s deletion leaves what it cannot have known: deleted and edited', () => {
    const { entries } = apply(deletion(1), couple);
    expect(viewOf('r', entries)).toMatchObject({ state: 'edit-delete', values: { venue: 'Mill' } });
    const own = apply(upsert(0, { venue: 'Barn' }), []).entries;
    expect(viewOf('r', apply(deletion(1), own).entries)).toMatchObject({
      state: 'trashed',
      values: { venue: 'Barn' },
    });
  });

  it('HOOK-2 DOC-R14 a deletion heard of before the couple keeps it in the trash, with its values', () => {
    const deleted = apply(deletion(2), []);
    expect(viewOf('r', deleted.entries)).toMatchObject({ state: 'trashed', isPurged: true });
    const { watermarks } = deleted.outcome as { watermarks: Record<string, number> };
    const late = apply(upsert(1, { venue: 'Barn' }), deleted.entries, { watermarks });
    expect(viewOf('r', late.entries)).toMatchObject({ state: 'trashed', values: { venue: 'Barn' } });
    const newer = apply(upsert(3, { venue: 'Alm' }), late.entries, { watermarks });
    expect(viewOf('r', newer.entries)).toMatchObject({ state: 'edit-delete', values: { venue: 'Alm' } });
  });

  it('DOC-R14 an event older than a person’s deletion is set aside, a newer one is shown', () => {
    const tomb = removeChange('r', couple, { stamp: person(2), kind: 'delete' }).append;
    expect(apply(upsert(1, { venue: 'Barn' }), tomb).outcome).toMatchObject({ reason: 'deleted-later' });
    expect(viewOf('r', apply(upsert(3, { venue: 'Barn' }), tomb).entries).state).toBe('edit-delete');
  });

  it('DOC-R13 nothing comes back of what was erased', () => {
    const tomb = removeChange('r', couple, { stamp: person(2), kind: 'erase' }).append;
    expect(apply(upsert(3, { venue: 'Barn' }), tomb).outcome).toEqual({
      outcome: 'set-aside',
      reason: 'erased',
    });
  });
});

it('DOC-R10 the id of an integration’s couple follows from list, source and external id', () => {
  expect(derivedRecordId('list', 'crm', '42')).toMatch(/^[A-Za-z0-9_-]{22}$/);
  expect(derivedRecordId('list', 'crm', '42')).toBe(derivedRecordId('list', 'crm', '42'));
  expect(derivedRecordId('list', 'crm', '43')).not.toBe(derivedRecordId('list', 'crm', '42'));
});
