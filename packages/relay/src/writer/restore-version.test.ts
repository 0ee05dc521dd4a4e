import { describe, expect, it } from 'vitest';
import { captureVersion, previewRestore } from './restore-version.ts';
import { openRestorable as open } from './testing/restorable-list.ts';

describe('RELAY-9 restore', () => {
  it('brings values, deleted couples and cleared fields back, and takes later couples away', () => {
    const { writer, index, mirror, sync, restore } = open();
    writer.create({ firstName: 'Maya', venue: 'Hall' }, { id: 'r1' });
    writer.create({ firstName: 'Nora', price: '320000 EUR' }, { id: 'r2' });
    sync();
    const version = captureVersion(mirror);
    expect(version).toMatchObject({ seq: 1, records: 2 });
    writer.set('r1', { venue: 'Barn', phone: '123' });
    writer.set('r2', { price: null });
    writer.delete(['r2']);
    writer.create({ firstName: 'Zoe' }, { id: 'r3' });
    sync();
    const expected = { changed: 1, broughtBack: 1, removed: 1, leftOut: 0 };
    expect(previewRestore(mirror, version.content)).toEqual(expected);
    expect(restore(version.content)).toEqual(expected);
    expect([...index.ids()].sort()).toEqual(['r1', 'r2']);
    expect(index.get('r1')?.values).toMatchObject({ venue: 'Hall', phone: null });
    expect(index.get('r2')?.values.price).toBe('320000 EUR');
    expect(index.get('r2')?.state).toBe('alive');
    expect([...index.trash()]).toEqual(['r3']);
  });

  it('HOOK-7 who was forgotten or deleted for good stays away', () => {
    const { writer, index, mirror, sync, restore } = open();
    for (const id of ['r1', 'r2']) writer.create({ firstName: 'Maya' }, { id });
    sync();
    const { content } = captureVersion(mirror);
    writer.erase(['r1']);
    writer.delete(['r2']);
    writer.purge(['r2']);
    sync();
    expect(restore(content)).toEqual({ changed: 0, broughtBack: 0, removed: 0, leftOut: 2 });
    expect([...index.ids()]).toEqual([]);
  });

  it('an edit that comes meanwhile from a device that was offline is in conflict, not lost', () => {
    const { writer, index, mirror, sync, restore } = open();
    writer.create({ firstName: 'Maya', venue: 'Hall' }, { id: 'r1' });
    sync();
    const { content } = captureVersion(mirror);
    writer.set('r1', { venue: 'Barn' });
    sync();
    writer.set('r1', { venue: 'Chapel' });
    restore(content);
    const values = index.get('r1')?.conflicts.venue?.map(({ value }) => value);
    expect(values?.toSorted()).toEqual(['Chapel', 'Hall']);
  });
});
