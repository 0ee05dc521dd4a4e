// HOOK-2, HOOK-3: any order of a set of integration events, repeats included, ends in the same shown state, as long as
// no person writes in between. What SQL remembers between batches is kept in plain maps here.
import { createRandom, type Random } from '@wedsync/shared/testing';
import { describe, expect, it } from 'vitest';
import type { EventBatch, EventContext, EventResult, SourceEvent } from './event.ts';
import { integrateEvents } from './integrate-events.ts';
import { Mirror } from './mirror.ts';
import { writeOwnRecords } from './own-records.ts';

const listId = `l_${'x'.repeat(22)}`;
const startMs = Date.UTC(2026, 10, 22);
const hourMs = 3_600_000;
const sources = ['src_a', 'src_b'] as const;

type SourceId = (typeof sources)[number];
type Arrival = { source: SourceId; event: SourceEvent };

/** One relay with its tables. With `isShared` the sources know the couples by the list's own ids. */
class World {
  readonly mirror = new Mirror({ lineage: 'x', seq: 0, projectedSeq: 0 });
  #clock = 0;
  #seq = 0;
  readonly #links = new Map<SourceId, Record<string, string>>(sources.map((id) => [id, {}]));
  readonly #watermarks = new Map<SourceId, [string, string, number][]>(sources.map((id) => [id, []]));
  readonly #stored: [string, string, number, number, number][] = [];

  constructor(isShared: boolean) {
    if (!isShared) return;
    const records = ['ext1', 'ext2'].map((id) => ({ id, fields: { firstName: id } }));
    const own = this.mirror.write({ id: 7, clock: 0, sender: 'service' }, () =>
      writeOwnRecords(this.mirror, { atMs: startMs - 900 * hourMs, meta: [], records }),
    );
    this.#clock = own?.clock ?? 0;
  }

  deliver(source: SourceId, events: readonly SourceEvent[], atMs: number): readonly EventResult[] {
    const context: EventContext = {
      links: this.#links.get(source) ?? {},
      watermarks: this.#watermarks.get(source) ?? [],
      stored: this.#stored,
    };
    const batch: EventBatch = {
      listId,
      source: { id: source, name: source, settleMs: 24 * hourMs },
      events,
      context,
    };
    let results: readonly EventResult[] = [];
    const own = this.mirror.write({ id: 7, clock: this.#clock, sender: source }, () => {
      results = integrateEvents(this.mirror, batch);
    });
    if (own === undefined) throw new Error('the clock does not match');
    this.#clock = own.clock;
    if (own.update !== undefined) this.mirror.committed(own, { seq: ++this.#seq, storedAtMs: atMs });
    for (const result of results) {
      if (result.recordId === null) continue;
      if (result.externalId !== null)
        this.#links.set(source, { ...this.#links.get(source), [result.externalId]: result.recordId });
      for (const [field, hlc] of Object.entries(result.watermarks))
        this.#watermarks.get(source)?.push([result.recordId, field, hlc]);
    }
    for (const { recordId, field, hlc, actor, replacedAt } of own.history)
      if (replacedAt === undefined && field !== undefined && hlc !== undefined && actor !== undefined)
        this.#stored.push([recordId, field, hlc, actor, atMs]);
    return results;
  }

  shown(): Record<string, unknown> {
    return Object.fromEntries(
      [...this.mirror.index.ids()].sort().map((id) => [id, { ...this.mirror.index.get(id)?.values }]),
    );
  }
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  const rest = [...items];
  const order: T[] = [];
  while (rest.length > 0) order.push(...rest.splice(random.int(rest.length), 1));
  return order;
}

function randomEvents(random: Random, count: number, from: readonly SourceId[], deletes: number): Arrival[] {
  const values = ['one', 'two', 'three'];
  return Array.from({ length: count }, (_, n) => {
    const kind = random.chance(deletes) ? ('delete' as const) : ('upsert' as const);
    const fields: Record<string, string> = {};
    if (kind === 'upsert') {
      for (const field of ['status', 'venue', 'email'])
        if (random.chance(0.5)) fields[field] = random.pick(values);
    }
    const previous = random.chance(0.3) ? { previous: { status: random.pick(values) } } : {};
    const occurredAtMs = startMs + random.int(6) * 30 * hourMs;
    return {
      source: random.pick(from),
      event: {
        id: n,
        event: kind,
        eventKey: `msg_${n}`,
        occurredAtMs,
        kind,
        externalId: random.pick(['ext1', 'ext2']),
        fields,
        ...previous,
      },
    };
  });
}

/** Delivers in some order, in batches of one or more, some of it twice. */
function run(arrivals: readonly Arrival[], random: Random, isShared: boolean): World {
  const world = new World(isShared);
  let nowMs = startMs + 10 * 24 * hourMs;
  const queue = shuffled([...arrivals, ...arrivals.filter(() => random.chance(0.3))], random);
  while (queue.length > 0) {
    const source = queue[0]?.source ?? 'src_a';
    const change = queue.findIndex((arrival) => arrival.source !== source);
    const size = Math.min(1 + random.int(3), change < 0 ? queue.length : change);
    const events = queue.splice(0, size).map((arrival) => arrival.event);
    world.deliver(source, events, nowMs);
    nowMs += random.int(3) * 20 * hourMs;
  }
  return world;
}

describe('HOOK-2 any order of events', () => {
  it.each([
    ['one source', ['src_a'] as const, false],
    ['two sources, couples of their own', sources, false],
    ['two sources about the same couples', sources, true],
  ])('ends in the same shown state: %s', (_, from, isShared) => {
    for (let seed = 1; seed <= 25; seed++) {
      const random = createRandom(seed);
      const arrivals = randomEvents(random, 2 + random.int(5), from, isShared ? 0 : 0.2);
      const first = run(arrivals, random, isShared).shown();
      for (let order = 0; order < 3; order++)
        expect(run(arrivals, random, isShared).shown(), `seed ${seed} ${JSON.stringify(arrivals)}`).toEqual(
          first,
        );
    }
  });
});
