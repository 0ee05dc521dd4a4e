// Any order of a set of integration events, repeats among them and no person between, ends in the same shown state.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shownOf } from '../testing/schedule.ts';
import type { Entry } from './entry.ts';
import { type IntegrationEvent, integrate } from './integration.ts';

const startMs = Date.UTC(2026, 10, 22);

/** What a relay keeps of one record: entries, and per source what it has dealt with. */
function applyAll(events: readonly IntegrationEvent[]): string {
  let entries: Entry[] = [];
  const watermarks = new Map<string, Readonly<Record<string, number>>>();
  for (const event of events) {
    const known = watermarks.get(event.sourceId) ?? {};
    const outcome = integrate(event, { entries, watermarks: known, isSettled: () => false });
    if (outcome.outcome === 'set-aside') continue;
    watermarks.set(event.sourceId, { ...known, ...outcome.watermarks });
    if (outcome.outcome !== 'applied') continue;
    const gone = new Set(outcome.change.remove);
    entries = [...entries.filter((entry) => !gone.has(entry)), ...outcome.change.append];
  }
  return shownOf('r', entries);
}

const eventArbitrary = fc.record({
  sourceId: fc.constantFrom('crm', 'forms'),
  // Within one millisecond of one source the first one heard wins; real events are not that close.
  at: fc.integer({ min: 0, max: 50 }),
  kind: fc.constantFrom('upsert' as const, 'upsert' as const, 'upsert' as const, 'delete' as const),
  fields: fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 0, max: 3 }), { minKeys: 1 }),
  previous: fc.option(fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 0, max: 3 })), {
    nil: undefined,
  }),
});

function toEvents(drawn: readonly (typeof eventArbitrary extends fc.Arbitrary<infer T> ? T : never)[]) {
  const byTime = new Map(drawn.map((event) => [`${event.sourceId} ${event.at}`, event]));
  return [...byTime.values()].map(
    ({ at, previous, ...event }, index): IntegrationEvent => ({
      ...event,
      eventId: `e${index}`,
      recordId: 'r',
      occurredAtMs: startMs + at * 60_000,
      ...(previous === undefined ? {} : { previous }),
    }),
  );
}

const withOrders = (previous: boolean) =>
  fc.array(eventArbitrary, { minLength: 1, maxLength: 7 }).chain((drawn) => {
    const events = toEvents(previous ? drawn : drawn.map((event) => ({ ...event, previous: undefined })));
    const shuffled = fc.shuffledSubarray([...events, ...events], {
      minLength: events.length * 2,
      maxLength: events.length * 2,
    });
    return fc.tuple(fc.constant(events), shuffled);
  });

const runs = 1_500 * Number(process.env.WEDSYNC_SCHEDULES ?? 1);

describe('integration events', () => {
  it('HOOK-2 DOC-R9 DOC-R14 show the same in any order, with repeats: values, state and conflicts', () => {
    fc.assert(
      fc.property(withOrders(false), ([events, shuffled]) => {
        expect(applyAll(shuffled)).toBe(applyAll(events));
      }),
      { numRuns: runs },
    );
  });

  it('HOOK-2 DOC-R9 show the same values in any order also when they name what they replace', () => {
    const values = (events: readonly IntegrationEvent[]) =>
      JSON.stringify((JSON.parse(applyAll(events)) as { values: object }).values);
    fc.assert(
      fc.property(withOrders(true), ([events, shuffled]) => {
        const upserts = (all: readonly IntegrationEvent[]) => all.filter(({ kind }) => kind === 'upsert');
        expect(values(upserts(shuffled))).toBe(values(upserts(events)));
      }),
      { numRuns: runs },
    );
  });
});
