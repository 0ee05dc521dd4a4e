// Migrations with steps that were never shipped: from two formats below this one.
import { describe, expect, it } from 'vitest';
import { createListPeer, type ListPeer, syncPeers } from '../testing/list-peer.ts';
import { FORMAT_FIELD, formatOf } from './format.ts';
import { FORMAT } from './layout.ts';
import { MIGRATIONS, type MigrationStep, migrate, upgradeRecords } from './migrate.ts';

/** Two formats ago a venue was called `place`; one format ago its price had no currency. */
const steps: readonly MigrationStep[] = [
  {
    to: FORMAT - 1,
    upgrade: ({ values, conflicts }) =>
      values.place == null || conflicts.place !== undefined
        ? undefined
        : { venue: values.place, place: null },
  },
  {
    to: FORMAT,
    upgrade: ({ values }) =>
      typeof values.price === 'number' ? { price: `${values.price * 100} EUR` } : undefined,
  },
];

function openOldList(): [ListPeer, ListPeer, ListPeer] {
  const [old, a, b] = [createListPeer(1), createListPeer(2), createListPeer(3)];
  old.writer.setMeta('list', { name: 'Ours', [FORMAT_FIELD]: FORMAT - 2 });
  old.writer.create({ place: 'Mill', price: 3200 }, { id: 'anna' });
  old.writer.create({ place: 'Barn' }, { id: 'bela' });
  old.writer.delete(['bela']);
  syncPeers(old, a, b);
  return [old, a, b];
}

const migrateAt = ({ index, writer }: ListPeer) => migrate({ index, writer, steps });
const valuesOf = (peer: ListPeer, id: string) => peer.index.get(id)?.values;
const upgraded = { venue: 'Mill', place: null, price: '320000 EUR' };

describe('DOC-9 migrations', () => {
  it('bring a document over two formats, and a second run writes nothing', () => {
    const [, a] = openOldList();
    expect(migrateAt(a)).toHaveLength(3);
    expect(valuesOf(a, 'anna')).toEqual(upgraded);
    expect(formatOf(a.index)).toBe(FORMAT);
    expect(migrateAt(a)).toEqual([]);
  });

  it('run by two devices at once agree', () => {
    const [old, a, b] = openOldList();
    for (const peer of [a, b]) migrateAt(peer);
    syncPeers(old, a, b);
    for (const peer of [old, a, b]) {
      expect(valuesOf(peer, 'anna')).toEqual(upgraded);
      expect(peer.index.get('anna')?.conflicts).toEqual({});
      expect(formatOf(peer.index)).toBe(FORMAT);
    }
  });

  it('what a device two versions behind wrote offline is upgraded when it arrives, and nothing is lost', () => {
    const [old, a] = openOldList();
    migrateAt(a);
    old.writer.set('anna', { place: 'Castle', phone: '1' });
    old.writer.create({ place: 'Loft', price: 10 }, { id: 'chris' });
    syncPeers(old, a);
    expect(upgradeRecords(['anna', 'chris'], { index: a.index, writer: a.writer, steps })).toHaveLength(2);
    expect(valuesOf(a, 'chris')).toEqual({ venue: 'Loft', place: null, price: '1000 EUR' });
    // The migration cleared the old field while it was edited: a person decides.
    expect(a.index.get('anna')?.conflicts.place?.map(({ value }) => value)).toContain('Castle');
    a.writer.set('anna', { place: 'Castle' });
    upgradeRecords(['anna'], { index: a.index, writer: a.writer, steps });
    expect(valuesOf(a, 'anna')).toEqual({ ...upgraded, venue: 'Castle', phone: '1' });
  });

  it('a deleted record is upgraded once it is restored', () => {
    const [, a] = openOldList();
    migrateAt(a);
    expect(valuesOf(a, 'bela')).toEqual({ place: 'Barn' });
    a.writer.restore(['bela']);
    upgradeRecords(['bela'], { index: a.index, writer: a.writer, steps });
    expect(valuesOf(a, 'bela')).toEqual({ venue: 'Barn', place: null });
  });

  it('leave a document of a newer app alone', () => {
    const [old, a] = openOldList();
    old.writer.setMeta('list', { [FORMAT_FIELD]: FORMAT + 1 });
    syncPeers(old, a);
    expect(migrateAt(a)).toEqual([]);
    expect(upgradeRecords(['anna'], { index: a.index, writer: a.writer, steps })).toEqual([]);
  });

  it('are in order, and end at the format of this app', () => {
    const formats = MIGRATIONS.map(({ to }) => to);
    expect(formats).toEqual([...formats].sort((x, y) => x - y));
    expect(formats.at(-1) ?? FORMAT).toBe(FORMAT);
  });
});
