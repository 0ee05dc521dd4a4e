import { createClock, createListDoc, createListIndex, createWriter } from '@wedsync/shared';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { toCacheRow } from './cache-row.ts';
import { CREATED_FIELD, DELETED_FIELD } from './history-row.ts';
import { Mirror } from './mirror.ts';
import { writeOwnRecords } from './own-records.ts';
import { projectionChunks } from './projection-chunks.ts';

const startMs = Date.UTC(2026, 10, 22);

/** A person's device and the log rows it makes. */
function createDevice() {
  const doc = createListDoc();
  const index = createListIndex(doc);
  let nowMs = startMs;
  const clock = createClock({ now: () => nowMs, actor: 1025 });
  const writer = createWriter({ doc, index, clock });
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(update));
  let seq = 0;
  return {
    writer,
    index,
    take(update: Uint8Array) {
      Y.applyUpdate(doc, update);
      updates.length = 0;
    },
    /** What was written since, as the next row. */
    row() {
      nowMs += 1000;
      return { seq: ++seq, update: Y.mergeUpdates(updates.splice(0)), sender: 'ana', storedAtMs: nowMs };
    },
  };
}

const fresh = () => new Mirror({ lineage: 'x', seq: 0, projectedSeq: 0 });

describe('Mirror', () => {
  it('tells what each row did: creations in one row, values that came and went, deletions, restores', () => {
    const [device, mirror] = [createDevice(), fresh()];
    device.writer.create({ venue: 'Hall', status: 'enquiry' }, { id: 'r1' });
    mirror.apply(device.row());
    device.writer.set('r1', { venue: 'Barn' });
    mirror.apply(device.row());
    device.writer.delete(['r1']);
    mirror.apply(device.row());
    device.writer.restore(['r1']);
    mirror.apply(device.row());
    const told = mirror
      .deltas()
      .map(({ history }) =>
        history.map(({ field, value, replacedAt, base }) => [
          field,
          value,
          replacedAt !== undefined,
          base ?? false,
        ]),
      );
    expect(told[0]).toEqual([[CREATED_FIELD, '{"venue":"Hall","status":"enquiry"}', false, false]]);
    expect(told[1]).toEqual([
      ['venue', '"Barn"', false, false],
      ['venue', '"Hall"', true, true],
    ]);
    expect(told[2]).toEqual(
      expect.arrayContaining([
        [DELETED_FIELD, 'true', false, false],
        ['venue', undefined, true, false],
        ['status', '"enquiry"', true, true],
      ]),
    );
    expect(told[3]).toEqual(expect.arrayContaining([[DELETED_FIELD, undefined, true, false]]));
    expect(mirror.seq).toBe(4);
    mirror.projected(3);
    expect(mirror.deltas().map(({ seq }) => seq)).toEqual([4]);
  });

  it('a row that comes again does nothing, and does not make what it did unsaid', () => {
    const [device, mirror] = [createDevice(), fresh()];
    device.writer.create({ venue: 'Hall' }, { id: 'r1' });
    const row = device.row();
    mirror.apply(row);
    mirror.apply(row);
    expect(mirror.deltas()).toHaveLength(1);
    expect(mirror.deltas()[0]?.history).toHaveLength(1);
  });

  it('takes the values of a purged couple out of the history', () => {
    const [device, mirror] = [createDevice(), fresh()];
    device.writer.create({ venue: 'Hall' }, { id: 'r1' });
    mirror.apply(device.row());
    device.writer.purge(['r1']);
    mirror.apply(device.row());
    expect(mirror.deltas()[1]?.history).toContainEqual({ recordId: 'r1', scrub: true });
  });

  it('writes under its own Yjs id where its clock is the one of the database, and nothing otherwise', () => {
    const mirror = fresh();
    const own = { atMs: startMs, meta: [], records: [{ id: 'r1', fields: { venue: 'Hall' } }] };
    const first = mirror.write({ id: 7, clock: 0, sender: 'service' }, () => writeOwnRecords(mirror, own));
    expect(first?.update).toBeDefined();
    expect(
      mirror.write({ id: 7, clock: 0, sender: 'service' }, () => writeOwnRecords(mirror, own)),
    ).toBeUndefined();
    const repeat = mirror.write({ id: 7, clock: first?.clock ?? 0, sender: 'service' }, () =>
      writeOwnRecords(mirror, own),
    );
    expect(repeat).toMatchObject({ update: undefined, clock: first?.clock });
    const other = createListDoc();
    Y.applyUpdate(other, first?.update ?? new Uint8Array());
    expect(createListIndex(other).get('r1')?.values).toEqual({ venue: 'Hall' });
    expect([...Y.decodeStateVector(Y.encodeStateVector(other)).keys()]).toEqual([7]);
  });

  it('an own row between rows of others is told when the log is read to there', () => {
    const [device, mirror] = [createDevice(), fresh()];
    device.writer.create({ venue: 'Hall' }, { id: 'r1' });
    const before = device.row();
    const own = mirror.write({ id: 7, clock: 0, sender: 'service' }, () =>
      writeOwnRecords(mirror, {
        atMs: startMs,
        meta: [],
        records: [{ id: 'r2', fields: { venue: 'Tent' } }],
      }),
    );
    if (own?.update === undefined) throw new Error('nothing was written');
    mirror.committed(own, { seq: 2, storedAtMs: 77 });
    expect(mirror.seq).toBe(0);
    expect(mirror.deltas()).toEqual([]);
    mirror.apply(before);
    mirror.apply({ seq: 2, update: own.update, sender: 'service', storedAtMs: 77 });
    expect(mirror.seq).toBe(2);
    expect(mirror.deltas().map(({ recordIds }) => [...recordIds])).toEqual([['r1'], ['r2']]);
    expect(mirror.deltas()[1]?.history[0]).toMatchObject({ storedAt: 77, sender: 'service' });
  });
});

describe('projectionChunks', () => {
  it('gives every changed record once, as it is now, in pieces, history first', () => {
    const [device, mirror] = [createDevice(), fresh()];
    expect(projectionChunks(mirror)).toBeUndefined();
    device.writer.createMany(
      Array.from({ length: 1600 }, (_, n) => ({ id: `r${n}`, fields: { venue: `v${n}` } })),
    );
    mirror.apply(device.row());
    device.writer.set('r7', { venue: 'Barn' });
    mirror.apply(device.row());
    const step = projectionChunks(mirror);
    expect(step).toMatchObject({ fromSeq: 0, toSeq: 2 });
    const rows = step?.chunks.flatMap(
      (chunk) => JSON.parse(chunk.rows) as { recordId: string; version: number }[],
    );
    const history = step?.chunks.flatMap((chunk) => JSON.parse(chunk.history) as object[]);
    expect(rows).toHaveLength(1600);
    expect(history).toHaveLength(1602);
    expect(rows?.find(({ recordId }) => recordId === 'r7')).toMatchObject({ version: 2, venue: 'Barn' });
    expect(step?.chunks.length).toBeGreaterThan(4);
    mirror.projected(2);
    expect(projectionChunks(mirror)).toBeUndefined();
  });
});

describe('toCacheRow', () => {
  const rowOf = (fields: Record<string, string | boolean | number | null>) => {
    const device = createDevice();
    device.writer.create(fields, { id: 'r1' });
    const view = device.index.get('r1');
    if (view === undefined) throw new Error('no record');
    return toCacheRow(view, 3, 99);
  };

  it('has typed columns beside all values', () => {
    const fields = {
      firstName: 'Zoë',
      weddingDate: '2027-06-12',
      price: '320000 USD',
      'tag:b': true,
      'tag:a': true,
      'tag:c': false,
    };
    expect(rowOf(fields)).toMatchObject({
      recordId: 'r1',
      firstName: 'Zoë',
      lastName: null,
      weddingDate: '2027-06-12',
      priceMinor: 320000,
      priceCurrency: 'USD',
      tags: ['a', 'b'],
      fields,
      conflict: false,
      deletedAt: null,
      version: 3,
    });
  });

  it('never holds what the database cannot store: invalid dates and prices, NUL, half surrogates', () => {
    const row = rowOf({ weddingDate: 'tbd', price: 'much', venue: 'a\0b\ud800', 'x:\0': 'y' });
    expect(row).toMatchObject({ weddingDate: null, priceMinor: null, venue: 'ab\ufffd' });
    expect(rowOf({ weddingDate: '2027-02-30' }).weddingDate).toBeNull();
    expect(JSON.stringify(row)).not.toContain('\\u0000');
  });

  it('a deleted record keeps its row, with when it was deleted', () => {
    const device = createDevice();
    device.writer.create({ venue: 'Hall' }, { id: 'r1' });
    device.writer.delete(['r1']);
    const view = device.index.get('r1');
    expect(view && toCacheRow(view, 5, 99)).toMatchObject({
      deletedAt: 99,
      fields: { venue: 'Hall' },
      conflict: false,
    });
  });
});
